# Count what the processor does.
# source: perf_event_open(2); Linux CVE-2013-2094
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, os

def attack(world):
    number = {"x86_64": 298, "aarch64": 241}[os.uname().machine]
    attributes = (ctypes.c_uint32 * 32)(1, 128)  # a software event: the processor's clock
    attributes[10] = 1 << 5 | 1 << 6  # without the kernel and the hypervisor
    handle = ctypes.CDLL(None).syscall(number, ctypes.byref(attributes), 0, -1, -1, 0)
    return "ESCAPED" if handle >= 0 else None
