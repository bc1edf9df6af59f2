# Leave a folder behind.
# source: mkdir(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.mkdir(os.path.join(world["outside"], "folder"))
    os.rmdir(os.path.join(world["outside"], "folder"))
    return "ESCAPED"
