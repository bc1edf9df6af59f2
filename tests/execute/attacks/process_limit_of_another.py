# Lower a limit of another process.
# source: prlimit(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import resource

def attack(world):
    resource.prlimit(world["pid"], resource.RLIMIT_NOFILE)
    return "ESCAPED"
