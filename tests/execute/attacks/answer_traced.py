# Trace the worker's own functions, and change what they hold.
# source: Python's sys.settrace; protocol forgery
# expect: status killed|error|ok
# without the fence: ends
# ruff: noqa

import sys

def attack(world):
    def trace(frame, event, value):
        frame.f_trace_opcodes = True
        if frame.f_code.co_name != "attack":
            raise SystemExit(0)
        return trace

    sys.settrace(trace)
    sys.setprofile(trace)
    return 7
