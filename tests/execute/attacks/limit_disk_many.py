# Fill the disk with many.
# source: openswarm-ai/openswarm#134 (disk exhaustion)
# expect: status output
# without the fence: exceeds disk
# ruff: noqa

def attack(world):
    for number in range(10**6):
        with open(f'f{number}', 'wb') as file:
            file.write(bytes(10**6))
