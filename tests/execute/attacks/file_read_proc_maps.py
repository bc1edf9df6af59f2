# Read where everything lies in this process's memory.
# source: proc_pid_maps(5)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    return "ESCAPED " + open("/proc/self/maps").read()[:40]
