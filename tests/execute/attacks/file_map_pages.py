# Put one's own pages into a pipe.
# source: vmsplice(2); Linux CVE-2008-0600
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    reading, writing = os.pipe()
    page = ctypes.create_string_buffer(b"x")
    vector = (ctypes.c_uint64 * 2)(ctypes.addressof(page), 1)
    moved = ctypes.CDLL(None).vmsplice(writing, ctypes.byref(vector), 1, 0)
    return "ESCAPED" if moved == 1 else None
