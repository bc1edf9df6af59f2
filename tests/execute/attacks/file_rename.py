# Swap a file of the user's for one of ours.
# source: rename(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.rename(world["victim"], world["victim"] + ".gone")
    os.rename(world["victim"] + ".gone", world["victim"])
    return "ESCAPED"
