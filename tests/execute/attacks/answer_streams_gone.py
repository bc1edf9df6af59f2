# Close every stream that an answer might leave by.
# source: SWE-bench/SWE-bench#601 (results read from what is printed)
# expect: value 7
# without the fence: ends
# ruff: noqa

import os, sys

def attack(world):
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None
    os.closerange(0, 4096)
    return 7
