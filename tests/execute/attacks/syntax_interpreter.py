# Start an interpreter inside the interpreter.
# source: huggingface/smolagents#2094 (comment: `code`, `compile`)
# expect: refused
# without the fence: escapes
# ruff: noqa

import code

def attack(world):
    names = {}
    code.InteractiveInterpreter(names).runsource("found = __import__('os').system('true')")
    return "ESCAPED" if names.get("found") == 0 else None
