# Ask for a file's number, for later.
# source: name_to_handle_at(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    handle = ctypes.create_string_buffer((128).to_bytes(4, "little") + bytes(132), 136)
    mount = ctypes.c_int()
    path = world["secret"].encode()
    answer = ctypes.CDLL(None).name_to_handle_at(-100, path, handle, ctypes.byref(mount), 0)
    return "ESCAPED" if answer == 0 else None
