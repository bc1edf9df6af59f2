# Take it in one piece.
# source: everruns/bashkit#2298 (a memory limit that no longer counted)
# expect: status memory
# without the fence: exceeds memory
# ruff: noqa

def attack(world):
    return len(bytearray(4 * 10**8))
