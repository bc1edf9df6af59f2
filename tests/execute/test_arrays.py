"""Numpy and pandas values come back whole, and nothing that stands in their place does harm."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from funcsmith.execute import Limits, Sandbox, decode, encode

np = pytest.importorskip("numpy", reason="numpy is not installed")
pd = pytest.importorskip("pandas", reason="pandas is not installed")
hypothesis_numpy = pytest.importorskip("hypothesis.extra.numpy")
hypothesis_pandas = pytest.importorskip("hypothesis.extra.pandas")

MUCH = Limits(memory_bytes=2**30)
KINDS = (
    hypothesis_numpy.boolean_dtypes()
    | hypothesis_numpy.integer_dtypes(endianness="?")
    | hypothesis_numpy.unsigned_integer_dtypes(endianness="?")
    | hypothesis_numpy.floating_dtypes(endianness="?", sizes=(16, 32, 64))
    | hypothesis_numpy.complex_number_dtypes(endianness="?", sizes=(64, 128))
    | hypothesis_numpy.byte_string_dtypes(endianness="?", max_len=5)
    | hypothesis_numpy.unicode_string_dtypes(endianness="?", max_len=5)
    | hypothesis_numpy.datetime64_dtypes(endianness="?")
    | hypothesis_numpy.timedelta64_dtypes(endianness="?")
)
SHAPES = hypothesis_numpy.array_shapes(min_dims=0, min_side=0, max_side=4, max_dims=4)
ARRAYS = hypothesis_numpy.arrays(KINDS, SHAPES)


def crossed(value: Any) -> Any:
    tagged = decode.parse(encode.encode(value, 10**7).encode("ascii"))
    plain, lost = decode.plain(tagged)
    json.dumps(plain, allow_nan=False)
    assert lost
    return decode.restored(tagged)


@given(ARRAYS)
@settings(max_examples=500, deadline=None)
@example(np.arange(24).reshape(2, 3, 4)[:, ::-2].T)
@example(np.broadcast_to(np.float32(0.1), (3, 2)))
@example(np.asfortranarray([[1.5, float("nan")], [float("-inf"), -0.0]]))
@example(np.array(["2026-01-02", "NaT"], "M8[10us]"))
@example(np.array(["NaT"], "M8"))
@example(np.array([-1971, -1970, 10_000], "i8").view("M8[Y]"))
@example(np.array([None, (1, 2), {"a": 1}, 2**70], object))
def test_an_array_comes_back(array: Any) -> None:
    """Values, type and shape of an array survive the border."""
    got = crossed(array)

    assert type(got) is np.ndarray
    assert (got.dtype, got.shape) == (array.dtype, array.shape)
    assert repr(got.tolist()) == repr(np.asarray(array).tolist())


@given(ARRAYS.filter(lambda array: array.size))
@settings(max_examples=200, deadline=None)
def test_a_scalar_comes_back(array: Any) -> None:
    """A numpy scalar is one of its type again."""
    value = array.ravel()[0]
    got = crossed(value)

    assert (type(got), got.dtype) == (type(value), value.dtype)
    assert repr(got) == repr(value)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.array([90, "NaT"], "m8[m]"), ["PT1H30M", None]),
        (np.timedelta64(-3, "M"), "P-3M"),
        (np.timedelta64(1500, "ps"), "PT0.0000000015S"),
        (np.array(["2026-01", "NaT"], "M8[M]"), ["2026-01", None]),
        (np.datetime64("NaT"), None),
        (np.ma.array([1, 2], mask=[False, True]), [1, None]),
        (pd.Timedelta(1, "ns"), "PT0.000000001S"),
        (pd.Timestamp(1), "1970-01-01T00:00:00.000000001"),
        (pd.Series(pd.period_range("2026-01", periods=2, freq="M")), ["2026-01", "2026-02"]),
        (pd.Index([1, 2]), [1, 2]),
    ],
)
def test_the_plain_form(value: Any, plain: Any) -> None:
    """Durations are in ISO 8601, and what is missing is null."""
    tagged = decode.parse(encode.encode(value, 10**7).encode("ascii"))

    assert decode.plain(tagged)[0] == plain


@pytest.mark.parametrize(
    "value",
    [
        np.array([(1, 2.0)], "i4,f8"),
        np.array([(1, 2.0)], "i4,f8")[0],
        np.longdouble(1) / 3,
        np.array([1], "longdouble"),
        np.void(b"abc"),
    ],
)
def test_what_has_no_plain_items_is_bounded_text(value: Any) -> None:
    """Records and numbers beyond Python's are their repr."""
    tagged = decode.parse(encode.encode(value, 10**7).encode("ascii"))

    assert list(tagged) == ["$repr"]
    assert decode.restored(tagged) == repr(value)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("np.zeros((10**9, 0))", "ndarray (0 items)"),
        ("np.broadcast_to(1, (10**5, 10**5))", "ndarray (10,000,000,000 items)"),
        ("pd.DataFrame(index=range(10**9))", "DataFrame (1,000,000,000 rows by 0 columns)"),
        ("pd.Series(np.zeros(10**7, 'u1'))", "Series (10,000,000 items)"),
    ],
)
def test_an_array_of_next_to_no_memory_is_not_written_out(
    expression: str, said: str, sandbox: Sandbox
) -> None:
    """A small array that stands for a large one is too large, and says its size."""
    source = f"import numpy as np\nimport pandas as pd\ndef f(): return {expression}\n"

    result = sandbox.call(source, "f", {}, limits=MUCH)

    assert (result.status, result.limit) == ("output", "value_bytes"), result.error
    assert result.error == f"the value is larger than 8,000,000 bytes: {said}"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
UNITS = st.sampled_from(["s", "ms", "us", "ns"])
INSTANTS = st.none() | st.datetimes(
    min_value=pd.Timestamp("1700").to_pydatetime(), max_value=pd.Timestamp("2250").to_pydatetime()
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Shanghai", "+05:30", None])


def nullable(kind: str, cells: Any) -> Any:
    return st.lists(st.none() | cells, max_size=5).map(lambda held: pd.Series(held, dtype=kind))


@st.composite
def instants(draw: Any) -> Any:
    counts = draw(st.lists(st.none() | st.integers(-(2**62), 2**62), max_size=5))
    whole = np.array([-(2**63) if count is None else count for count in counts], "i8")
    held = pd.Series(whole.view("M8[ns]")).astype(f"M8[{draw(UNITS)}]")
    zone = draw(ZONES)
    return held if zone is None else held.dt.tz_localize("UTC").dt.tz_convert(zone)


@st.composite
def durations(draw: Any) -> Any:
    counts = draw(st.lists(st.none() | st.integers(-(2**62), 2**62), max_size=5))
    whole = np.array([-(2**63) if count is None else count for count in counts], "i8")
    return pd.Series(whole.view("m8[ns]")).astype(f"m8[{draw(UNITS)}]")


@st.composite
def categories(draw: Any) -> Any:
    held = draw(st.lists(TEXTS | st.integers(-5, 5), min_size=1, unique=True, max_size=4))
    cells = draw(st.lists(st.sampled_from([*held, None]), max_size=6))
    return pd.Series(pd.Categorical(cells, categories=held, ordered=draw(st.booleans())))


COLUMNS = (
    hypothesis_pandas.series(dtype="int64")
    | hypothesis_pandas.series(dtype="uint8")
    | hypothesis_pandas.series(dtype="float64")
    | hypothesis_pandas.series(dtype="float32")
    | hypothesis_pandas.series(dtype="complex128")
    | hypothesis_pandas.series(dtype="bool")
    | nullable("Int64", st.integers(-(2**63), 2**63 - 1))
    | nullable("UInt8", st.integers(0, 255))
    | nullable("Float64", st.floats(allow_nan=False))
    | nullable("boolean", st.booleans())
    | nullable("string", TEXTS)
    | nullable("object", st.integers() | TEXTS | st.dates() | st.just(pd.NA) | st.just(pd.NaT))
    | st.lists(st.none() | TEXTS, max_size=5).map(lambda held: pd.Series(held, dtype=str))
    | instants()
    | durations()
    | categories()
)


@given(COLUMNS, st.none() | TEXTS | st.integers() | st.tuples(TEXTS, st.integers()))
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_series_comes_back(series: Any, name: Any) -> None:
    """Values, type, labels and name of a Series survive the border."""
    series.name = name

    pd.testing.assert_series_equal(
        crossed(series), series, check_exact=True, check_freq=False, check_index_type="equiv"
    )


@given(COLUMNS, st.lists(TEXTS | st.integers(), min_size=3, max_size=3), COLUMNS)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_frame_comes_back(first: Any, names: list[Any], index: Any) -> None:
    """Columns of any type under any names, also twice the same, with any index."""
    rows = min(len(first), len(index))
    frame = pd.concat([first[:rows], index[:rows], first[:rows]], axis=1)
    frame.columns = pd.Index(names, name="names")
    frame.index = pd.Index(index[:rows], dtype=index.dtype, name="at")

    pd.testing.assert_frame_equal(
        crossed(frame), frame, check_exact=True, check_freq=False, check_index_type="equiv"
    )


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame(index=range(3)),
        pd.DataFrame(columns=["a", "b"]),
        pd.DataFrame({"a": [1, 2]}, index=pd.RangeIndex(4, 8, 2, name="n")),
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame(
            {"a": [1.5, None]},
            index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)], names=["k", None]),
        ),
        pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_product([["x"], [1, 2]])),
        pd.DataFrame({"a": [[1, 2], [3]], "b": [(1,), {"c": 2}]}),
        pd.DataFrame({"a": pd.period_range("2026-01-01", periods=2, freq="D")}),
        pd.DataFrame({"a": [1, 2]}).groupby("a").agg({"a": ["sum", "mean"]}),
        pd.DataFrame({"a": range(3)}, index=pd.date_range("2026", periods=3, tz="Asia/Shanghai")),
    ],
)
def test_frames_of_every_shape(frame: Any) -> None:
    """Frames with no columns, no rows, several levels or what else there is come back."""
    pd.testing.assert_frame_equal(crossed(frame), frame, check_freq=False)
    assert type(crossed(frame.columns)) is not pd.Series
    assert crossed(frame.columns).equals(frame.columns)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(np.array(["20000-01-01", "-0044-03-15"], "M8[s]")),
        pd.Series(np.array([10**15, -(10**15)], "m8[s]")),
        pd.Series(pd.to_datetime(["1800-01-01"]).tz_localize("Asia/Shanghai")),
        pd.Series(pd.to_datetime(["2026-10-25 01:30"], utc=True).tz_convert("Europe/Berlin")),
    ],
)
def test_instants_that_datetime_cannot_hold(column: Any) -> None:
    """Instants and durations beyond Python's range, and offsets of seconds, come back in a column."""
    pd.testing.assert_series_equal(crossed(column), column)


@given(COLUMNS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_column_by_itself_comes_back(series: Any) -> None:
    """What .array and .unique() give, lists of one type, come back as such."""
    array = series.array
    if isinstance(array, pd.arrays.NumpyExtensionArray):
        array = series.to_numpy()
    got = crossed(array)

    assert type(got) is type(array)
    pd.testing.assert_series_equal(
        pd.Series(got, dtype=array.dtype), pd.Series(array, dtype=array.dtype), check_exact=True
    )


def test_an_array_and_a_frame_cross_the_real_border(sandbox: Sandbox) -> None:
    """What a function made with numpy and pandas is the same outside."""
    source = (
        "import numpy as np\nimport pandas as pd\n"
        "def f():\n    frame = pd.DataFrame({'at': pd.to_datetime(['2026-01-02', None], utc=True),"
        " 'of': pd.Categorical(['a', 'b'])})\n"
        "    return np.arange(6.0).reshape(2, 3), frame, frame.groupby('of').size(), pd.NA\n"
    )

    result = sandbox.call(source, "f", {}, limits=MUCH)
    array, frame, sizes, nothing = decode.restored(result.typed)

    at = pd.to_datetime(["2026-01-02", None], utc=True)
    np.testing.assert_array_equal(array, [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
    pd.testing.assert_frame_equal(
        frame, pd.DataFrame({"at": at, "of": pd.Categorical(["a", "b"])}), check_exact=True
    )
    assert (sizes.tolist(), list(sizes.index)) == ([1, 1], ["a", "b"])
    assert nothing is pd.NA


HOSTILE = {
    "a subclass of arrays": """
class Mine(np.ndarray):
    def tolist(self): return ["lies"]
    dtype = shape = size = property(tolist)
    def astype(self, *_): raise KeyboardInterrupt
    view = item = astype
value = np.ndarray.__new__(Mine, (3,), "f8")
value[:] = 7
""",
    "a subclass of scalars": """
class Mine(np.float64):
    def item(self): return ["lies"]
    dtype = property(item)
value = [Mine(7), Mine(7), Mine(7)]
""",
    "a subclass of Series": """
class Mine(pd.Series):
    def astype(self, *_): raise SystemExit
    index = dtype = size = property(astype)
value = Mine([7.0, 7.0, 7.0])
""",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_subclass_is_read_through_its_base(kind: str, sandbox: Sandbox) -> None:
    """No method of a generated class is asked what the value is."""
    source = f"import numpy as np\nimport pandas as pd\n{HOSTILE[kind]}\ndef f(): return value\n"

    result = sandbox.call(source, "f", {}, limits=MUCH)

    assert (result.status, result.value) == ("ok", [7.0, 7.0, 7.0]), result.error


def test_a_subclass_of_frames_is_read_through_its_base(sandbox: Sandbox) -> None:
    """A frame's columns are asked of pandas, not of a generated class."""
    source = (
        "import pandas as pd\nclass Mine(pd.DataFrame):\n"
        "    def lie(self, *_): raise SystemExit\n"
        "    astype = lie\n    index = columns = size = shape = iloc = property(lie)\n"
        "value = pd.DataFrame.__new__(Mine)\n"
        "value.__dict__.update(pd.DataFrame({'a': [7.0]}).__dict__)\n"
        "def f(): return value\n"
    )

    result = sandbox.call(source, "f", {}, limits=MUCH)

    assert (result.status, result.value) == ("ok", [{"a": 7.0}]), result.error


FAKE = """
import sys
class Lying(type):
    def __subclasscheck__(cls, kind): return ANSWER
    def __instancecheck__(cls, value): return ANSWER
    def __getattr__(cls, name): return OTHER
class Fake(metaclass=Lying):
    pass
class Module(type(sys)):
    def __getattr__(self, name): return Fake
for name in ("numpy", "numpy.ma", "pandas", "matplotlib", "matplotlib.figure", "matplotlib.axes"):
    sys.modules[name] = MODULE
class Thing:
    dtype = "evil"
def f(): return [Thing(), Fake(), {Fake: 1}]
"""


@pytest.mark.parametrize("module", ["Module(name)", "None", "type(sys)(name)", "sys", "Fake"])
@pytest.mark.parametrize("answer", ["True", "False", "1 / 0", "exit()"])
@pytest.mark.parametrize("other", ["cls", "lambda *_: name", "1 / 0", "type.__dict__[name]"])
def test_a_fake_numpy_spoils_only_its_own_answer(
    module: str, answer: str, other: str, sandbox: Sandbox
) -> None:
    """Whatever stands under numpy's name, the call has an ordinary result, and so has the next."""
    source = FAKE.replace("MODULE", module).replace("ANSWER", answer).replace("OTHER", other)

    result = sandbox.call(source, "f", {})

    assert result.status in ("ok", "error", "killed")
    json.dumps(result.value, allow_nan=False)
    assert sandbox.call("import numpy\ndef f(): return numpy.ones(1)", "f", {}).value == [1.0]


@pytest.mark.parametrize(
    "tagged",
    [
        {"$array": ["<U999999", [10**6], ["a"] * 10**6]},
        {"$array": ["O8", [1], [1]]},
        {"$array": ["V8", [1], [1]]},
        {"$array": ["i4,O", [1], [1]]},
        {"$array": ["<i4", [-1], [1]]},
        {"$array": ["<i4", [2], [1]]},
        {"$array": ["<i4", [1.0], [1]]},
        {"$array": ["<i4", [0, 10**30], []]},
        {"$array": ["<i4", [1] * 99, 1]},
        {"$array": ["<i4", [1], [2**40]]},
        {"$array": ["<M8[us]", [1], ["now"]]},
        {"$array": ["<M8[0us]", [], "NaT"]},
        {"$scalar": ["|O", 1]},
        {"$scalar": ["<f8", [1.0]]},
        {"$missing": "NaN"},
        {"$missing": []},
        {"$datetime": ["2026-01-01", "Europe", 0]},
        {"$frame": [[[None], ["object"], ["a"]], None, ["object"], [[1], [2]]]},
        {"$frame": [[[None], ["object"], ["a", "b"]], None, ["object"] * 2, [[1], [2, 3]]]},
        {"$series": [[], None, "int64", [1]]},
        {"$series": ["a", None, "Int64", ["x"]]},
        {"$series": ["a", None, "datetime64[ns]", ["2026-01-01"]]},
        {"$series": ["a", None, "datetime64[ns, dateutil//etc/passwd]", []]},
        {"$series": ["a", None, "datetime64[ns, /etc/passwd]", []]},
        {"$series": ["a", None, "period[evil]", ["2026"]]},
        {"$series": ["a", None, ["category", False, "object", ["x", "x"]], ["x"]]},
        {"$series": ["a", None, ["category", False, "object", ["x"]], ["y"]]},
        {"$series": ["a", None, "__import__('os')", 1]},
        {"$index": [["a"], [], []]},
        {"$index": [["a", "b"], ["object", "object"], [{"$tuple": [1]}]]},
    ],
)
def test_a_tag_that_lies_is_no_answer(tagged: Any) -> None:
    """Types that hold more than data, and contents that are not as said, are refused or stay lists."""
    try:
        got = decode.restored(tagged)
    except decode.AnswerInvalid:
        return

    assert got == tagged["$array"][2]


@pytest.mark.parametrize(
    "tagged",
    [
        {"$scalar": ["<m8[" + "1" * 10**6, 5]},
        {"$array": ["<m8" + "[1" * 10**6, [1], [5]]},
        {"$series": ["a", None, "datetime64[ns, " + "a" * 10**6, [1]]},
        {"$array": ["<M8[s]", [1], ["1" * 10**6]]},
        {"$datetime": ["2026-01-01T00:00:00." + "0" * 10**6, None, 0]},
        {"$figure": [1, 1, "A" * 10**6]},
        {"$column": ["period[D]", ["2" * 10**6]]},
    ],
)
def test_long_words_take_no_time(tagged: Any) -> None:
    """No pattern that a tag is read by tries a million letters in a million ways."""
    started = time.process_time()
    for read in (decode.plain, decode.restored):
        try:
            read(tagged)
        except decode.AnswerInvalid:
            pass

    assert time.process_time() - started < 1


TAGS = [
    "$array",
    "$scalar",
    "$frame",
    "$series",
    "$index",
    "$missing",
    "$datetime",
    "$timedelta",
    "$column",
]
WORDS = st.sampled_from(
    "<i4;<U3;|O;<M8[ns];<m8[D];Int64;category;period[D];NaT;NA;datetime64[ns];2026-01-01;"
    "datetime64[us, UTC];timedelta64[s];str;nan;int64".split(";")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*TAGS, "$tuple", "$float"]), inner, max_size=1)
    ),
    max_leaves=12,
)
SERIES = st.tuples(JSON, st.none() | st.tuples(st.lists(JSON), st.lists(WORDS), JSON), JSON, JSON)


@given(
    st.builds(lambda tag, inner: {tag: inner}, st.sampled_from(TAGS), JSON)
    | st.tuples(WORDS, st.lists(st.integers(-1, 3), max_size=3), JSON).map(lambda x: {"$array": x})
    | SERIES.map(lambda inner: {"$series": inner})
    | SERIES.map(lambda inner: {"$frame": [inner[1], None, inner[2], inner[3]]})
)
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_tag_breaks_the_reader(tagged: Any) -> None:
    """Any tree of tags is a value or no answer."""
    tagged = json.loads(json.dumps(tagged))
    for read in (decode.plain, decode.restored):
        try:
            read(tagged)
        except decode.AnswerInvalid:
            pass


def test_without_numpy_arrays_are_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numpy and pandas are not installed, the same tags give plain values."""
    monkeypatch.setattr(decode, "_has", lambda module: False)
    series = pd.Series([1, 2], index=["a", "b"])

    assert crossed([np.ones((1, 2)), np.int8(3)]) == [[[1.0, 1.0]], 3]
    assert crossed([series, series.to_frame("n"), pd.NA]) == [
        {"a": 1, "b": 2},
        [{"n": 1}, {"n": 2}],
        None,
    ]


def test_other_calls_do_not_carry_pandas_along() -> None:
    """What imports pandas has a warmed process of its own, so that other calls fork a small one."""
    source = "import sys\ndef f():\n    return 'pandas' in sys.modules\n"
    with Sandbox() as sandbox:
        assert sandbox.call(f"import pandas\n{source}", "f", {}).value is True
        assert sandbox.call(source, "f", {}).value is False
        assert sandbox.call(f"import pandas\n{source}", "f", {}).value is True
