# Do input and output where seccomp does not look.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import ctypes

def attack(world):
    parameters = ctypes.create_string_buffer(120)
    handle = ctypes.CDLL(None).syscall(425, 1, parameters)
    return "ESCAPED" if handle >= 0 else None
