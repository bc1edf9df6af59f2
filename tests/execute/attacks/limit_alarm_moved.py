# Set off alarms and put them off, so that no timer ever ends the call.
# source: setitimer(2): a process may move its own timers
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    import signal

    while True:
        signal.setitimer(signal.ITIMER_REAL, 1_000)
        signal.setitimer(signal.ITIMER_PROF, 1_000)
