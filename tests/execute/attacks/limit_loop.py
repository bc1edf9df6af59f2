# Never end.
# source: pydantic/monty#419 (`while True: pass` hangs the host)
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    while True:
        pass
