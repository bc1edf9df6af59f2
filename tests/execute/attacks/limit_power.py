# One C call that takes hours; no signal handler runs in it.
# source: everruns/bashkit#2298 (its test threat_python_pow_exhaustion)
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    return 10**10**8
