# A bomb of processes.
# source: denial of service
# expect: status timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    import os

    while True:
        try:
            os.fork()
        except OSError:
            pass
