# Stop the kernel half way.
# source: userfaultfd(2); proc_sys_vm(5), unprivileged_userfaultfd
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 323, "aarch64": 282}[os.uname().machine]
    return "ESCAPED" if ctypes.CDLL(None).syscall(number, 1) >= 0 else None
