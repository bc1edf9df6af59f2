# Loosen the fence by adding a rule.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import ctypes

def attack(world):
    for handle in range(3, 64):
        if ctypes.CDLL(None).syscall(445, handle, 1, bytes(12), 0) == 0:
            return "ESCAPED"
