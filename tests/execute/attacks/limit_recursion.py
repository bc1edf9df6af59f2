# Recurse for ever.
# source: denial of service
# expect: status error
# without the fence: unsafe
# ruff: noqa

def attack(world):
    return attack(world)
