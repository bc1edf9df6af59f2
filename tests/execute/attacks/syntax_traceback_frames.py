# Reach the built-ins through the frame of an exception.
# source: RestrictedPython CVE-2023-37271 (stack frames)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    try:
        1 / 0
    except ZeroDivisionError as error:
        frame = error.__traceback__.tb_frame
        return "ESCAPED " + frame.f_builtins["open"](world["secret"]).read()
