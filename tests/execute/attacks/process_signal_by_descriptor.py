# Signal through a pidfd.
# source: pidfd_send_signal(2)
# expect: refused
# without the fence: escapes
# ruff: noqa

import os, signal

def attack(world):
    signal.pidfd_send_signal(os.pidfd_open(world["pid"]), 0)
    return "ESCAPED"
