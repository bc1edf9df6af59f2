# Leave a message in System V shared memory.
# source: shmget(2); what is left stays, see sysvipc(7)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes

def attack(world):
    handle = ctypes.CDLL(None).shmget(0, 4096, 0o1600)
    if handle >= 0:
        ctypes.CDLL(None).shmctl(handle, 0, None)
        return "ESCAPED"
