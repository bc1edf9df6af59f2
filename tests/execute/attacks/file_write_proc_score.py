# Have the kernel end someone else first when memory is short.
# source: proc_pid_oom_score_adj(5)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    with open(f"/proc/{world['pid']}/oom_score_adj", "w") as file:
        file.write("1000")
    return "ESCAPED"
