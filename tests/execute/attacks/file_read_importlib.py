# Import a file that lies elsewhere.
# source: Python's importlib: spec_from_file_location runs any file
# expect: refused
# without the fence: escapes
# ruff: noqa

import importlib.util

def attack(world):
    loader = importlib.util.spec_from_file_location("stolen", world["module"])
    module = importlib.util.module_from_spec(loader)
    loader.loader.exec_module(module)
    return "ESCAPED " + module.WORD
