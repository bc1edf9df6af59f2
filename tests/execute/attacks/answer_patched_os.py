# Replace the functions that write and exit.
# source: SWE-bench/SWE-bench#601 (patches of what reports the result)
# expect: value 7
# without the fence: stays
# ruff: noqa

import os, sys

def attack(world):
    os.write = os.read = lambda *_: 0
    sys.exit = lambda *_: None
    sys.modules["marshal"] = sys.modules["encode"] = None
    return 7
