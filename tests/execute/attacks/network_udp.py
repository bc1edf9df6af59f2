# Send a datagram, as DNS tunnels do.
# source: Landlock covers TCP only
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", world["port"]))
    return "ESCAPED"
