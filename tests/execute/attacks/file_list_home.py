# List a folder outside.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return "ESCAPED " + " ".join(os.listdir(world["outside"]))
