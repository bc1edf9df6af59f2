# Open again what a descriptor stands for.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return "ESCAPED " + " ".join(os.listdir("/proc/self/fd"))
