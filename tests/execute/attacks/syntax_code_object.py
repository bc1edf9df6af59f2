# Run byte code that no compiler would write.
# source: pydata/numexpr#323 (a code object made by hand)
# expect: status killed|error
# without the fence: ends
# ruff: noqa

import opcode

def attack(world):
    far = bytes((opcode.opmap["EXTENDED_ARG"], 0x7F)) * 3 + bytes((opcode.opmap["LOAD_CONST"], 0))
    code = attack.__code__.replace(co_code=far + bytes((opcode.opmap["RETURN_VALUE"], 0)))
    return type(attack)(code, {})(world)
