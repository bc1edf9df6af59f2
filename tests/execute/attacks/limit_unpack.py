# Unpack a little that becomes much.
# source: CWE-409 (compressed data that grows)
# expect: status memory
# without the fence: exceeds memory
# ruff: noqa

def attack(world):
    import zlib

    packing = zlib.compressobj(1)
    packed = b"".join(packing.compress(bytes(10**6)) for _ in range(80)) + packing.flush()
    return len(zlib.decompress(packed))
