# End the warmed process.
# source: kill(2); measured: without a second confinement this ended the worker
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.kill(os.getppid(), 9)
    return "ESCAPED"
