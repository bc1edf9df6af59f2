# Type into the user's terminal (TIOCSTI).
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import fcntl

def attack(world):
    fcntl.ioctl(0, 0x5412, b"x")
    return "ESCAPED"
