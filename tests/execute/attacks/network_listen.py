# Wait for someone to connect.
# source: listen(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
    return "ESCAPED"
