# Import what `os` is made of.
# source: QWED-AI/qwed-verification#336; n8n CVE-2025-68668 (a list of blocked modules)
# expect: refused
# without the fence: escapes
# ruff: noqa

import posix

def attack(world):
    return "ESCAPED" if posix.system("true") == 0 else None
