# Recover the import machinery from a module that may be used.
# source: crewAIInc/crewAI#4791; crewAIInc/crewAI#4516
# expect: refused
# without the fence: escapes
# ruff: noqa

import sys

def attack(world):
    loader, kind = sys.__spec__.loader, type(sys.__spec__)
    module = loader.create_module(kind("posix", loader))
    loader.exec_module(module)
    return "ESCAPED" if module.system("true") == 0 else None
