# See what passes by.
# source: packet(7); Linux CVE-2020-14386
# expect: refused
# without the fence: unsafe
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sniffer:
        return "ESCAPED"
