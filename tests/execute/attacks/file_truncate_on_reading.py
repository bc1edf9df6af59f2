# Cut a file to nothing while opening it for reading only.
# source: Landlock before ABI 3
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.close(os.open(world["victim"], os.O_RDONLY | os.O_TRUNC))
    return "ESCAPED"
