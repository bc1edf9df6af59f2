# Look a name up, which carries data out.
# source: getaddrinfo(3); DNS tunnels
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    return f"ESCAPED {socket.getaddrinfo('localhost', 80)[0][4][0]}"
