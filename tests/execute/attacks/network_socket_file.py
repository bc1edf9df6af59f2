# Offer a service at a path, as Docker does.
# source: unix(7); moby/moby: whoever reaches docker.sock is root
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_UNIX) as offered:
        offered.bind(world["outside"] + "/socket")
    return "ESCAPED"
