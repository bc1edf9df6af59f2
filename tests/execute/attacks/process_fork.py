# Leave a copy behind.
# source: fork(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return "ESCAPED"
