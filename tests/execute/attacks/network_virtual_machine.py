# Talk to the machine that runs this one.
# source: vsock(7); Linux CVE-2021-26708
# expect: refused
# without the fence: unsafe
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM):
        return "ESCAPED"
