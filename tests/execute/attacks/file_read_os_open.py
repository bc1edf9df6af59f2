# Read it with system calls alone, past every patched open().
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    handle = os.open(world["secret"], os.O_RDONLY)
    return "ESCAPED " + os.read(handle, 100).decode()
