# Overflow the stack of C.
# source: pydantic/monty#112 (nesting that ends the process)
# expect: status killed|error|memory|timeout
# without the fence: ends
# ruff: noqa

def attack(world):
    import sys

    sys.setrecursionlimit(10**9)
    value = None
    for _ in range(10**6):
        value = [value]
    return repr(value)
