# Return a dict that looks like one of our tags.
# source: protocol forgery
# expect: value {"$date": "; rm -rf"}
# without the fence: same
# ruff: noqa

def attack(world):
    return {"$date": "; rm -rf"}
