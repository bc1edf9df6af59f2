# Ask the kernel to execute with the number alone.
# source: syscall(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    number = {"x86_64": 59, "aarch64": 221}[__import__("os").uname().machine]
    arguments = (ctypes.c_char_p * 2)(b"sh", None)
    ctypes.CDLL(None).syscall(number, b"/bin/sh", arguments, None)
