# Recurse for ever.
# source: pydantic/monty#419 (the one limit it had: recursion)
# expect: status error
# without the fence: same
# ruff: noqa

def attack(world):
    return attack(world)
