# A catastrophic regular expression.
# source: CWE-1333 (regular expressions that backtrack for ever)
# expect: status timeout
# without the fence: exceeds cpu
# ruff: noqa

def attack(world):
    import re

    return re.match('(a+)+$', 'a' * 50 + 'b')
