# Leave a sign for other calls: lock a file that all of them may read.
# source: flock(2), fcntl(2); found here: a concurrent call saw it
# expect: refused
# without the fence: escapes
# ruff: noqa

import fcntl, os

def attack(world):
    file = os.open(os.__file__, os.O_RDONLY)
    found = 0
    for ask in (fcntl.flock, fcntl.lockf):
        try:
            ask(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            found += 1
        except OSError:
            pass
    return f"ESCAPED {found}" if found else None
