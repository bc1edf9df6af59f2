# Take a loaded module from the table, where imports are watched.
# source: openswarm-ai/openswarm#134
# expect: refused
# without the fence: escapes
# ruff: noqa

import sys

def attack(world):
    with sys.modules["io"].open(world["secret"]) as file:
        return "ESCAPED " + file.read()
