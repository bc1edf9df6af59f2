# Ask the kernel about its interfaces.
# source: netlink(7); Linux CVE-2024-1086 (nf_tables)
# expect: refused
# without the fence: escapes
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as asking:
        asking.bind((0, 0))
    return "ESCAPED"
