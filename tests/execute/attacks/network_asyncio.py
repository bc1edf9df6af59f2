# Let an event loop make its sockets.
# source: Python's asyncio: socketpair(2) and epoll(7) behind it
# expect: refused
# without the fence: escapes
# ruff: noqa

import asyncio

def attack(world):
    loop = asyncio.new_event_loop()
    loop.close()
    return "ESCAPED"
