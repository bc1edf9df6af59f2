# Signal one thread of another process.
# source: tgkill(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 234, "aarch64": 131}[os.uname().machine]
    answer = ctypes.CDLL(None).syscall(number, world["pid"], world["pid"], 0)
    return "ESCAPED" if answer == 0 else None
