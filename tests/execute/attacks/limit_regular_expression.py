# A catastrophic regular expression.
# source: denial of service
# expect: status timeout
# without the fence: unsafe
# ruff: noqa

def attack(world):
    import re

    return re.match('(a+)+$', 'a' * 50 + 'b')
