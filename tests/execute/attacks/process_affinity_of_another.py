# Slow another process down.
# source: sched_setaffinity(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.sched_setaffinity(world["pid"], os.sched_getaffinity(0))
    return "ESCAPED"
