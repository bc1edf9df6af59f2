# List every process and how it was started.
# source: proc_pid_cmdline(5)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    found = [name for name in os.listdir("/proc") if name.isdigit()]
    return f"ESCAPED {len(found)}"
