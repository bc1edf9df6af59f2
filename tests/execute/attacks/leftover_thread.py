# Go on working after the answer.
# source: kernel interface
# expect: value 7
# without the fence: same
# ruff: noqa

import threading

def attack(world):
    threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()
    return 7
