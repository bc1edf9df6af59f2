# Make a timer that signals.
# source: timer_create(2); Linux CVE-2025-38352 (CPU timers)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes

def attack(world):
    made = ctypes.c_int()
    answer = ctypes.CDLL(None).syscall(NUMBER, 1, None, ctypes.byref(made))
    return "ESCAPED" if answer == 0 else None

import os
NUMBER = {"x86_64": 222, "aarch64": 107}[os.uname().machine]
