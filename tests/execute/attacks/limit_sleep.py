# Use no CPU at all.
# source: denial of service
# expect: status timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    import time

    time.sleep(1_000)
