# Call the kernel by machine code of one's own, past the C library.
# source: huggingface/smolagents#2094 (comment: `mmap` and executable pages)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, mmap, os

def attack(world):
    socket = {
        "x86_64": bytes.fromhex("b829000000 0f05 c3"),
        "aarch64": bytes.fromhex("c81880d2 010000d4 c0035fd6"),
    }[os.uname().machine]
    area = mmap.mmap(-1, 4096, prot=7)
    area.write(socket)
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_int)
    handle = kind(ctypes.addressof(ctypes.c_char.from_buffer(area)))(1, 1, 0)
    return "ESCAPED" if handle >= 0 else None
