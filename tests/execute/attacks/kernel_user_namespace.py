# Become root in a namespace of one's own.
# source: user_namespaces(7); Linux CVE-2022-0185
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    return "ESCAPED" if ctypes.CDLL(None).unshare(0x10000000) == 0 else None
