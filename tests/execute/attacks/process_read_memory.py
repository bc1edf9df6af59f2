# Copy the parent's memory with process_vm_readv.
# source: process_vm_readv(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 310, "aarch64": 270}[os.uname().machine]
    buffer = ctypes.create_string_buffer(8)
    local = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 8)
    remote = (ctypes.c_uint64 * 2)(id(buffer), 8)
    got = ctypes.CDLL(None).syscall(
        number, os.getppid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0
    )
    return "ESCAPED" if got > 0 else None
