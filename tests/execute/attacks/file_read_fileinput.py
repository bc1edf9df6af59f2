# Let the standard library open it.
# source: Python's linecache: the traceback module reads files for its caller
# expect: refused
# without the fence: escapes
# ruff: noqa

import linecache

def attack(world):
    line = linecache.getline(world["secret"], 1)
    return "ESCAPED " + line if line else None
