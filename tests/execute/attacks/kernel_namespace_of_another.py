# Enter another process's namespaces.
# source: setns(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    handle = os.pidfd_open(world["pid"])
    return "ESCAPED" if ctypes.CDLL(None).setns(handle, 0x08000000) == 0 else None
