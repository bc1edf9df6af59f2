# Let many threads compute at once, so that clocks on the wall see little.
# source: getrusage(2): CPU time is the sum of threads
# expect: status timeout|memory|error
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    import hashlib
    import threading

    def work():
        while True:
            hashlib.sha512(bytes(100_000))

    for _ in range(2):
        threading.Thread(target=work).start()
    work()
