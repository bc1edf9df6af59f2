# Find a module among everything that the garbage collector knows.
# source: Python's gc: get_objects() hides nothing
# expect: refused
# without the fence: escapes
# ruff: noqa

import gc

def attack(world):
    gc.unfreeze()
    for thing in gc.get_objects():
        if type(thing) is type(gc) and thing.__name__ == "posix":
            return "ESCAPED" if thing.system("true") == 0 else None
