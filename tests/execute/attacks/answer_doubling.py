# Share so much that writing it out never ends.
# source: CWE-776 (billion laughs): little to build, endless to write out
# expect: status output
# without the fence: exceeds memory
# ruff: noqa

def attack(world):
    value = ["x" * 100]
    for _ in range(60):
        value = [value, value]
    return value
