# Raise the memory limit.
# source: kernel interface
# expect: refused
# without the fence: unsafe
# ruff: noqa

import resource

def attack(world):
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
    return "ESCAPED"
