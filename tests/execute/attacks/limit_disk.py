# Fill the disk with one file.
# source: sinaptik-ai/pandas-ai#412 (a written file may fill the server's disk)
# expect: status output
# without the fence: exceeds disk
# ruff: noqa

def attack(world):
    with open('big', 'wb') as file:
        while True:
            file.write(bytes(10**6))
