# Name the machine (as it is named).
# source: sethostname(2)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import socket

def attack(world):
    socket.sethostname(socket.gethostname())
    return "ESCAPED"
