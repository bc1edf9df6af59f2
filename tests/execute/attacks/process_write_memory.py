# Write into the parent's memory with process_vm_writev.
# source: process_vm_writev(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 311, "aarch64": 271}[os.uname().machine]
    shared = id(None)  # lies at one place in both, and the same byte is written
    vector = (ctypes.c_uint64 * 2)(shared + 8, 8)
    answer = ctypes.CDLL(None).syscall(
        number, os.getppid(), ctypes.byref(vector), 1, ctypes.byref(vector), 1, 0
    )
    return "ESCAPED" if answer > 0 else None
