# Loosen the fence by adding a rule, to a ruleset left open or to one of our own.
# source: landlock_add_rule(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    call = ctypes.CDLL(None).syscall
    handled = ctypes.c_uint64(1 << 2)
    call(444, ctypes.byref(handled), 8, 0)
    folder = os.open(".", os.O_PATH)
    rule = (1 << 2).to_bytes(8, "little") + folder.to_bytes(4, "little")
    for handle in range(3, 64):
        if call(445, handle, 1, rule, 0) == 0:
            return "ESCAPED"
