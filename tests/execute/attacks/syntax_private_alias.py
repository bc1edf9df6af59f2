# Use `os` by the name under which random keeps it.
# source: huggingface/smolagents CVE-2025-5120
# expect: refused
# without the fence: escapes
# ruff: noqa

import random

def attack(world):
    return "ESCAPED " + random._os.popen("echo x").read()
