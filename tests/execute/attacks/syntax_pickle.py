# Unpickle a call.
# source: Python's pickle: never unpickle what you do not trust
# expect: refused
# without the fence: escapes
# ruff: noqa

import pickle

def attack(world):
    return "ESCAPED" if pickle.loads(b"cos\nsystem\n(S'true'\ntR.") == 0 else None
