# End the warmed process.
# source: measured: without a second confinement this ended it
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.kill(os.getppid(), 9)
    return "ESCAPED"
