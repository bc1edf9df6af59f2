# Return something endless.
# source: itertools.count: json and list() never end on it
# expect: status output
# without the fence: unsafe
# ruff: noqa

def attack(world):
    import itertools

    return itertools.count()
