# Claim to be an int, a dict and a str.
# source: Python's isinstance() believes __class__, as mocks need it
# expect: repr
# without the fence: same
# ruff: noqa

class Evil:
    __class__ = property(lambda self: dict)

    def items(self):
        raise SystemExit

    def __iter__(self):
        raise SystemExit

def attack(world):
    return [Evil()]
