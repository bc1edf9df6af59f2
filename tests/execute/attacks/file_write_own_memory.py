# Write over one's own code through /proc.
# source: proc_pid_mem(5); Linux CVE-2016-5195 (Dirty COW wrote this way)
# expect: refused
# without the fence: escapes
# ruff: noqa

import ctypes

def attack(world):
    place = ctypes.create_string_buffer(b"before")
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(ctypes.addressof(place))
        memory.write(b"ESCAPE")
    return place.raw[:6].decode() + "D"
