# Replace the functions that write and exit.
# source: protocol forgery
# expect: value 7
# without the fence: same
# ruff: noqa

import os, sys

def attack(world):
    os.write = os.read = lambda *_: 0
    sys.exit = lambda *_: None
    sys.modules["marshal"] = sys.modules["encode"] = None
    return 7
