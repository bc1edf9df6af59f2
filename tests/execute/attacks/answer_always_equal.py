# Equal everything that an answer is compared with.
# source: openai/human-eval#67; evalplus/evalplus#306
# expect: repr
# without the fence: lies
# ruff: noqa

class Always:
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = lambda self, other: self
    __abs__ = __float__ = lambda self: 0.0
    __len__ = lambda self: 1
    __iter__ = lambda self: iter((self,))
    __getattr__ = lambda self, name: self
    __hash__ = object.__hash__

def attack(world):
    return Always()
