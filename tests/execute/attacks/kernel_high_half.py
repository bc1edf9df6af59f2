# Hide a flag in the half of an argument that a filter does not read.
# source: firedancer-io/firedancer#9172 (filters that check 32 bits of 64)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    call = ctypes.CDLL(None).syscall
    call.argtypes = [ctypes.c_long] * 6
    for flags in (1 << 32 | 17, 0x3D0F00 << 32 | 17):
        pid = call(number, flags, 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            return "ESCAPED"
