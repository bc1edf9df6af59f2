# Confuse types in the interpreter: `except*` believes what split() returns.
# source: RestrictedPython CVE-2025-22153; python/cpython#128049
# expect: status killed|error|ok
# without the fence: ends
# ruff: noqa

class Evil(BaseExceptionGroup):
    def split(self, *_):
        return "not a tuple"

def attack(world):
    try:
        raise Evil("x", [Exception()])
    except* Exception:
        pass
