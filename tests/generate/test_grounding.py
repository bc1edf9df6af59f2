"""No argument without characters that state it: the rest is a constant, a sample, or missing."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.answer import Argument
from funcsmith.generate.certainty import Certainty
from funcsmith.generate.grounding import Grounding, ground, unused
from funcsmith.generate.wording import describes
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)


def held(text: str, /, *, sample: bool = False, **arguments: Any) -> Grounding:
    given_as = {k: v if isinstance(v, Argument) else Argument(v) for k, v in arguments.items()}
    return ground(
        text, given_as, list(arguments), values=read(text, now=NOW), now=NOW, sample_allowed=sample
    )


def quoted(text: str, found: Grounding) -> dict[str, list[str]]:
    return {key: [text[a:b] for a, b in spans] for key, spans in found.spans.items()}


STATED = [
    ("苹果每斤 8.5 元，买 3 斤多少钱？", {"price": 8.5, "amount": 3}, {"/price": "8.5", "/amount": "3"}),
    ("A shirt costs $40, I buy 3 of them.", {"price": 40, "count": 3}, {"/price": "40", "/count": "3"}),
    ("把 “春眠不觉晓” 反过来", {"s": "春眠不觉晓"}, {"/s": "春眠不觉晓"}),
    ("从 2024年3月1日 起的天数", {"start": "2024-03-01"}, {"/start": "2024年3月1日"}),
    ("买三千五百克米", {"grams": 3500}, {"/grams": "三千五百"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "arguments", "places"), STATED)
def test_span_points_to_the_characters(
    text: str, arguments: dict[str, Any], places: dict[str, str]
) -> None:
    """text[start:end] holds what states the value."""
    found = held(text, **arguments)

    assert (found.arguments, found.missing, found.constants) == (arguments, (), {})
    said = quoted(text, found)
    assert said.keys() == places.keys()
    assert all(place in said[key][0] for key, place in places.items())


@pytest.mark.parametrize(
    ("text", "xs", "place"),
    [
        ("Write a sum of the squares of a list, for example f([1,2,4]) == 20", [1, 2, 4], "1,2,4"),
        ("Leave out 2 of the numbers 2, 3 and 4", [2, 3, 4], "2, 3 and 4"),
        ("三个数 3、5、3 里，3 出现了几次？", [3, 5, 3], "3、5、3"),
        ("从 7 个数 4 9 7 里去掉 7", [4, 9, 7], "4 9 7"),
    ],
)
def test_items_of_a_list_stand_together(text: str, xs: list[int], place: str) -> None:
    """A number that stands elsewhere too is taken where the others stand."""
    spans = [span for (span,) in held(text, xs=xs).spans.values()]

    assert text[spans[0][0] : spans[-1][1]] == place
    assert [int(text[a:b]) for a, b in spans] == xs


def test_items_of_a_list_have_places_of_their_own() -> None:
    """Each number of a list points to its own characters."""
    text = "对 [5, 2, 5] 排序"

    found = held(text, xs=[5, 2, 5])

    assert found.spans == {"/xs/0": [(3, 4)], "/xs/1": [(6, 7)], "/xs/2": [(9, 10)]}


INVENTED = [
    ("苹果每斤 8 元，买 3 斤多少钱？", {"price": 8, "amount": 3, "discount": 0.9}, ("discount",)),
    ("苹果每斤 8 元，一共多少钱？", {"price": 8, "amount": 5}, ("amount",)),
    ("A shirt costs $40. What do I pay?", {"price": 40, "count": 2}, ("count",)),
    ("What is my BMI? I weigh 70 kg.", {"weight": 70, "height": 1.75}, ("height",)),
    ("寄到北京要多少钱？", {"city": "上海"}, ("city",)),
    ("把这些数排序", {"xs": [1, 2, 3]}, ("xs",)),
    ("对 [1, 2] 排序", {"xs": [1, 2, 3]}, ("xs",)),
    ("酒店一晚 300 元", {"price": 300, "nights": 1}, ("nights",)),
    ("The rate applies to 500 dollars", {"amount": 500, "rate": 0.05}, ("rate",)),
]


@pytest.mark.parametrize(("text", "arguments", "missing"), INVENTED[:7] + INVENTED[8:])
def test_invented_value_is_missing(
    text: str, arguments: dict[str, Any], missing: tuple[str, ...]
) -> None:
    """What the text does not state is asked for, never used."""
    found = held(text, **arguments)

    assert found.missing == missing
    assert not found.complete
    assert not set(missing) & set(found.arguments)


@pytest.mark.parametrize("text", ["每本书 5 元，多少钱？", "Books cost 5 dollars each."])
def test_one_value_serves_one_parameter(text: str) -> None:
    """The same 5 cannot be the price and the number."""
    found = held(text, price=5, count=5)

    assert (found.arguments, found.missing) == ({"price": 5}, ("count",))


def test_two_values_serve_two_parameters() -> None:
    """Stated twice, it may be used twice, in order."""
    found = held("5 元一本，买 5 本", price=5, count=5)

    assert [found.spans[key][0][0] for key in ("/price", "/count")] == [0, 8]


def test_none_is_missing() -> None:
    """A None that the model wrote is a question."""
    assert held("每本 5 元", price=5, count=None).missing == ("count",)


def test_parameter_without_argument_is_missing() -> None:
    """A parameter that the call leaves out is a question as well."""
    found = ground("5", {}, ["n"], values=read("5"), now=None)

    assert found.missing == ("n",)


def test_sample_only_where_the_text_describes() -> None:
    """A made-up sample is allowed for a description, and it has no span."""
    text = "给定一个正整数 n，输出 n 的阶乘。"

    assert describes(text)
    assert held(text, sample=True, n=5) == Grounding({"n": 5}, {}, {}, ())
    assert held(text, n=5).missing == ("n",)


@pytest.mark.parametrize(
    "text",
    [
        "给定一个正整数 n，输出 n 的阶乘。",
        "写一个函数判断质数",
        "Write a function that reverses a string.",
        "Given a list of numbers, return the largest.",
        "编写程序统计单词数",
    ],
)
def test_description(text: str) -> None:
    """These describe a function and ask for no particular result."""
    assert describes(text)


@pytest.mark.parametrize(
    "text", ["我的 BMI 是多少？", "10 的阶乘", "What is my share of the bill?", "帮我算一下利息"]
)
def test_request(text: str) -> None:
    """These ask for a result, so nothing may be made up."""
    assert not describes(text)


def test_constants_of_the_method() -> None:
    """A separator, a format or a flag is no value of the text: it belongs in the body."""
    found = held("把 a b c 连起来", sep="-", reverse=True, fmt="%Y-%m-%d", hours_per_day=24)

    assert found.constants == {"sep": "-", "reverse": True, "fmt": "%Y-%m-%d", "hours_per_day": 24}
    assert (found.arguments, found.missing) == ({}, ())


def test_unit_factor_in_the_call() -> None:
    """1.5 * 1000 is stated where 1.5 is."""
    found = held("寄 1.5 公斤", grams=Argument(1500.0, (1.5, 1000)))

    assert found.missing == ()
    assert found.spans == {"/grams": [(2, 8)]}


def test_pointer_is_escaped() -> None:
    """A name with / and ~ is a legal JSON Pointer."""
    found = ground("5", {"a/b~c": Argument(5)}, ["a/b~c"], values=read("5"), now=None)

    assert found.spans == {"/a~1b~0c": [(0, 1)]}


def test_number_of_any_length() -> None:
    """A number of 400 digits is held against the text like any other."""
    assert held("9 的各位数字之和", n=10**400).missing == ("n",)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.integers(0, 9)
    | st.floats() | st.text("0123 abc元年三", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip
_TEXTS = st.text('0123456789 .,%元米kg三千年月日[]"ab“”', max_size=40) | st.text(max_size=20)


@given(_TEXTS, st.dictionaries(st.sampled_from(["a", "b", "sep", "城市"]), _VALUES, max_size=3))
def test_every_kept_argument_has_its_place(text: str, arguments: dict[str, Any]) -> None:
    """For any call and any text: kept with a span inside the text, or constant, or missing."""
    found = held(text, **arguments)

    parts = [set(found.arguments), set(found.constants), set(found.missing)]
    assert set().union(*parts) == set(arguments)
    assert sum(map(len, parts)) == len(arguments)
    for name in found.arguments:
        spans = [
            span
            for key, some in found.spans.items()
            if key == f"/{name}" or key.startswith(f"/{name}/")
            for span in some
        ]
        assert spans or arguments[name] == "2026-11-23"
        assert all(0 <= start < end <= len(text) for start, end in spans)


@given(_TEXTS, st.lists(st.integers(0, 99), min_size=1, max_size=4))
def test_numbers_never_share_a_place(text: str, numbers: list[int]) -> None:
    """Plain numbers of one call stand in places that do not overlap."""
    found = held(text, **{f"p{i}": number for i, number in enumerate(numbers)})

    spans = sorted(span for some in found.spans.values() for span in some)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))


HESITANT = Certainty(0.6, 0.02)
NEARLY_ABSENT = Certainty(0.85, 0.12)
COPIED = Certainty(0.97, 0.01)


@pytest.mark.parametrize(
    ("certainty", "missing"),
    [(COPIED, ()), (HESITANT, ("children",)), (NEARLY_ABSENT, ("children",))],
)
def test_value_written_with_hesitation_stands_in(
    certainty: Certainty, missing: tuple[str, ...]
) -> None:
    """A number of the text that the model hardly believed is not what was asked for."""
    text = "24 颗糖分给孩子们，每人几颗？爷爷 71 岁。"

    found = ground(
        text,
        {"sweets": Argument(24), "children": Argument(71)},
        ["sweets", "children"],
        values=read(text, now=NOW),
        now=NOW,
        sure={"sweets": COPIED, "children": certainty},
    )

    assert found.missing == missing


def test_converted_value_may_be_less_likely() -> None:
    """三千五 as 3500 is no copy, so only a near None makes it doubtful."""
    text = "三千五百克米"

    found = ground(
        text, {"grams": Argument(3500)}, ["grams"], values=read(text, now=NOW), now=NOW,
        sure={"grams": HESITANT},
    )  # fmt: skip

    assert (found.arguments, found.missing) == ({"grams": 3500}, ())


def test_numbers_left_out_are_counted() -> None:
    """A call that leaves stated numbers out tells how well the text was read."""
    values = read("12 天和 18 天，合作 4 天", now=NOW)

    assert len(unused(values, [])) == 3
    assert len(unused(values, [(0, 4)])) == 2


def test_list_is_believed_though_none_was_near() -> None:
    """Several values in a row are stated for something; one number may stand for another."""
    text = "Otto 7, Mina 9: sort them"

    found = ground(
        text, {"names": Argument(["Otto", "Mina"])}, ["names"], values=read(text, now=NOW), now=NOW,
        sure={"names": Certainty(0.7, 0.2)},
    )  # fmt: skip

    assert found.missing == ()


def test_what_was_known_well_is_derived() -> None:
    """A value that no reader knows, but the model wrote surely, is no plain invention."""
    text = "五尺十一寸是多少厘米"
    arguments = {"feet": Argument(5.92), "guess": Argument(1000)}

    found = ground(
        text, arguments, list(arguments), values=read(text, now=NOW), now=NOW,
        sure={"feet": COPIED, "guess": Certainty(0.3, 0.0)},
    )  # fmt: skip

    assert (found.missing, found.derived) == (("feet", "guess"), ("feet",))


def test_month_is_stated_by_its_name() -> None:
    """August is the 8 of a date, and the word is its place."""
    found = held("Which weekday was 9 August 2031?", year=2031, month=8, day=9)

    assert quoted("Which weekday was 9 August 2031?", found) == {
        "/year": ["2031"], "/month": ["August"], "/day": ["9"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "arguments", "places"),
    [
        (
            "Ann has 12 pens and Ben twice as many",
            {"pens": 12, "factor": 2},
            {"/pens": ["12"], "/factor": ["twice"]},
        ),
        (
            "每箱 2 斤，下个月产量翻番",
            {"weight": 2, "factor": 2},
            {"/weight": ["2"], "/factor": ["翻番"]},
        ),
        (
            "２０２６年６月１５日之后 30 天",
            {"start": "2026-06-15T00:00:00", "days": 30},
            {"/start": ["２０２６年６月１５日"], "/days": ["30"]},
        ),
    ],
)
def test_said_in_other_words(
    text: str, arguments: dict[str, Any], places: dict[str, list[str]]
) -> None:
    """Twice is a stated 2, and a day is stated though the call makes a moment of it."""
    found = held(text, **arguments)

    assert (found.arguments, found.missing) == (arguments, ())
    assert quoted(text, found) == places
