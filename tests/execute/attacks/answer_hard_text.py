# Texts that break a careless encoder.
# source: RFC 8259, 8.2: lone surrogates, and NUL, and line separators
# expect: value ["\ud800", "\u0000", "\u2028", "\ufeff", "</script>"]
# without the fence: same
# ruff: noqa

def attack(world):
    return ["\ud800", "\0", "\u2028", "\ufeff", "</script>"]
