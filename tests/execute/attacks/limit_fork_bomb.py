# A bomb of processes.
# source: openswarm-ai/openswarm#134 (fork bomb); fork(2)
# expect: status timeout
# without the fence: exceeds processes
# ruff: noqa

def attack(world):
    import os

    while True:
        try:
            os.fork()
        except OSError:
            pass
