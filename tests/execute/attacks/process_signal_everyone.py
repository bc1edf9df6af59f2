# Signal every process there is.
# source: kernel interface
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.kill(-1, 0)
    return "ESCAPED"
