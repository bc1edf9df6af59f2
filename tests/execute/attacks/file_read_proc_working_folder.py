# Come in by another process's working folder.
# source: proc_pid_cwd(5); runc CVE-2024-21626
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return "ESCAPED " + " ".join(os.listdir(f"/proc/{world['pid']}/cwd"))[:40]
