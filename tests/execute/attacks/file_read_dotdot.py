# Leave the working folder by way of its parents.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    with open("../" * 30 + world["secret"].lstrip("/")) as file:
        return "ESCAPED " + file.read()
