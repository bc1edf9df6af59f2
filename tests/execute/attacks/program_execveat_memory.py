# Run a program that was never a file.
# source: memfd_create(2), fexecve(3)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import os

def attack(world):
    handle = os.memfd_create("program", 0)  # kept over exec, as the script has to be read
    os.write(handle, b"#!/bin/sh\n")
    os.execve(handle, ["x"], {})
