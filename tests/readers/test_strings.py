"""Strings, lists and booleans."""

from datetime import datetime

import pytest

from funcsmith.readers import Value, read

NOW = datetime(2026, 11, 23, 9, 0)  # a Monday
AROUND = [("", ""), ("请问 ", " 可以吗"), ("set ", ", please")]


def readings(text: str, kind: str) -> list[Value]:
    return [value for value in read(text, now=NOW) if value.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("SKU-1023", "id", "SKU-1023"),
        ("京A12345", "id", "京A12345"),
        ("CA1234", "id", "CA1234"),
        ("a.b@c.co", "email", "a.b@c.co"),
        ("192.168.1.1", "id", "192.168.1.1"),
        ("13800138000", "phone", "13800138000"),
        ("550e8400-e29b-41d4-a716-446655440000", "id", "550e8400-e29b-41d4-a716-446655440000"),
        ("https://a.b/c?d=1", "url", "https://a.b/c?d=1"),
        ("«你好»", "string", "你好"),
        ("“a b”", "string", "a b"),
        ("'x'", "string", "x"),
        ("`f(x)`", "string", "f(x)"),
    ],
)
def test_strings(text, kind, value):
    """What shows itself is a string of its kind."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("3, 5 和 8", "list", [3, 5, 8]),
        ("3, 5, and 8", "list", [3, 5, 8]),
        ("苹果、香蕉和梨", "list", ["苹果", "香蕉", "梨"]),
        ("apples, bananas and pears", "list", ["apples", "bananas", "pears"]),
        ("[1, [2, 3]]", "list", [1, [2, 3]]),
        ("['a', \"b\"]", "list", ["a", "b"]),
        ("(1, 2)", "list", [1, 2]),
        ("{'a': 1}", "object", {"a": 1}),
        ("“甲”、“乙”", "list", ["甲", "乙"]),
        ("[1，2，3]", "list", [1, 2, 3]),
        ("Alice and Bob", "list", ["Alice", "Bob"]),
        ("1 2 3", "list", [1, 2, 3]),
        ("三、五、八", "list", [3, 5, 8]),
        ("[true, null]", "list", [True, None]),
        ("3、5、8", "list", [3, 5, 8]),
    ],
)
def test_lists(text, kind, value):
    """Values and words in a row are a list, literals with their nesting."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("含早餐", "boolean", True),
        ("不要发票", "boolean", False),
        ("without sugar", "boolean", False),
        ("with milk", "boolean", True),
        ("不含税", "boolean", False),
        ("无糖", "boolean", False),
        ("需要发票", "boolean", True),
        ("不需要接机", "boolean", False),
        ("breakfast included", "boolean", True),
        ("sugar-free", "boolean", False),
        ("true", "boolean", True),
        ("no ice", "boolean", False),
        ("don't need parking", "boolean", False),
    ],
)
def test_booleans(text, kind, value):
    """What is wanted is true and what is not is false."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "value", "about"),
    [
        ("房间含早餐，两晚", True, "早餐"), ("不要发票", False, "发票"), ("咖啡 without sugar", False, "sugar"),
        ("a room with a view", True, "view"), ("发票不要", False, "发票"), ("breakfast included", True, "breakfast"),
        ("区分大小写", True, "大小写"), ("不區分大小寫", False, "大小寫"),
    ],
)  # fmt: skip
def test_a_boolean_says_what_it_is_about(text, value, about):
    """The one item of a boolean is the noun phrase it speaks of."""
    assert (value, about) in [
        (v.value, v.items[0].text) for v in readings(text, "boolean") if v.items
    ]


def test_items_have_their_own_places():
    """Each leaf of a nested literal has its span."""
    text = "矩阵 [[1, 2], ['a', {'b': 3.5}]]"
    (value,) = readings(text, "list")[:1]

    assert value.value == [[1, 2], ["a", {"b": 3.5}]]
    assert [item.text for item in value.items[0].items] == ["1", "2"]
    assert value.items[1].items[1].items[0].text == "3.5"


def test_quotes_are_left_out_of_the_span():
    """A quoted string's place is between its quotes."""
    assert [(v.start, v.end, v.note) for v in readings("叫「小明」", "string")] == [
        (2, 4, "quoted")
    ]


def test_an_apostrophe_is_no_quote():
    """Don't opens no string."""
    assert readings("I don't know and you don't know", "string") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("长宽高分别为3、4、5厘米", [3, 4, 5]), ("1,2,3,4,5", [1, 2, 3, 4, 5]), ("成绩 95、87 和 92.5 分", [95, 87, 92.5]),
        ("参会人有李雷、韩梅梅和Tom", ["李雷", "韩梅梅", "Tom"]), ("有A、B两个", ["A", "B"]),
    ],
)  # fmt: skip
def test_lists_in_prose(text, value):
    """A list is found in a sentence, its unit said once at the end."""
    assert value in [v.value for v in readings(text, "list")]


@pytest.mark.parametrize("text", ["18岁以上、35岁以下", "2026-12-20", "$250,000", "三分之一杯"])
def test_no_list_here(text):
    """What is punctuated like a list is not always one."""
    assert readings(text, "list") == []


@pytest.mark.parametrize("text", ["价格不同", "分别是三", "所有人", "主要城市", "未来三天"])
def test_no_boolean_here(text):
    """A syllable of a word neither wants nor refuses anything."""
    assert readings(text, "boolean") == []
