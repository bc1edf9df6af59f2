# Run something when the process ends.
# source: kernel interface
# expect: value 7
# without the fence: same
# ruff: noqa

import atexit, os

def attack(world):
    atexit.register(lambda: open(os.path.join(world["outside"], "left"), "w"))
    return 7
