# Take all memory.
# source: denial of service
# expect: status memory
# without the fence: unsafe
# ruff: noqa

def attack(world):
    return len([bytearray(10**7) for _ in range(10**6)])
