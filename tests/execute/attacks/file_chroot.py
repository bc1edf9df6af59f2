# Change what / means.
# source: chroot(2): "not intended to be used for any kind of security purpose"
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.chroot(".")
    return "ESCAPED"
