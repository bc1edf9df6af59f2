# The classic.
# source: langgenius/dify sandbox reports
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    return "ESCAPED " + open("/etc/passwd").read()[:40]
