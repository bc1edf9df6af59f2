# Reach every class from an empty tuple, then a module with `sys`.
# source: huggingface/smolagents CVE-2025-9959; pydata/numexpr#323: the road of __subclasses__
# expect: refused
# without the fence: escapes
# ruff: noqa

def attack(world):
    for kind in ().__class__.__base__.__subclasses__():
        module = getattr(getattr(kind, "__init__", None), "__globals__", {})
        if "sys" in module:
            return "ESCAPED " + module["sys"].modules["os"].popen("echo x").read()
