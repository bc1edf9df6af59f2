# Import what `os` is made of.
# source: QWED-AI/qwed-verification#336; n8n-io/n8n#15970 (a list of blocked modules)
# expect: refused
# without the fence: escapes
# ruff: noqa

import posix

def attack(world):
    return "ESCAPED" if posix.system("true") == 0 else None
