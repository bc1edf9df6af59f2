# Leave the group that is ended, and live on.
# source: daemon(7): fork, setsid, fork
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os, time

def attack(world):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(1)
        os._exit(0)
    return "ESCAPED"
