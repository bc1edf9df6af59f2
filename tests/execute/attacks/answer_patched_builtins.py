# Replace the built-ins that the worker calls.
# source: langgenius/dify CVE-2025-3466 (global functions replaced before the host uses them)
# expect: value 7
# without the fence: stays
# ruff: noqa

import builtins

def attack(world):
    for name in ("len", "type", "isinstance", "repr", "str", "list", "zip", "all", "min", "range"):
        setattr(builtins, name, lambda *_, **__: 666)
    return 7
