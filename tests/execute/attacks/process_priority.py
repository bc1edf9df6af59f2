# Take the processor from everyone else.
# source: setpriority(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.setpriority(os.PRIO_PROCESS, 0, 1)
    return "ESCAPED"
