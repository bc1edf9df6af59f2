# Act while the source is loaded, before anything is called.
# source: langgenius/dify-sandbox#27 (code that runs before the filter)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

try:
    FOUND = os.popen("echo x").read()
except OSError:
    FOUND = ""

def attack(world):
    return "ESCAPED " + FOUND if FOUND else None
