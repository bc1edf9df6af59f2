# Read attributes with a format text.
# source: RestrictedPython CVE-2023-41039 (str.format)
# expect: refused
# without the fence: escapes
# ruff: noqa

class Holder:
    pass

def attack(world):
    import os
    Holder.__init__ = lambda self: os
    said = "{0.__init__.__globals__[__builtins__]}".format(Holder)
    return "ESCAPED " + open(world["secret"]).read() if said else None
