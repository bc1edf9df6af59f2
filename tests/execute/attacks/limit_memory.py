# Take all memory.
# source: pydantic/monty#419 (a one-line program takes the host's memory)
# expect: status memory
# without the fence: exceeds memory
# ruff: noqa

def attack(world):
    return len([bytearray(10**7) for _ in range(10**6)])
