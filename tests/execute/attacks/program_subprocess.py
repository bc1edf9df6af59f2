# Run a program.
# source: huggingface/smolagents#2094
# expect: refused
# without the fence: escapes
# ruff: noqa

import subprocess

def attack(world):
    return "ESCAPED " + subprocess.run(["echo", "x"], capture_output=True, text=True).stdout
