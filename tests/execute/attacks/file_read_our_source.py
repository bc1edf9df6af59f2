# Read Funcsmith's own package.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

def attack(world):
    with open(world["package"]) as file:
        return "ESCAPED " + file.readline()
