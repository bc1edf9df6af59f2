"""One sentence for one result: questions of many shapes, with what each should be answered."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from funcsmith.ask import chinese, english
from funcsmith.ask.answer import answer_of
from funcsmith.ask.spoken import said_of
from funcsmith.contract import Call, Detection, Function, Outcome, Request, Result
from funcsmith.execute import default_sandbox
from funcsmith.language import language_of

QUESTIONS = [
    json.loads(line)
    for line in Path(__file__).with_name("questions.jsonl").read_text("utf-8").splitlines()
]
CASES = pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row["text"][:30])


def outcome_of(
    text: str, source: str, arguments: dict[str, Any], stated: dict[str, str]
) -> Outcome:
    """What the pipeline would say of a function that gives this, run in the real fence."""
    body = (
        f"from datetime import date, datetime, time, timedelta\ndef answer():\n    return {source}"
    )
    result = default_sandbox().call(body, "answer", {})
    places = {
        pointer: [(text.index(words), text.index(words) + len(words))]
        for pointer, words in stated.items()
    }
    call = Call(function="answer", arguments=arguments, spans=places, result=result)
    return Outcome(
        kind="function",
        detection=Detection(language=language_of(text)),
        function=Function(name="answer", source=body, verdict="agreed"),
        calls=[call],
        result=result,
    )


@CASES
def test_question_is_answered_in_a_sentence(row: dict[str, Any]) -> None:
    """The sentence is the one that a person would say, or the plain form where there is none."""
    outcome = outcome_of(row["text"], row["value"], row.get("arguments", {}), row.get("spans", {}))

    answer = answer_of(outcome, Request(text=row["text"]))

    assert answer.answer == row["answer"]
    assert answer.plain is row["answer"].startswith(("结果：", "Result: ", "没有", "No result"))


def test_half_of_the_questions_are_chinese() -> None:
    """And there are at least forty of them, each of its own shape."""
    chinese_ones = [row for row in QUESTIONS if language_of(row["text"]) == "zh"]

    assert len(QUESTIONS) >= 40
    assert abs(len(chinese_ones) * 2 - len(QUESTIONS)) <= 4


@pytest.mark.parametrize("document", ["ask.md", "ask.zh-CN.md"])
def test_documents_show_what_is_answered(document: str) -> None:
    """Each question in the document's table is one of these, with its answer."""
    page = Path(__file__).parent.parent.parent.joinpath("docs", document).read_text("utf-8")
    rows = re.findall(r"^\| (.+[？?']) \| (.+) \|$", page, re.MULTILINE)
    known = {row["text"]: row["answer"] for row in QUESTIONS}

    assert len(rows) == 5
    assert [known.get(text) for text, _ in rows] == [answer for _, answer in rows]


# The value that is shown is the result, whatever it is


def no_unit(_: str) -> None:
    return None


NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    ),
)
FRAMES = [
    ("zh", "它的两倍是多少？", "它的两倍是", "。"),
    ("zh", "求两数的和", "两数的和是", "。"),
    ("zh", "一共有多少个苹果？", "一共有", "个苹果。"),
    ("en", "What is twice the number?", "Twice the number is ", "."),
    ("en", "How many apples will she buy?", "She will buy ", " apple"),
    ("en", "If I add the two, what is the sum?", "If you add the two, the sum is ", "."),
]


@given(NUMBERS, st.sampled_from(FRAMES))
def test_number_in_a_sentence_is_the_result(number: Any, frame: tuple[str, str, str, str]) -> None:
    """Read back from the sentence it is the same number: never rounded, never another."""
    language, text, before, after = frame
    make = chinese.sentence if language == "zh" else english.sentence
    made = make(text, said_of(number, language), no_unit)

    assert made is not None
    assert made.startswith(before)
    shown = (
        made[len(before) : made.index(after, len(before))]
        if after != "."
        else made[len(before) : -1]
    )
    read = shown.strip().replace(",", "")
    # Fifteen digits are what a float is sure of; everything else is exact.
    exact = not isinstance(number, float)
    assert type(number)(read) == (number if exact else pytest.approx(number, rel=1e-14, abs=0))


@given(st.dates(), st.sampled_from(["zh", "en"]))
def test_day_in_words_is_the_day(day: dt.date, language: str) -> None:
    """Read back it is the same day."""
    said = said_of(day, language).text
    form = "%Y年%m月%d日" if language == "zh" else "%d %B %Y"
    padded = re.sub(r"\b(\d{1,3})(?=$|年)", lambda m: m[1].zfill(4), said)

    assert dt.datetime.strptime(padded, form).date() == day


@example(dt.timedelta(microseconds=1), "zh")
@given(
    st.timedeltas(dt.timedelta(days=-400), dt.timedelta(days=400)), st.sampled_from(["zh", "en"])
)
def test_length_of_time_in_words_is_as_long(length: dt.timedelta, language: str) -> None:
    """Days, hours, minutes and seconds add up to it."""
    said = said_of(length, language).text
    names = {
        "天": 86400,
        "day": 86400,
        "小时": 3600,
        "hour": 3600,
        "分钟": 60,
        "minute": 60,
        "秒": 1,
        "second": 1,
    }
    parts = re.findall(r"([\d.,]+) ([^\W\d]+)", said.replace("minus ", "").replace("负 ", ""))
    total = sum(float(count) * names[word.rstrip("s")] for count, word in parts)

    assert (-total if said.startswith(("负", "minus")) else total) == pytest.approx(
        length.total_seconds(), abs=1e-6
    )


@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30), st.sampled_from(["zh", "en"])
)
def test_list_in_words_has_every_item(items: list[int], language: str) -> None:
    """In order, none lost."""
    said = said_of(items, language).text

    assert [int(one.replace(",", "")) for one in re.findall(r"-?\d+(?:,\d{3})*", said)] == items


@given(st.text(max_size=60), st.sampled_from([120, 2.5, "a", [1], True, None, dt.date(2026, 1, 1)]))
def test_any_text_gets_an_answer(text: str, value: Any) -> None:
    """No text breaks the rules, and the value stands in whatever is said."""
    for language, make in (("zh", chinese.sentence), ("en", english.sentence)):
        said = said_of(value, language)
        made = make(text, said, no_unit)
        assert made is None or said.kind == "boolean" or said.text in made


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (7.0, "7", "7"),
        (0.1 + 0.2, "0.3", "0.3"),
        (12345.5, "12345.5", "12,345.5"),
        (2026, "2026", "2026"),
        (1e22, "1e+22", "1e+22"),
        (float("inf"), "无穷大", "infinity"),
        (float("nan"), "非数值（NaN）", "not a number (NaN)"),
        ([], "空（一项也没有）", "nothing (an empty list)"),
        (["a", "b c"], "a、b c", "a and b c"),
        (["a, b", "c"], "“a, b”、“c”", "“a, b” and “c”"),
        ({3, 1, 2}, "1、2、3", "1, 2 and 3"),
        ([[1, 2], [3]], "[[1, 2], [3]]", "[[1, 2], [3]]"),
        ({"苹果": 3}, "苹果：3", "苹果: 3"),
        (dt.datetime(2026, 3, 1, 14, 30), "2026年3月1日 14:30", "1 March 2026, 14:30"),
        (dt.timedelta(days=1, seconds=1), "1 天 1 秒", "1 day 1 second"),
    ],
)  # fmt: skip
def test_value_in_words(value: Any, zh: str, en: str) -> None:
    """As each language writes it."""
    assert (said_of(value, "zh").text, said_of(value, "en").text) == (zh, en)


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (12.5, "CNY", "12.5 元", "12.5 yuan"),
        (12.5, "USD", "12.5 美元", "$12.50"),
        (-3, "EUR", "-3 欧元", "-€3"),
        (12.345, "GBP", "12.345 英镑", "£12.345"),
        (1, "day", "1 天", "1 day"),
        (2, "h", "2 小时", "2 hours"),
        (3.5, "km", "3.5 公里", "3.5 km"),
        (36.6, "°C", "36.6 摄氏度", "36.6°C"),
        (15, "%", "15%", "15%"),
    ],
)
def test_number_with_its_unit(value: float, unit: str, zh: str, en: str) -> None:
    """A unit is written as the language writes it, and the number stays."""
    assert (said_of(value, "zh", unit=unit).text, said_of(value, "en", unit=unit).text) == (zh, en)


# Units are said only where they are stated


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("苹果 5 元，梨 3 美元，一共多少钱？", "结果：8"),
        ("一共多少钱？", "结果：8"),
        ("Apples cost 5 euros and pears 3 dollars. How much do I pay?", "Result: 8"),
        ("How much do 2 pounds of apples at 4 cost?", "Result: 8"),
        ("这条绳子有多长？", "结果：8"),
        ("How far is it?", "Result: 8"),
    ],
)
def test_no_unit_is_invented(text: str, answer: str) -> None:
    """Two currencies, none, or a measure without a unit: the number alone."""
    outcome = outcome_of(text, "8", {}, {})

    assert answer_of(outcome, Request(text=text)).answer == answer


def test_unit_of_the_functions_name() -> None:
    """What the function says it gives is stated."""
    text = "这条绳子有多长？"
    outcome = outcome_of(text, "8", {}, {})
    assert outcome.function is not None
    outcome.function.name = "rope_length_cm"

    assert answer_of(outcome, Request(text=text)).answer == "这条绳子有 8 厘米。"


# What is no result


def test_question_back_and_nothing_to_compute() -> None:
    """A missing value is asked for as `run` does it; what is no question is said politely."""
    back = Outcome(kind="ask", question="还缺少：税率（rate）。请补充。", missing=["rate"])
    assert answer_of(back, Request(text="100 元含税多少钱")).answer == back.question

    nothing = Outcome(kind="none")
    assert answer_of(nothing, Request(text="你好")).answer == "抱歉，这句话里没有可以计算的内容。"
    assert (
        answer_of(nothing, Request(text="Good morning")).answer
        == "Sorry, there is nothing in this that can be computed."
    )


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [
        ("timeout", "没有得出结果：运行超时（cpu）。", "No result: it took too long (cpu)."),
        ("memory", "没有得出结果：内存超限（cpu）。", "No result: it needed too much memory (cpu)."),
        ("forbidden", "没有得出结果：用到了不允许的操作（cpu）。",
         "No result: it tried something that is not allowed (cpu)."),
    ],
)  # fmt: skip
def test_failures_say_why(status: Any, zh: str, en: str) -> None:
    """In the question's language, and never as a value."""
    result = Result(status=status, limit="cpu")
    outcome = Outcome(kind="function", result=result, calls=[Call(function="f", result=result)])

    assert answer_of(outcome, Request(text="是多少呢")).answer == zh
    assert answer_of(outcome, Request(text="What is it?")).answer == en


def test_several_calls_in_order() -> None:
    """Each gave something, and all of it is said."""
    calls = [Call(function="f", result=Result(status="ok", value=n, repr=str(n))) for n in (3, 4)]
    outcome = Outcome(kind="parameters", calls=calls, result=calls[-1].result)

    assert answer_of(outcome, Request(text="算两次，是多少？")).answer == "结果依次为：3；4"
    assert answer_of(outcome, Request(text="Do both.")).answer == "Results in order: 3; 4"


def test_table_has_its_rows() -> None:
    """Records are no sentence: they come as a table."""
    outcome = outcome_of(
        "各地区的销售额", "[{'地区': '北', '额': 3}, {'地区': '南', '额': 4}]", {}, {}
    )

    answer = answer_of(outcome, Request(text="各地区的销售额"))

    assert answer.answer == "结果：2 行的表格"
    assert answer.table is not None
    assert (answer.table.columns, answer.table.rows) == (["地区", "额"], [["北", 3], ["南", 4]])


def test_values_have_their_places() -> None:
    """Each argument with its words and where they stand, or where else it came from."""
    text = "100 元的含税价是多少？"
    outcome = outcome_of(text, "113.0", {"price": 100.0, "rate": 0.13}, {"/price": "100 元"})
    assert outcome.function is not None
    outcome.function.parameters = {"properties": {"rate": {"default": 0.13}}}

    (computed,) = answer_of(outcome, Request(text=text)).computed

    assert computed.call == "answer(price=100.0, rate=0.13)"
    assert [(one.name, one.origin, one.words, one.spans) for one in computed.values] == [
        ("price", "text", ["100 元"], [(0, 5)]),
        ("rate", "default", [], []),
    ]
