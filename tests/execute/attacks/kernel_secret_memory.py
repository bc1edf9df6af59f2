# Hide memory from the kernel itself.
# source: memfd_secret(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    handle = ctypes.CDLL(None).syscall(447, 0)
    return "ESCAPED" if handle >= 0 else None
