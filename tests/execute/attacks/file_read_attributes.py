# Read what is noted in a file's extended attributes.
# source: getxattr(2): Landlock does not cover it
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return f"ESCAPED {os.listxattr(world['secret'])}"
