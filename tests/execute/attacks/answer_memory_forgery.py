# Find the shared memory among the garbage collector's objects and write over it.
# source: protocol forgery: the code owns its process and may spoil its own answer
# expect: status killed|ok
# without the fence: same
# ruff: noqa

import gc, mmap

def attack(world):
    for thing in gc.get_objects():
        if type(thing) is dict:
            for value in list(thing.values()):
                if type(value) is mmap.mmap:
                    value[0:8] = b"\xff" * 8
    frame = __import__("sys")._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            area = getattr(value, "area", value)
            if type(area) is mmap.mmap:
                area[0:24] = b"\xff" * 24
        frame = frame.f_back
    return 7
