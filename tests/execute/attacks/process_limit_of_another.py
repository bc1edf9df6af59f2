# Lower a limit of another process.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import resource

def attack(world):
    resource.prlimit(world["pid"], resource.RLIMIT_NOFILE)
    return "ESCAPED"
