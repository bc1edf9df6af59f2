# Watch a whole file system.
# source: fanotify_init(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    watcher = ctypes.CDLL(None).fanotify_init(0x200, 0)
    return "ESCAPED" if watcher >= 0 else None
