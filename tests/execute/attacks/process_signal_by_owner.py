# Have the kernel send SIGIO for a descriptor that we give an owner.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import fcntl, os

def attack(world):
    reading, _ = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, world["pid"])
    return "ESCAPED"
