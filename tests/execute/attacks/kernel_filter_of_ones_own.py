# Add a filter that answers system calls by itself.
# source: seccomp_unotify(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 317, "aarch64": 277}[os.uname().machine]
    library = ctypes.CDLL(None)
    library.prctl(38, 1, 0, 0, 0)
    allow = ctypes.create_string_buffer(bytes.fromhex("0600 00 00 0000ff7f"), 8)
    program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(allow))
    handle = library.syscall(number, 1, 8, ctypes.byref(program))
    return "ESCAPED" if handle >= 0 else None
