# Print for ever.
# source: denial of service
# expect: status output
# without the fence: unsafe
# ruff: noqa

def attack(world):
    while True:
        print('x' * 1_000)
