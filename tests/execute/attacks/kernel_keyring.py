# Leave a secret in the kernel's keyring.
# source: kernel interface
# expect: refused
# without the fence: same
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
    key = ctypes.CDLL(None).syscall(number, b"user", b"funcsmith-attack", b"x", 1, -3)
    return "ESCAPED" if key > 0 else None
