# Nest deeper than any parser likes.
# source: pydantic/monty#112 (nesting that crashes the host)
# expect: repr
# without the fence: same
# ruff: noqa

def attack(world):
    value = []
    for _ in range(100_000):
        value = [value]
    return value
