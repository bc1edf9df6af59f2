# Raise SystemExit(0).
# source: evaluation harnesses that take exit code 0 for success
# expect: status error
# without the fence: same
# ruff: noqa

def attack(world):
    raise SystemExit(0)
