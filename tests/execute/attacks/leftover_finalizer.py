# Act when an object is thrown away, after the function has returned.
# source: huggingface/smolagents#2395 (__del__ as a time bomb)
# expect: value 7
# without the fence: escapes
# ruff: noqa

class Bomb:
    def __init__(self, path):
        self.path, self.open = path, open

    def __del__(self):
        self.open(self.path, "w")

def attack(world):
    bomb = Bomb(world["outside"] + "/left")
    return 7
