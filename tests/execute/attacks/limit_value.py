# Return more than anyone reads.
# source: CWE-770 (allocation without limits), in what reads the answer
# expect: status output
# without the fence: exceeds value
# ruff: noqa

def attack(world):
    return 'x' * 5_000_000
