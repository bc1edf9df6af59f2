# Use the module that an allowed module imported.
# source: huggingface/smolagents CVE-2025-5120 (through allowed modules)
# expect: refused
# without the fence: escapes
# ruff: noqa

import calendar

def attack(world):
    return "ESCAPED " + calendar.sys.modules["os"].popen("echo x").read()
