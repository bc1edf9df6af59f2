# Give a file of the user's away.
# source: chown(2): Landlock does not cover it
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.chown(world["victim"], os.getuid(), os.getgid())
    return "ESCAPED"
