# Raise SystemExit(0).
# source: promptdriven/pdd#605 (sys.exit(0) taken for success)
# expect: status error
# without the fence: ends
# ruff: noqa

def attack(world):
    raise SystemExit(0)
