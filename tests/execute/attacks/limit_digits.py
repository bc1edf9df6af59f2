# A number with millions of digits.
# source: Python CVE-2020-10735 (quadratic conversion of numbers to text)
# expect: status output
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    import sys

    sys.set_int_max_str_digits(0)
    return 1 << 30_000_000
