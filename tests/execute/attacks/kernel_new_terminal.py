# Open a terminal of one's own.
# source: pty(7); Linux CVE-2014-0196
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return f"ESCAPED {os.openpty()}"
