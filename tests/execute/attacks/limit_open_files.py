# Open files for ever.
# source: getrlimit(2), RLIMIT_NOFILE
# expect: status error
# without the fence: exceeds files
# ruff: noqa

def attack(world):
    return [open(f'f{number}', 'w') for number in range(1_000)]
