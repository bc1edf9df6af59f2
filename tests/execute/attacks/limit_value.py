# Return more than anyone reads.
# source: denial of service
# expect: status output
# without the fence: unsafe
# ruff: noqa

def attack(world):
    return 'x' * 5_000_000
