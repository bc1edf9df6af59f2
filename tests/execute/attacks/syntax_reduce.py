# Get getattr() from what a method says about pickling itself.
# source: lmfit/asteval#86
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    reach = [].append.__reduce__()[0]
    names = reach(attack, "__glob" + "als__")
    return "ESCAPED " + reach(names["__builtins__"], "open")(world["secret"]).read()
