# Subclasses of the plain types that lie in every method.
# source: openai/human-eval#67 (values that lie to whoever checks them)
# expect: value [7, "a", [1], {"k": 2}, 0.5]
# without the fence: ends
# ruff: noqa

def lie(*_, **__):
    raise SystemExit(0)

class Number(int):
    __repr__ = __str__ = __int__ = __index__ = bit_length = lie

class Text(str):
    __repr__ = __str__ = encode = __len__ = lie

class Items(list):
    __iter__ = __len__ = __repr__ = __getitem__ = lie

class Mapping(dict):
    items = __iter__ = keys = __len__ = __repr__ = lie

class Real(float):
    __repr__ = __float__ = __str__ = lie

def attack(world):
    return [Number(7), Text("a"), Items([1]), Mapping(k=2), Real(0.5)]
