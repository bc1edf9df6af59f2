# Connect to a server of ours on this machine.
# source: connect(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    with socket.create_connection(("127.0.0.1", world["port"]), timeout=1) as connection:
        connection.sendall(b"x")
    return "ESCAPED"
