# A built-in function knows its module.
# source: Jan-IngenHousz-Institute/open-jii#1054 (len.__self__)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    return "ESCAPED " + len.__self__.open(world["secret"]).read()
