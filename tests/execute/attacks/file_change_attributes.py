# Leave a note in a file's extended attributes.
# source: Landlock does not cover setxattr(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    os.setxattr(world["victim"], "user.note", b"x")
    return "ESCAPED"
