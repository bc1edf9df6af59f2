"""Values cross the border whole, or as bounded text; hostile answers are ordinary results."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funcsmith.execute import Sandbox, decode, encode
from funcsmith.execute.sandbox import Limits, _Ending, _Request, _results

HEADER = (
    "import datetime, decimal, fractions\n"
    "from datetime import timezone\nfrom decimal import Decimal\nfrom fractions import Fraction\n"
    "inf, nan, infj = float('inf'), float('nan'), complex(0, float('inf'))\n"
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**400), max_value=10**400)
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary(max_size=50)
    | st.complex_numbers(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.dates()
    | st.datetimes(timezones=st.just(dt.timezone.utc) | st.none())
    | st.times()
    | st.timedeltas()
)
HASHABLE = st.integers() | st.text() | st.tuples(st.integers(), st.text()) | st.dates()
VALUES = st.recursive(
    LEAVES | st.sets(HASHABLE, max_size=4) | st.frozensets(HASHABLE, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(HASHABLE, inner, max_size=4)
        | st.dictionaries(st.text() | st.just("$date"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
@settings(max_examples=500, deadline=None)
def test_a_value_is_restored_from_its_tags(value: Any) -> None:
    """What is encoded and decoded again is equal and of the same type."""
    tagged = decode.parse(encode.encode(value, 10**7).encode("ascii"))

    assert same(decode.restored(tagged), value)


@given(VALUES)
@settings(max_examples=300, deadline=None)
def test_plain_json_says_when_it_lost_something(value: Any) -> None:
    """The plain form is JSON, and equal to the value wherever `typed` is null."""
    tagged = decode.parse(encode.encode(value, 10**7).encode("ascii"))
    plain, lost = decode.plain(tagged)

    json.dumps(plain, allow_nan=False)
    assert lost or same(plain, value)


@given(VALUES)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_value_crosses_the_real_border(sandbox: Sandbox, value: Any) -> None:
    """A value written in a function's source comes back whole from its child."""
    result = sandbox.call(f"{HEADER}def f():\n    return {value!r}\n", "f", {})

    assert result.status == "ok", result.error
    got = result.value if result.typed is None else decode.restored(result.typed)
    assert same(got, value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(1, (2, 3))", [1, [2, 3]]),
        ("{3, 1, 2}", [1, 2, 3]),
        ("frozenset('ba')", ["a", "b"]),
        ("{'b', 1}", ["b", 1]),
        ("Decimal('1.10')", 1.1),
        ("Decimal('12')", 12),
        ("Decimal('NaN')", None),
        ("Fraction(1, 4)", 0.25),
        ("datetime.date(2026, 11, 23)", "2026-11-23"),
        ("datetime.timedelta(days=1, hours=2)", "P1DT2H"),
        ("[inf, -inf, nan, 1.5]", [None, None, None, 1.5]),
        ("{1: 'a', None: 'b', (1, 2): 'c', True: 'd'}", {"1": "d", "null": "b", "[1, 2]": "c"}),
        ("b'\\x01\\xff'", "01ff"),
        ("3 + 4j", [3.0, 4.0]),
        ("range(3)", [0, 1, 2]),
        ("(x * x for x in range(3))", [0, 1, 4]),
        ("{'a': 1}.items()", [["a", 1]]),
        ("2 ** 5000", 2**5000),
        ("'\\ud800'", "\ud800"),
    ],
)
def test_the_plain_form(expression: str, value: Any, sandbox: Sandbox) -> None:
    """Each type has one plain form."""
    result = sandbox.call(f"{HEADER}def f():\n    return {expression}\n", "f", {})

    assert result.value == value, result.error


def test_a_long_integer_stays_an_integer(sandbox: Sandbox) -> None:
    """An int of more digits than Python likes to print comes back as an int, its repr as a size."""
    result = sandbox.call("def f():\n    return 10 ** 6000\n", "f", {})

    assert result.value - 10**6000 == 0
    assert result.repr == "<int of about 6,001 digits>"


CLASSES = """
import collections, dataclasses, enum

class Colour(enum.Enum):
    RED = "red"

class Level(enum.IntEnum):
    HIGH = 3

@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.5
    count: "ClassVar[int]" = 7

Pair = collections.namedtuple("Pair", "left right")
"""


@pytest.mark.parametrize(
    ("expression", "value", "typed"),
    [
        ("Colour.RED", "red", {"$enum": ["Colour", "RED", "red"]}),
        ("Level.HIGH", 3, {"$enum": ["Level", "HIGH", 3]}),
        ("Pair(1, 2)", [1, 2], {"$namedtuple": ["Pair", [["left", 1], ["right", 2]]]}),
        ("collections.Counter('aab')", {"a": 2, "b": 1}, None),
        ("collections.OrderedDict(a=1)", {"a": 1}, None),
        ("collections.deque([1, 2])", [1, 2], {"$iterator": ["deque", [1, 2]]}),
    ],
)
def test_classes_of_the_source(expression: str, value: Any, typed: Any, sandbox: Sandbox) -> None:
    """Enum members, named tuples and subclasses keep their contents, and their names in `typed`."""
    result = sandbox.call(f"{CLASSES}def f():\n    return {expression}\n", "f", {})

    assert (result.value, result.typed) == (value, typed)


def test_a_dataclass_comes_back_by_its_fields(sandbox: Sandbox) -> None:
    """A dataclass is an object of its fields."""
    result = sandbox.call(f"{CLASSES}def f():\n    return Point(1)\n", "f", {})

    assert result.value["x"] == 1
    assert result.value["y"] == 0.5
    assert result.typed["$dataclass"][0] == "Point"


def test_numpy_values_come_back(sandbox: Sandbox) -> None:
    """Arrays and scalars come back as lists and numbers, their dtype in `typed`."""
    pytest.importorskip("numpy")
    source = (
        "import numpy as np\n"
        "def f():\n    return [np.array([[1, 2], [3, 4]], dtype='int32'), np.float64(0.5),"
        " np.array([1.0, np.nan]), np.datetime64('2026-01-02'), np.bool_(True)]\n"
    )

    result = sandbox.call(source, "f", {})

    assert result.value == [[[1, 2], [3, 4]], 0.5, [1.0, None], "2026-01-02", True]
    assert result.typed[0] == {"$array": ["<i4", [2, 2], [[1, 2], [3, 4]]]}
    assert result.typed[1] == {"$scalar": ["<f8", 0.5]}


def test_frames_come_back_as_records(sandbox: Sandbox) -> None:
    """A DataFrame is a list of records; a Series is a list, or an object by its labels."""
    pytest.importorskip("pandas")
    source = (
        "import pandas as pd\n"
        "def f():\n    frame = pd.DataFrame({'a': [1, 2], 'b': ['x', None],"
        " 'c': pd.to_datetime(['2026-01-02', None])})\n"
        "    return [frame, frame['a'], frame.set_index('a')['b'].dropna()]\n"
    )

    result = sandbox.call(source, "f", {}, limits=Limits(memory_bytes=2**30))

    assert result.status == "ok", result.error
    assert result.value == [
        [{"a": 1, "b": "x", "c": "2026-01-02T00:00:00"}, {"a": 2, "b": None, "c": None}],
        [1, 2],
        {"1": "x"},
    ]


def test_anything_else_is_bounded_text(sandbox: Sandbox) -> None:
    """An object without a data form comes back as its repr, at most 10 000 characters of it."""
    source = "class Thing:\n    def __repr__(self): return 'x' * 50_000\ndef f(): return Thing()\n"

    result = sandbox.call(source, "f", {})

    assert result.repr == "x" * 10_000 + "…"
    assert result.typed == {"$repr": ["Thing", result.value]}


TAGS = st.sampled_from([f"${tag}" for tag in (*decode._PLAIN_TAGS, "int", "nonsense")])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | TAGS, inner, max_size=3),
    max_leaves=10,
)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_bytes_that_are_no_answer_are_a_result(data: bytes) -> None:
    """Whatever bytes a child leaves, the parent has one result for its call."""
    (result,) = answered(data)

    assert result.status == "killed"


@given(JSON, JSON, JSON, JSON)
@settings(max_examples=400, deadline=None)
def test_records_that_lie_are_a_result(value: Any, error: Any, limit: Any, shown: Any) -> None:
    """Well-formed records with any contents give one valid result that serialises."""
    text = json.dumps(["ok", value, error, limit, shown, None, 0.1]).encode()
    (result,) = answered(len(text).to_bytes(8, "little") + text)

    assert result.status in ("ok", "killed")
    json.dumps(result.value, allow_nan=False)


def answered(data: bytes) -> list[Any]:
    ending = _Ending(0, 0, 0.1, 0.1, data, b"\xff\xfe", 0)
    return _results(ending, _Request("", "f", [([], {})], True, None), Limits())


def same(left: Any, right: Any) -> bool:
    """Equal, of the same type, all the way down; the signs of zeros included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    if isinstance(left, decimal.Decimal):
        return left.as_tuple() == right.as_tuple()
    assert not isinstance(left, fractions.Fraction) or left.denominator == right.denominator
    return bool(left == right)
