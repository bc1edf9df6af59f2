# Live on when the worker ends.
# source: prctl(2), PR_SET_PDEATHSIG
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes

def attack(world):
    return "ESCAPED" if ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0 else None
