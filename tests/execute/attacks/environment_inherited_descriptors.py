# Look for open doors.
# source: runc CVE-2024-21626 (a descriptor that leaked into the container)
# expect: refused
# without the fence: finds
# ruff: noqa

import os

def attack(world):
    for handle in range(3, 1024):
        try:
            os.fstat(handle)
        except OSError:
            continue
        return f"ESCAPED {handle}"
