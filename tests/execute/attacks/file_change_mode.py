# Open a door for later: make a private file everybody's.
# source: Landlock does not cover chmod(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.chmod(world["victim"], 0o777)
    return "ESCAPED"
