# Open the memory of the warmed process.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.close(os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY))
    return "ESCAPED"
