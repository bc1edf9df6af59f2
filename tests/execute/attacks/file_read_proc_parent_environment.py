# Read the environment of the process above, keys included.
# source: proc_pid_environ(5)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return "ESCAPED " + open(f"/proc/{os.getppid()}/environ", "rb").read().hex()[:40]
