# Call as a 32-bit program would, by machine code of one's own.
# source: Linux CVE-2009-0835 (seccomp and int 0x80), CVE-2007-4573
# expect: refused
# without the fence: unsafe
# ruff: noqa

import ctypes, mmap, os

def attack(world):
    if os.uname().machine == "x86_64":
        area = mmap.mmap(-1, 4096, prot=7)
        area.write(bytes.fromhex("53 b8 14000000 cd80 5b c3"))  # getpid of i386, int 0x80
        call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))
        return "ESCAPED" if call() == os.getpid() else None
