# The class by which os.popen() closes, found among all classes.
# source: sinaptik-ai/pandas-ai#399; pandas-ai CVE-2024-12366
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    for kind in "".__class__.__mro__[-1].__subclasses__():
        if kind.__name__ == "_wrap_close":
            return "ESCAPED" if kind.__init__.__globals__["system"]("true") == 0 else None
