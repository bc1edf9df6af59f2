# Return a dict that looks like one of our tags.
# source: protocol forgery: a value in the form of the protocol's own tags
# expect: value {"$date": "; rm -rf"}
# without the fence: same
# ruff: noqa

def attack(world):
    return {"$date": "; rm -rf"}
