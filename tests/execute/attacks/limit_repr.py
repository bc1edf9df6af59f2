# Never end in repr().
# source: denial of service
# expect: status timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    class Slow:
        def __repr__(self):
            while True:
                pass

    return Slow()
