# Let an event loop make its sockets.
# source: kernel interface
# expect: refused
# without the fence: escapes
# ruff: noqa

import asyncio

def attack(world):
    loop = asyncio.new_event_loop()
    loop.close()
    return "ESCAPED"
