# Become another program.
# source: execve(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.execv("/bin/sh", ["sh", "-c", f"touch {world['outside']}/left"])
