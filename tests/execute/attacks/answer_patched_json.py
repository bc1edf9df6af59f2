# Replace the encoder that a protocol might use.
# source: dimagi/open-chat-studio#4238 (json.dumps replaced in a shared module)
# expect: value 7
# without the fence: stays
# ruff: noqa

import json

def attack(world):
    json.dumps = lambda *_, **__: '{"value": 666}'
    json.JSONEncoder.encode = lambda *_: "666"
    return 7
