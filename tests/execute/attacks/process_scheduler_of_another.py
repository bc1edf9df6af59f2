# Put another process last.
# source: sched_setscheduler(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.sched_setscheduler(world["pid"], os.SCHED_BATCH, os.sched_param(0))
    return "ESCAPED"
