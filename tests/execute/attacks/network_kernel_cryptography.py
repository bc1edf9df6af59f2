# Have the kernel compute, over a socket.
# source: Linux's AF_ALG; Linux CVE-2019-8912
# expect: refused
# without the fence: unsafe
# ruff: noqa

import socket

def attack(world):
    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as asked:
        asked.bind(("hash", "sha256"))
    return "ESCAPED"
