# A source that the compiler cannot bear.
# source: pydantic/monty#112 (nested parentheses); Python's ast (sources that crash it)
# expect: status error|memory|killed|timeout
# without the fence: same
# ruff: noqa

def attack(world):
    return eval("-" * 1_000_000 + "1")
