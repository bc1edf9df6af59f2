# Run code in repr(), and lie.
# source: openai/human-eval#67 (__eq__ that is always true); pickle's documentation (__reduce__)
# expect: repr
# without the fence: ends
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
