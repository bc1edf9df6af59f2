# Run something when the process ends.
# source: Python's atexit; huggingface/smolagents#2395 (code that runs later in the host)
# expect: value 7
# without the fence: stays
# ruff: noqa

import atexit, os

def attack(world):
    atexit.register(lambda: open(os.path.join(world["outside"], "left"), "w"))
    return 7
