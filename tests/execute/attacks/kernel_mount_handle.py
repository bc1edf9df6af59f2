# Take hold of a mount by the newer calls.
# source: open_tree(2), fsopen(2); Linux CVE-2022-0185
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    library = ctypes.CDLL(None)
    handles = library.syscall(428, -100, b"/", 0), library.syscall(430, b"tmpfs", 0)
    return "ESCAPED" if max(handles) >= 0 else None
