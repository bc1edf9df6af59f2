# Signal every process there is.
# source: kill(2), pid -1
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.kill(-1, 0)
    return "ESCAPED"
