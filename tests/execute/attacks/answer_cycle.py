# Contain oneself.
# source: Python's json: a circular reference ends in "a RecursionError (or worse)"
# expect: repr
# without the fence: same
# ruff: noqa

def attack(world):
    value = [1]
    value.append(value)
    return value
