# Move pages between a file and a pipe.
# source: splice(2); Linux CVE-2022-0847 (Dirty Pipe)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes, os

def attack(world):
    reading, writing = os.pipe()
    file = os.open(os.__file__, os.O_RDONLY)
    moved = ctypes.CDLL(None).splice(file, None, writing, None, 1, 0)
    return "ESCAPED" if moved == 1 else None
