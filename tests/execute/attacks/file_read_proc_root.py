# Come in by the link to one's own root.
# source: proc_pid_root(5)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    with open("/proc/self/root" + world["secret"]) as file:
        return "ESCAPED " + file.read()
