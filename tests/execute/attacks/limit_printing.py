# Print for ever.
# source: CWE-400 (resource consumption): what is printed is kept
# expect: status output
# without the fence: exceeds output
# ruff: noqa

def attack(world):
    while True:
        print('x' * 1_000)
