# Call the C library's system().
# source: huggingface/smolagents#2094 (ctypes)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes

def attack(world):
    answer = ctypes.CDLL(None).system(b"true")
    return "ESCAPED" if answer == 0 else None
