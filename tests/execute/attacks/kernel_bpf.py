# Load a program into the kernel.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
    attributes = ctypes.create_string_buffer((1).to_bytes(4, "little") + bytes(124), 128)
    return "ESCAPED" if ctypes.CDLL(None).syscall(number, 0, attributes, 128) >= 0 else None
