# Go on working after the answer.
# source: Python's threading: a timeout does not end a thread
# expect: value 7
# without the fence: stays
# ruff: noqa

import threading

def attack(world):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
    return 7
