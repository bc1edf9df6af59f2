# Run a shell.
# source: langchain-ai/langchain#5872, CVE-2023-36095 (os.system through PALChain)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    return "ESCAPED" if os.system("true") == 0 else None
