# Send the worker a message of its own kind over any socket that is there.
# source: protocol forgery: whoever holds the control socket is the parent
# expect: value 7
# without the fence: same
# ruff: noqa

import gc, marshal, os

def attack(world):
    forged = marshal.dumps((0, 0, 0.0, 0.0))
    for thing in gc.get_objects():
        if hasattr(type(thing), "sendmsg"):
            try:
                thing.send(forged)
            except OSError:
                pass
    return 7
