# Ignore every signal that can be ignored.
# source: signal(7): all but SIGKILL and SIGSTOP can be ignored
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    import signal

    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
