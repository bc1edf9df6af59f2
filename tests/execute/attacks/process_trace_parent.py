# Attach a debugger to the warmed process.
# source: ptrace(2); Linux CVE-2019-13272
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0:
        return "ESCAPED"
