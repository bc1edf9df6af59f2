# Swallow whatever is thrown in.
# source: Python's signal: code can catch what a handler raises in it
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
