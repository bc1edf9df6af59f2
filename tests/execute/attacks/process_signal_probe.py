# Find out which processes are there.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.kill(world["pid"], 0)
    return "ESCAPED"
