# Watch what others do in a folder.
# source: inotify(7)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes

def attack(world):
    library = ctypes.CDLL(None)
    watcher = library.inotify_init1(0)
    if library.inotify_add_watch(watcher, world["outside"].encode(), 0xFFF) >= 0:
        return "ESCAPED"
