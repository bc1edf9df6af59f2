# Talk over a socket that is no file.
# source: landlock(7): abstract sockets are covered from ABI 6 only
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0funcsmith-attack")
    return "ESCAPED"
