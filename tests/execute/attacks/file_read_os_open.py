# Read it with system calls alone, past every patched open().
# source: open(2) by the posix module: patches of builtins.open are passed by
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    handle = os.open(world["secret"], os.O_RDONLY)
    return "ESCAPED " + os.read(handle, 100).decode()
