# Read a file of the user's own.
# source: huggingface/smolagents#2094 (block-lists lose)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    with open(world["secret"]) as file:
        return "ESCAPED " + file.read()
