# Print an answer and end the process.
# source: protocol forgery
# expect: status killed
# without the fence: same
# ruff: noqa

import os

def attack(world):
    print('{"status": "ok", "value": 666}', flush=True)
    os._exit(0)
