# Take it in one piece.
# source: everruns/bashkit#2298 (a memory limit that no longer counted)
# expect: status memory
# without the fence: unsafe
# ruff: noqa

def attack(world):
    return len(bytearray(10**12))
