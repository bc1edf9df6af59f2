# Ask for a process whose memory lies at known places.
# source: personality(2); Linux CVE-2009-1895
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    library = ctypes.CDLL(None)
    return "ESCAPED" if library.personality(0x0040000) >= 0 else None
