# Never end.
# source: denial of service
# expect: status timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    while True:
        pass
