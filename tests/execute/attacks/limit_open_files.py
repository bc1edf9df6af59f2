# Open files for ever.
# source: getrlimit(2), RLIMIT_NOFILE
# expect: status error
# without the fence: unsafe
# ruff: noqa

def attack(world):
    return [open(f'f{number}', 'w') for number in range(10_000)]
