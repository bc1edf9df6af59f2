# Return something endless.
# source: Python's itertools: whoever lists count() never ends
# expect: status output
# without the fence: exceeds memory
# ruff: noqa

def attack(world):
    import itertools

    return itertools.count()
