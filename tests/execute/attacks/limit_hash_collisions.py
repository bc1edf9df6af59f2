# A table whose keys all fall on one place.
# source: Python CVE-2012-1150 (hash collisions)
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    import sys

    return len({number * sys.hash_info.modulus for number in range(1, 200_000)})
