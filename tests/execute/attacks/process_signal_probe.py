# Find out which processes are there.
# source: kill(2), signal 0
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.kill(world["pid"], 0)
    return "ESCAPED"
