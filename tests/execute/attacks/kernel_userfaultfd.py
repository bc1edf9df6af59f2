# Stop the kernel half way.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 323, "aarch64": 282}[os.uname().machine]
    return "ESCAPED" if ctypes.CDLL(None).syscall(number, 1) >= 0 else None
