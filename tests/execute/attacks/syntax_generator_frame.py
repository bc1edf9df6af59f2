# Reach the built-ins through the frame of a generator.
# source: danthedeckie/simpleeval#138; RestrictedPython CVE-2023-37271
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    frame = (one for one in [1]).gi_frame
    return "ESCAPED " + frame.f_builtins["open"](world["secret"]).read()
