# Fork with the raw clone call.
# source: clone(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    pid = ctypes.CDLL(None).syscall(number, 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return f"ESCAPED {pid}" if pid > 0 else None
