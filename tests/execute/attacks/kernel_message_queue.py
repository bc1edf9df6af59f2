# Leave a message in a queue.
# source: mq_open(3), mq_overview(7)
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 240, "aarch64": 180}[os.uname().machine]
    handle = ctypes.CDLL(None).syscall(number, b"funcsmith-attack", 0o102, 0o600, None)
    return "ESCAPED" if handle >= 0 else None
