# Cut a file to nothing while opening it for reading only.
# source: landlock(7): truncation is covered from ABI 3 only
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.close(os.open(world["victim"], os.O_RDONLY | os.O_TRUNC))
    return "ESCAPED"
