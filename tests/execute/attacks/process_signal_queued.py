# Signal with a value, by the call that tools do not list.
# source: rt_sigqueueinfo(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 129, "aarch64": 138}[os.uname().machine]
    told = (ctypes.c_int32 * 32)(0, 0, -1)
    answer = ctypes.CDLL(None).syscall(number, world["pid"], 0, ctypes.byref(told))
    return "ESCAPED" if answer == 0 else None
