# Keep bytes where no memory limit counts them.
# source: memfd_create(2): RLIMIT_AS does not count what is written
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return f"ESCAPED {os.write(os.memfd_create('left', 0), bytes(1000))}"
