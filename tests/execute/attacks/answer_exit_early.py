# End the process as if all were well.
# source: nanochat tests: sys.exit(0) counted as a passed test
# expect: status killed
# without the fence: same
# ruff: noqa

import os

def attack(world):
    os._exit(0)
