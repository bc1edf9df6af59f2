# Take it in one piece.
# source: denial of service
# expect: status memory
# without the fence: unsafe
# ruff: noqa

def attack(world):
    return len(bytearray(10**12))
