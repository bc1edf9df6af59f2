# Find out which processes are there by asking for their groups.
# source: getsid(2), getpgid(2), sched_getaffinity(2); found here: these got through
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    found = 0
    for ask in (os.getsid, os.getpgid, os.sched_getaffinity):
        try:
            ask(world["pid"])
            found += 1
        except OSError:
            pass
    return f"ESCAPED {found}" if found else None
