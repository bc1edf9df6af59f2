# Put another process behind everyone else.
# source: setpriority(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.setpriority(os.PRIO_PROCESS, world["pid"], 19)
    return "ESCAPED"
