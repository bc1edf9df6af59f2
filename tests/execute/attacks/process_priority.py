# Take the processor from everyone else.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.setpriority(os.PRIO_PROCESS, 0, 1)
    return "ESCAPED"
