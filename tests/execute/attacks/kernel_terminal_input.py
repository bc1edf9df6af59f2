# Type into the user's terminal (TIOCSTI), or into a new one.
# source: ioctl_tty(2); bubblewrap CVE-2017-5226
# expect: refused
# without the fence: unsafe
# ruff: noqa

import fcntl, os

def attack(world):
    try:
        handle = os.openpty()[1]
    except OSError:
        handle = 0
    fcntl.ioctl(handle, 0x5412, b"x")
    return "ESCAPED"
