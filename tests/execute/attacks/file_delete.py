# Delete a file of the user's.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.unlink(world["victim"])
    return "ESCAPED"
