# Change who we are.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import os

def attack(world):
    os.setuid(1234)
    return "ESCAPED"
