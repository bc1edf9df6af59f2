# Send a datagram, as DNS tunnels do.
# source: landlock(7): TCP is covered, UDP is not
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", world["port"]))
    return "ESCAPED"
