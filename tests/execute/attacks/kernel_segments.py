# Change the table of memory segments.
# source: modify_ldt(2); Linux CVE-2014-8133 (its neighbour, set_thread_area)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    if os.uname().machine == "x86_64":
        table = ctypes.create_string_buffer(16)
        entry = (ctypes.c_uint32 * 4)(0, 0, 0xFFF, 0x51)
        answer = ctypes.CDLL(None).syscall(154, 1, ctypes.byref(entry), 16)
        return "ESCAPED" if answer == 0 else None
