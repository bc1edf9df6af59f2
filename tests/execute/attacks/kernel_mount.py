# Mount something over something.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import ctypes

def attack(world):
    return "ESCAPED" if ctypes.CDLL(None).mount(b"x", b".", b"tmpfs", 0, None) == 0 else None
