# Change who we are.
# source: setuid(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.setuid(1234)
    return "ESCAPED"
