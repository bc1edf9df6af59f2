# Unpack an archive whose names lead elsewhere.
# source: Python CVE-2007-4559 (tarfile)
# expect: refused
# without the fence: escapes
# ruff: noqa

import io, tarfile

def attack(world):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(world["outside"] + "/unpacked"), io.BytesIO())
    packed.seek(0)
    with tarfile.open(fileobj=packed) as archive:
        archive.extraction_filter = lambda member, path: member
        archive.extractall(".")
    return "ESCAPED"
