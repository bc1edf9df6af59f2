# Make a table for a program in the kernel.
# source: bpf(2); Linux CVE-2021-3490
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
    attributes = (ctypes.c_uint32 * 32)(2, 4, 8, 1)  # an array of one entry
    handle = ctypes.CDLL(None).syscall(number, 0, ctypes.byref(attributes), 128)
    return "ESCAPED" if handle >= 0 else None
