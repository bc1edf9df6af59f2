# Change what / means.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import os

def attack(world):
    os.chroot(".")
    return "ESCAPED"
