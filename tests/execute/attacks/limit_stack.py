# Overflow the stack of C.
# source: denial of service
# expect: status killed|error|memory|timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    import sys

    sys.setrecursionlimit(10**9)
    value = None
    for _ in range(10**6):
        value = [value]
    return repr(value)
