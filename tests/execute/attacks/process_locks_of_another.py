# Read an address in another process.
# source: get_robust_list(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 274, "aarch64": 100}[os.uname().machine]
    head, size = ctypes.c_uint64(), ctypes.c_uint64()
    answer = ctypes.CDLL(None).syscall(
        number, world["pid"], ctypes.byref(head), ctypes.byref(size)
    )
    return f"ESCAPED {head.value:x}" if answer == 0 else None
