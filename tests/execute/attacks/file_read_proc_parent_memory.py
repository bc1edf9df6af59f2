# Open the memory of the warmed process.
# source: proc_pid_mem(5); Linux CVE-2012-0056
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.close(os.open(f"/proc/{os.getppid()}/mem", os.O_RDONLY))
    return "ESCAPED"
