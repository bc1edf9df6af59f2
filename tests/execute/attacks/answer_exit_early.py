# End the process as if all were well.
# source: promptdriven/pdd#605 (an early exit with 0 taken for success)
# expect: status killed
# without the fence: ends
# ruff: noqa

import os

def attack(world):
    os._exit(0)
