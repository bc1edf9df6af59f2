# Slow another process's disk down.
# source: ioprio_set(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 251, "aarch64": 30}[os.uname().machine]
    answer = ctypes.CDLL(None).syscall(number, 1, world["pid"], 2 << 13 | 7)
    return "ESCAPED" if answer == 0 else None
