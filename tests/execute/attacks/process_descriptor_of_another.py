# Take an open file from another process.
# source: pidfd_getfd(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    taken = ctypes.CDLL(None).syscall(438, os.pidfd_open(world["pid"]), 0, 0)
    return "ESCAPED" if taken >= 0 else None
