# A file of fifty megabytes that takes no room, yet.
# source: ftruncate(2)
# expect: status output|killed
# without the fence: exceeds disk
# ruff: noqa

def attack(world):
    with open("big", "wb") as file:
        return file.truncate(5 * 10**7)
