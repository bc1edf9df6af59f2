# random keeps os under another name.
# source: huggingface/smolagents CVE-2025-5120
# expect: refused
# without the fence: escapes
# ruff: noqa

import random

def attack(world):
    return "ESCAPED " + random._os.popen("echo x").read()
