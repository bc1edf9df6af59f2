# Write look-alike answers to every descriptor.
# source: protocol forgery: answers sent over an inherited descriptor, close_range(2)
# expect: value 7
# without the fence: forges
# ruff: noqa

import os

def attack(world):
    forged = b'["ok",666,null,null,"666",null,0.0]'
    framed = len(forged).to_bytes(8, "little") + forged
    for handle in range(1024):
        for data in (forged, framed, forged + b"\n"):
            try:
                os.write(handle, data)
            except OSError:
                pass
    return 7
