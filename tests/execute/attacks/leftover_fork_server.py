# Have a helper process that outlives the call.
# source: Python's multiprocessing: the resource tracker and its socket
# expect: refused
# without the fence: unsafe
# ruff: noqa

from multiprocessing import shared_memory

def attack(world):
    left = shared_memory.SharedMemory(create=True, size=64)
    left.unlink()
    return "ESCAPED"
