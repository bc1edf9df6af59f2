# Read Funcsmith's own package.
# source: openswarm-ai/openswarm#134 (reads the application's own source)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    with open(world["package"]) as file:
        return "ESCAPED " + file.readline()
