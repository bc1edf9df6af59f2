# Attach a debugger to the warmed process.
# source: kernel interface
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0:
        return "ESCAPED"
