# Become root in a namespace of one's own.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import ctypes

def attack(world):
    return "ESCAPED" if ctypes.CDLL(None).unshare(0x10000000) == 0 else None
