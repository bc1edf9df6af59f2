# Read the kernel's log.
# source: syslog(2); proc_sys_kernel(5), dmesg_restrict
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes

def attack(world):
    said = ctypes.create_string_buffer(100)
    return "ESCAPED" if ctypes.CDLL(None).klogctl(3, said, 100) >= 0 else None
