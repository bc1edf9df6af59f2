# One C call that takes hours; no signal handler runs in it.
# source: denial of service
# expect: status timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    return 10**10**8
