# Open again what a descriptor stands for.
# source: proc_pid_fd(5); runc CVE-2019-5736 (/proc/self/exe)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return "ESCAPED " + " ".join(os.listdir("/proc/self/fd"))
