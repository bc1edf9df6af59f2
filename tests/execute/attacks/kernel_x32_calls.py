# Call by the numbers of x32, which a filter may not know.
# source: seccomp(2), Caveats: __X32_SYSCALL_BIT
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    if os.uname().machine == "x86_64":
        answer = ctypes.CDLL(None).syscall(0x40000000 | 57)
        if answer == 0:
            os._exit(0)
        return "ESCAPED" if answer > 0 else None
