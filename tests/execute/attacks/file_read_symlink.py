# Make a link in the one writable folder and read through it.
# source: symlink(7)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.symlink(world["secret"], "link")
    with open("link") as file:
        return "ESCAPED " + file.read()
