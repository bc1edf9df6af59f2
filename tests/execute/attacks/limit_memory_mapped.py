# Take memory that Python does not count.
# source: mmap(2), past Python's allocator
# expect: status error|memory
# without the fence: exceeds memory
# ruff: noqa

def attack(world):
    import mmap

    return len(mmap.mmap(-1, 10**9))
