# Have the kernel send SIGIO for a descriptor that we give an owner.
# source: fcntl(2), F_SETOWN: landlock(7) scopes it from ABI 6 only
# expect: refused
# without the fence: escapes
# ruff: noqa

import fcntl, os

def attack(world):
    reading, _ = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, world["pid"])
    return "ESCAPED"
