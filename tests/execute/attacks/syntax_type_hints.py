# Have type hints evaluated, which are texts.
# source: Python's typing: get_type_hints() evaluates
# expect: refused
# without the fence: escapes
# ruff: noqa

import typing

def attack(world):
    class Holder:
        __annotations__ = {"a": "__import__('os').popen('echo x').readlines"}

    return "ESCAPED " + typing.get_type_hints(Holder)["a"]()[0]
