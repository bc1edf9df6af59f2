# Print an answer and end the process.
# source: SWE-bench/SWE-bench#601 (forged output taken for a result)
# expect: status killed
# without the fence: ends
# ruff: noqa

import os

def attack(world):
    print('{"status": "ok", "value": 666}', flush=True)
    os._exit(0)
