# Leave a file for the next call.
# source: python-discord/snekbox#159 (a file system for each run, for this reason)
# expect: value []
# without the fence: stays
# ruff: noqa

import os

def attack(world):
    found = os.listdir(".")
    with open("left", "w") as file:
        file.write("x")
    return found
