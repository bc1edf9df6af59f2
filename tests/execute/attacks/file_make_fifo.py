# Make a pipe with a name, to talk to someone later.
# source: mkfifo(3)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.mkfifo("pipe")
    os.unlink("pipe")
    return "ESCAPED"
