# Return something endless.
# source: denial of service
# expect: status output
# without the fence: unsafe
# ruff: noqa

def attack(world):
    import itertools

    return itertools.count()
