# Fill the disk with one file.
# source: denial of service
# expect: status output
# without the fence: unsafe
# ruff: noqa

def attack(world):
    with open('big', 'wb') as file:
        while True:
            file.write(bytes(10**6))
