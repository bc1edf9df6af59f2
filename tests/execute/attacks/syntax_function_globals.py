# A library's function keeps its module's names.
# source: browser-use/browser-use#4679 (__globals__ of a wrapped function)
# expect: refused
# without the fence: escapes
# ruff: noqa

import statistics

def attack(world):
    system = statistics.mean.__globals__["sys"].modules["posix"].system
    return "ESCAPED" if system("true") == 0 else None
