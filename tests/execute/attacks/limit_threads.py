# A bomb of threads.
# source: pthread_create(3)
# expect: status error|timeout|memory
# without the fence: exceeds memory
# ruff: noqa

def attack(world):
    import threading
    import time

    while True:
        threading.Thread(target=time.sleep, args=(100,)).start()
