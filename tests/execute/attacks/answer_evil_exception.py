# An exception whose text raises.
# source: huggingface/smolagents#2395 (dunder methods that the host calls)
# expect: status error
# without the fence: ends
# ruff: noqa

class Evil(Exception):
    def __str__(self):
        raise SystemExit(0)

def attack(world):
    raise Evil
