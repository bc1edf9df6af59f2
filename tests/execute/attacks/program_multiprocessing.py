# Have a worker pool.
# source: huggingface/smolagents#2094 (`multiprocessing` stands on its list)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    import _posixsubprocess, multiprocessing
    process = multiprocessing.get_context("fork").Process(target=abs, args=(1,))
    process.start()
    process.join()
    return "ESCAPED"
