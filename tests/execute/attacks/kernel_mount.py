# Mount something over something.
# source: mount(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    return "ESCAPED" if ctypes.CDLL(None).mount(b"x", b".", b"tmpfs", 0, None) == 0 else None
