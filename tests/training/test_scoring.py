"""Figures of answers: counted by hand here."""

from __future__ import annotations

import pytest

from funcsmith.execute import Sandbox
from funcsmith.training.record import Record
from funcsmith.training.scoring import Prediction, read_answer, same_value, score

from .records import RENT, doubled, feed, rent

ASK = rent(
    text="在千岛湖租船", kind="ask", arguments={"lake": "千岛湖"}, spans={}, missing=["hours"]
)
NONE = Record.of(text="你好", kind="none", tools=[RENT])


def call(record: Record, **changes: object) -> Prediction:
    return Prediction("parameters", record.function, {**record.arguments, **changes})


def test_the_figures() -> None:
    """Each share is over the records that it is about."""
    scores = score(
        [
            (rent(), call(rent())),
            (rent(), call(rent(), hours=4)),
            (feed(), Prediction("ask", "feed_horse", missing=("horse",))),
            (ASK, Prediction("ask", "rent_boat", missing=("hours",))),
            (ASK, Prediction("ask", "rent_boat", missing=("lake",))),
            (ASK, call(rent())),
            (NONE, Prediction("none")),
            (NONE, call(rent())),
        ]
    )
    assert (scores.exact.right, scores.exact.count) == (1, 3)
    assert (scores.functions.right, scores.functions.count) == (4, 6)
    assert (scores.asks.right, scores.asks_named.right, scores.asks.count) == (2, 1, 3)
    assert (scores.invented.right, scores.needless.right) == (1, 1)
    assert (scores.idle.right, scores.idle.count) == (1, 2)
    assert (scores.kind.right, scores.kind.count) == (5, 8)
    # parameters: 2 of 3 found, 4 said; ask: 2 of 3, 3 said; none: 1 of 2, 1 said.
    assert scores.kinds == {
        "parameters": pytest.approx(4 / 7),
        "ask": pytest.approx(4 / 6),
        "none": pytest.approx(2 / 3),
    }
    assert scores.detection_f1 == pytest.approx((4 / 7 + 4 / 6 + 2 / 3) / 3)
    assert scores.passed.share is None
    told = scores.to_json()["exact"]
    assert told == {"right": 1, "count": 3, "share": 0.3333, "interval": [0.0615, 0.7923]}


def test_an_extra_argument_is_not_exact() -> None:
    """A call with more than was said is wrong, one with None for it is not."""
    assert score([(rent(), call(rent(), motor=True))]).exact.right == 0
    assert score([(rent(), call(rent(), motor=None))]).exact.right == 1


def test_code_is_run_against_its_tests() -> None:
    """pass@1 counts what passes in the fence; code that only looks right does not."""
    right = doubled().source
    wrong = "def doubled(numbers):\n    return numbers + numbers\n"
    forged = "def doubled(numbers):\n    class All(list):\n        def __eq__(self, _): return True\n    return All()\n"
    pairs = [
        (doubled(), Prediction("function", "doubled", source=one)) for one in (right, wrong, forged)
    ]
    with Sandbox() as sandbox:
        scores = score(pairs, sandbox=sandbox)
    assert (scores.passed.right, scores.passed.count) == (1, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": "f", "arguments": {"n": 3}}', Prediction("parameters", "f", {"n": 3})),
        (
            ' {"name": "f", "arguments": {"n": 3}}<|im_end|>',
            Prediction("parameters", "f", {"n": 3}),
        ),
        ('```json\n{"name": "f", "ask": ["n", 2]}\n```', Prediction("ask", "f", missing=("n",))),
        ('{"ask": ["n"]}', Prediction("ask", missing=("n",))),
        ("null", Prediction("none")),
        ("none", Prediction("none")),
        ("", Prediction("none")),
        ('{"name": "f", "arguments": {"n": ', Prediction("none")),
        ('{"arguments": {"n": 1}}', Prediction("none")),
        ("{" * 5000, Prediction("none")),
        (
            "```python\ndef f(n):\n    return {1: n}\n```\n",
            Prediction("function", "f", source="def f(n):\n    return {1: n}"),
        ),
    ],
)
def test_reading_answers(text: str, said: Prediction) -> None:
    """What a model may answer, cut off or wrapped, is read; the rest asks for nothing."""
    assert read_answer(text) == said


def test_equal_values() -> None:
    """Texts but for case and space, numbers as numbers, and yes is not one."""
    assert same_value(["New  York", 2], ["new york", 2.0])
    assert not same_value(["a"], ["a", "b"])
    assert not same_value(1, True)
    assert not same_value({"a": 1}, {"b": 1})
