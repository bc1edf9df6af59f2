# Contain oneself.
# source: json.dumps(check_circular=False) recurses until it crashes (Python's json documentation)
# expect: repr
# without the fence: same
# ruff: noqa

def attack(world):
    value = [1]
    value.append(value)
    return value
