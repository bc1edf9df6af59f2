# Leave a file in the folder for temporary files.
# source: sinaptik-ai/pandas-ai#1893 (its proof writes to /tmp)
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    with open("/tmp/funcsmith-attack-left", "w") as file:
        file.write("x")
    import os
    os.unlink("/tmp/funcsmith-attack-left")
    return "ESCAPED"
