# Make an old file look new.
# source: Landlock does not cover utimensat(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.utime(world["victim"], (0, 0))
    return "ESCAPED"
