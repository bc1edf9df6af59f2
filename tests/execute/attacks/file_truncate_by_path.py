# Cut a file to nothing without opening it.
# source: Landlock before ABI 3 does not cover truncate(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.truncate(world["victim"], 0)
    return "ESCAPED"
