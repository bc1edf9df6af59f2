# Find out what two processes share.
# source: kcmp(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 312, "aarch64": 272}[os.uname().machine]
    answer = ctypes.CDLL(None).syscall(number, os.getpid(), world["pid"], 2, 0, 0)
    return "ESCAPED" if answer >= 0 else None
