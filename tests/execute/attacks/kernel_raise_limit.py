# Raise the memory limit.
# source: setrlimit(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import resource

def attack(world):
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    return "ESCAPED"
