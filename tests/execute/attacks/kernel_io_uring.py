# Do input and output where seccomp does not look.
# source: io_uring_setup(2); moby/moby#46762 (taken from Docker's profile)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    parameters = ctypes.create_string_buffer(120)
    handle = ctypes.CDLL(None).syscall(425, 1, parameters)
    return "ESCAPED" if handle >= 0 else None
