# Read the object that str.format reached from the error it raised.
# source: RestrictedPython CVE-2024-47532 (AttributeError.obj)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    try:
        "{0.__globals__.nothing}".format(attack)
    except AttributeError as error:
        return "ESCAPED " + error.obj["__builtins__"].open(world["secret"]).read()
