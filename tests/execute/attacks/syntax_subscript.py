# Look every name up by text, so that no attribute is named.
# source: langchain-ai/langchain-experimental#68, CVE-2025-61422
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    builtin = vars(globals()["__builtins__"])
    return "ESCAPED " + vars(builtin["__import__"]("os"))["popen"]("echo x").read()
