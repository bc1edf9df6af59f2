# Have `operator` take the attribute.
# source: zopefoundation/RestrictedPython#330
# expect: refused
# without the fence: escapes
# ruff: noqa

import operator

def attack(world):
    found = operator.attrgetter("__globals__")(attack)
    return "ESCAPED " + found["__builtins__"].open(world["secret"]).read()
