# Have every step of the worker raise, from a hook that cannot be removed.
# source: PEP 578 (audit hooks); protocol forgery
# expect: status killed|error|ok
# without the fence: ends
# ruff: noqa

import sys

def attack(world):
    def hook(event, _):
        raise SystemExit(0)

    sys.addaudithook(hook)
    return 7
