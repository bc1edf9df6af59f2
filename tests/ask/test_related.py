"""Related questions: grammatical, read again by the readers, answered by no model."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.ask import Answer, answered
from funcsmith.ask.varied import varied
from funcsmith.contract import Request
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline
from funcsmith.readers import read

TAX = '''def price_with_tax(price: float, rate: float = 0.13) -> float:
    """含税价格。

    rate: 税率
    """
    return round(price * (1 + rate), 2)
'''
TO_F = "def to_f(c: float) -> float:\n    return c * 9 / 5 + 32\n"
TO_C = "def to_c(f: float) -> float:\n    return (f - 32) * 5 / 9\n"
LESS = "def less(f: float) -> float:\n    return f - 61.6\n"
TO_K = "def to_k(c: float) -> float:\n    return c + 273.15\n"
COST = "def cost(count: int, price: float) -> float:\n    return count * price\n"
DAYS = (
    "def days(start: str, end: str) -> int:\n    from datetime import date\n"
    "    return (date.fromisoformat(end) - date.fromisoformat(start)).days\n"
)
SHARE = "def each(people: int) -> float:\n    assert people < 5\n    return 60 / people\n"


@pytest.fixture
def pipeline() -> Iterator[Pipeline]:
    """A library, and an engine that has nothing to say: whoever asks it fails."""
    with Pipeline(engine=Scripted()) as made:
        yield made


def save(pipeline: Pipeline, source: str, text: str, template: str, **sample: object) -> None:
    pipeline.library.add(
        source, text=text, sample=sample, template=template, origin="generated", verdict="agreed"
    )


def asked(pipeline: Pipeline, text: str) -> Answer:
    return answered(Request(text=text), pipeline, with_answers=True)


def said(answer: Answer) -> list[tuple[str, str, str | None]]:
    return [(one.relation, one.question, one.answer) for one in answer.related]


def test_other_values_and_another_rate(pipeline: Pipeline) -> None:
    """The question's own words with another value, and what is left to a default as an if."""
    save(pipeline, TAX, "100 元的含税价是多少？", "{price}的含税价是多少？", price=100.0)

    assert said(asked(pipeline, "300 元的含税价是多少？")) == [
        ("value", "600 元的含税价是多少？", "600 元的含税价是 678。"),
        ("value", "150 元的含税价是多少？", "150 元的含税价是 169.5。"),
        ("condition", "如果税率是 6.5%，300 元的含税价是多少？", "如果税率是 6.5%，300 元的含税价是 319.5。"),
    ]  # fmt: skip


def test_the_way_back_only_where_it_is_one(pipeline: Pipeline) -> None:
    """A function that gives the argument for this value and for another; not one that happens to."""
    save(pipeline, TO_F, "把 36 摄氏度换成华氏度", "把 {c} 摄氏度换成华氏度", c=36)
    save(pipeline, LESS, "把 98 华氏度降下来", "把 {f} 华氏度降下来", f=98)
    save(pipeline, TO_C, "把 98 华氏度换成摄氏度", "把 {f} 华氏度换成摄氏度", f=98)
    save(pipeline, TO_K, "把 36 摄氏度换成开尔文", "把 {c} 摄氏度换成开尔文", c=36)

    got = said(asked(pipeline, "把 37 摄氏度换成华氏度"))

    assert ("inverse", "把 98.6 华氏度换成摄氏度", "98.6 华氏度是 37 摄氏度。") in got
    assert ("function", "把 37 摄氏度换成开尔文", "37 摄氏度是 310.15 开尔文。") in got
    assert not any("降下来" in question for _, question, _ in got)


def test_each_argument_in_turn(pipeline: Pipeline) -> None:
    """English: two values, one question for each."""
    text = "How much do 3 apples cost at $2.50 each?"
    save(
        pipeline, COST, text, "How much do {count} apples cost at {price} each?", count=3, price=2.5
    )

    assert said(asked(pipeline, text)) == [
        ("value", "How much do 4 apples cost at $2.50 each?", "4 apples cost $10 at $2.50 each."),
        ("value", "How much do 3 apples cost at $5.00 each?", "3 apples cost $15 at $5.00 each."),
    ]


def test_days_move(pipeline: Pipeline) -> None:
    """A day is replaced by a day, in its own form."""
    text = "How many days are there between 2026-01-01 and 2026-03-01?"
    template = "How many days are there between {start} and {end}?"
    save(pipeline, DAYS, text, template, start="2026-01-01", end="2026-03-01")

    assert said(asked(pipeline, text)) == [
        (
            "value",
            "How many days are there between 2026-01-31 and 2026-03-01?",
            "There are 29 days between 2026-01-31 and 2026-03-01.",
        ),
        (
            "value",
            "How many days are there between 2026-01-01 and 2026-03-31?",
            "There are 89 days between 2026-01-01 and 2026-03-31.",
        ),
    ]


def test_what_fails_is_not_offered(pipeline: Pipeline) -> None:
    """Each question was run before it is offered."""
    save(
        pipeline, SHARE, "60 元 4 人平分，每人多少元", "60 元 {people} 人平分，每人多少元", people=4
    )

    assert said(asked(pipeline, "60 元 4 人平分，每人多少元")) == []
    assert said(asked(pipeline, "60 元 3 人平分，每人多少元")) == [
        ("value", "60 元 4 人平分，每人多少元", "60 元 4 人平分，每人 15 元。")
    ]


def test_without_answers_only_questions(pipeline: Pipeline) -> None:
    """They are answered where that is asked for."""
    save(
        pipeline, SHARE, "60 元 2 人平分，每人多少元", "60 元 {people} 人平分，每人多少元", people=2
    )
    request = Request(text="60 元 2 人平分，每人多少元")

    plain = answered(request, pipeline)

    assert [(one.question, one.answer, one.value) for one in plain.related] == [
        ("60 元 3 人平分，每人多少元", None, None),
        ("60 元 4 人平分，每人多少元", None, None),
    ]
    assert plain.outcome.cost.model_calls == 0


def test_offered_questions_need_no_model(pipeline: Pipeline) -> None:
    """Asked in turn, each is answered the same by the library."""
    save(pipeline, TAX, "100 元的含税价是多少？", "{price}的含税价是多少？", price=100.0)
    save(pipeline, TO_F, "把 36 摄氏度换成华氏度", "把 {c} 摄氏度换成华氏度", c=36)
    save(pipeline, TO_C, "把 98 华氏度换成摄氏度", "把 {f} 华氏度换成摄氏度", f=98)

    for text in ("300 元的含税价是多少？", "把 37 摄氏度换成华氏度"):
        for one in asked(pipeline, text).related:
            if one.relation != "condition":  # said in words that no template has
                again = asked(pipeline, one.question)
                assert (again.answer, again.value) == (one.answer, one.value)


def test_money_keeps_its_currency(pipeline: Pipeline) -> None:
    """A related answer has the unit that its question states."""
    save(
        pipeline,
        COST,
        "3 个 5 元的杯子要多少钱？",
        "{count} 个 {price} 元的杯子要多少钱？",
        count=3,
        price=5.0,
    )

    got = said(asked(pipeline, "3 个 5 元的杯子要多少钱？"))

    assert got[0] == ("value", "4 个 5 元的杯子要多少钱？", "4 个 5 元的杯子要 20 元。")


# Other words for other values


@pytest.mark.parametrize(
    ("words", "language", "others"),
    [
        ("100 元", "zh", ["200 元", "50 元"]),
        ("三个", "zh", ["四个", "六个"]),
        ("两", "zh", ["三", "四"]),
        ("十二", "zh", ["十三", "二十四"]),
        ("13%", "zh", ["26%", "14%"]),
        ("八折", "zh", ["七折", "九折"]),
        ("1,200 dollars", "en", ["2,400 dollars", "600 dollars"]),
        ("six", "en", ["seven", "twelve"]),
        ("$2.50", "en", ["$5.00", "$3.50"]),
        ("0.05", "en", ["0.10", "0.06"]),
        ("2024年", "zh", ["2025年", "2023年"]),
        ("2026年1月31日", "zh", ["2026年3月2日", "2026年1月24日"]),
        ("2026-02-05", "en", ["2026-03-07", "2026-01-29"]),
        ("9:40", "en", ["10:40"]),
        ("23:15", "zh", ["00:15"]),
        ("1", "en", []),
        ("an apple", "en", []),
        ("Beijing", "en", []),
        ("3 or 4", "en", []),
        ("x2", "en", []),
        ("123456789012345", "en", []),
    ],
)
def test_words_of_another_value(words: str, language: str, others: list[str]) -> None:
    """The same form; where the form is not known, nothing."""
    assert varied(words, language) == others


@given(
    st.integers(2, 10**9).map(str)
    | st.integers(1000, 10**9).map("{:,}".format)
    | st.decimals(Decimal("0.01"), 10**6, places=2).map(str),
    st.sampled_from(["{}", "{} 元", "{}%", "{} kg"]),
    st.sampled_from(["zh", "en"]),
)
def test_other_words_are_read_as_another_value(number: str, form: str, language: str) -> None:
    """The readers find one value there, of the same kind and unit, and it is another one."""
    words = form.format(number)
    mine = read(words)[0]

    for other in varied(words, language):
        theirs = read(other)[0]
        assert (theirs.kind, theirs.unit) == (mine.kind, mine.unit)
        assert theirs.value != mine.value
        assert (theirs.start, theirs.end) == (0, len(other))
