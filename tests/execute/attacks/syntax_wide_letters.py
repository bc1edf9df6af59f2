# Write the names in letters that Python reads as others.
# source: PEP 3131 (names are normalized); open-jarvis/OpenJarvis#1002 (a list of texts)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    module = __ｉｍｐｏｒｔ__("os")
    return "ESCAPED" if module.ｓｙｓｔｅｍ("true") == 0 else None
