# Contain oneself.
# source: kernel interface
# expect: repr
# without the fence: same
# ruff: noqa

def attack(world):
    value = [1]
    value.append(value)
    return value
