# Leave a secret in the kernel's keyring.
# source: add_key(2); Linux CVE-2016-0728
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 248, "aarch64": 217}[os.uname().machine]
    key = ctypes.CDLL(None).syscall(number, b"user", b"funcsmith-attack", b"x", 1, -3)
    return "ESCAPED" if key > 0 else None
