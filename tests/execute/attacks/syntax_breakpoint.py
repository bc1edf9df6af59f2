# Let breakpoint() import and call what a variable names.
# source: microsoft/agent-governance-toolkit#2631; PEP 553
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    os.environ["PYTHONBREAKPOINT"] = "os.system"
    return "ESCAPED" if breakpoint("true") == 0 else None
