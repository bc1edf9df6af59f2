# Run code in repr(), and lie.
# source: pickle is not data
# expect: repr
# without the fence: same
# ruff: noqa

class Evil:
    def __repr__(self):
        raise SystemExit(0)

    def __reduce__(self):
        return (print, ("unpickled",))

    def __eq__(self, other):
        return True

    __hash__ = None

def attack(world):
    return Evil()
