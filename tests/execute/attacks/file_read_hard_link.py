# Give the file a second name where reading is allowed.
# source: link(2); proc_sys_fs(5), protected_hardlinks
# expect: refused
# without the fence: escapes
# ruff: noqa

import os

def attack(world):
    name = os.path.join(os.path.dirname(world["secret"]), "second-name")
    os.link(world["secret"], name)
    with open(name) as file:
        return "ESCAPED " + file.read()
