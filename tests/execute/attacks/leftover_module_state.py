# Leave something in a module for the next call.
# source: dimagi/open-chat-studio#4238 (modules poisoned across tenants)
# expect: value 0
# without the fence: stays
# ruff: noqa

import math

def attack(world):
    found = getattr(math, "left", 0)
    math.left = 1
    return found
