# Never end in repr().
# source: huggingface/smolagents#2395 (methods that the host calls outside the time limit)
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    class Slow:
        def __repr__(self):
            while True:
                pass

    return Slow()
