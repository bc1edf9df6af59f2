# The classic.
# source: passwd(5): what the first proof of an escape reads
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    return "ESCAPED " + open("/etc/passwd").read()[:40]
