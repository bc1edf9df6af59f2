# Fill the disk with files that no listing shows.
# source: open(2), O_TMPFILE: files without a name escape a count of the folder
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.write(os.open(world["outside"], os.O_TMPFILE | os.O_WRONLY), b"x")
    return "ESCAPED"
