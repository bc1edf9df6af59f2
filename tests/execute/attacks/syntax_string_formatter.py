# Let string.Formatter walk the attributes, and keep the object it found.
# source: RestrictedPython CVE-2026-76825, GHSA-hp3v-5vw7-fx9w
# expect: refused
# without the fence: escapes
# ruff: noqa

import string

def attack(world):
    found, _ = string.Formatter().get_field("0.__globals__[__builtins__]", (attack,), {})
    return "ESCAPED " + found.open(world["secret"]).read()
