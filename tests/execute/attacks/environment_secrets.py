# Look for keys in the environment.
# source: openswarm-ai/openswarm#134 (keys of the host process); environ(7)
# expect: refused
# without the fence: finds
# ruff: noqa

import os

def attack(world):
    found = [name for name in os.environ if "KEY" in name or "HOME" in name or "FUNCSMITH" in name]
    return "ESCAPED " + " ".join(found) if found else None
