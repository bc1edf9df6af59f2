# Read the clock of the CPU time of another process.
# source: clock_getcpuclockid(3); found here: clock_gettime(2) got through
# expect: refused
# without the fence: escapes
# ruff: noqa

import time

def attack(world):
    clock = (~world["pid"] << 3) | 2
    found = []
    for ask in (time.clock_gettime, time.clock_getres):
        try:
            found.append(ask(clock))
        except OSError:
            pass
    return f"ESCAPED {found}" if found else None
