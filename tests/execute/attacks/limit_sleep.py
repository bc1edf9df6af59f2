# Use no CPU at all.
# source: langchain-ai/langchain#6003 (long sessions); RLIMIT_CPU does not count sleep, getrlimit(2)
# expect: status timeout
# without the fence: exceeds wall
# ruff: noqa

def attack(world):
    import time

    time.sleep(1_000)
