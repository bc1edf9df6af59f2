# Start one the modern way.
# source: posix_spawn(3)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return f"ESCAPED {os.posix_spawn('/bin/true', ['true'], {})}"
