# See what passes by.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sniffer:
        return "ESCAPED"
