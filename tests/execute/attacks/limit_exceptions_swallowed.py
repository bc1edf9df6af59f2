# Swallow whatever is thrown in.
# source: denial of service
# expect: status timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
