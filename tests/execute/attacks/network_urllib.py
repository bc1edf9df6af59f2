# Fetch an address.
# source: sinaptik-ai/pandas-ai#1895 (full built-ins by default)
# expect: refused
# without the fence: escapes
# ruff: noqa

from urllib.request import urlopen

def attack(world):
    with urlopen(f"http://127.0.0.1:{world['port']}/", timeout=1) as page:
        return "ESCAPED " + str(page.status)
