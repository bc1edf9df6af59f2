# Write the forbidden name as text, in pieces.
# source: langchain-ai/langchain-experimental#68, CVE-2025-61423 (names put together at run time)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    reach = getattr(().__class__.__base__, "__sub" + "classes__")()
    found = [kind for kind in reach if kind.__name__ == "BuiltinImporter"]
    module = found[0].load_module("posix")
    return f"ESCAPED {module.getpid()}" if module.system("true") == 0 else None
