# Leave a file for the next call.
# source: kernel interface
# expect: value []
# without the fence: same
# ruff: noqa

import os

def attack(world):
    found = os.listdir(".")
    with open("left", "w") as file:
        file.write("x")
    return found
