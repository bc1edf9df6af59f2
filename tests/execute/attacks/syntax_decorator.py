# Call without a call: decorators execute a text.
# source: langchain-ai/langchain#21592
# expect: refused
# without the fence: escapes
# ruff: noqa

left = []

@left.append
@eval
@"__import__('os').popen('echo x').read()".format
def ignored():
    pass

def attack(world):
    return "ESCAPED " + left[0]
