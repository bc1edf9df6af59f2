"""Only what is true becomes data."""

from __future__ import annotations

import pytest

from funcsmith.evaluate.trial import Trial
from funcsmith.execute import Sandbox
from funcsmith.training.proof import prove
from funcsmith.training.record import Record

from .records import RENT, doubled, feed, rent


def reason(record: Record) -> str:
    return prove(record).reason


def test_spans_are_what_the_readers_find() -> None:
    """Whatever a source says of places, they are found again: 2.5 kilograms with its unit."""
    found = prove(feed(spans={"/horse": [[0, 4]]})).record
    assert found is not None
    assert {at: found.text[slice(*some[0])] for at, some in found.spans.items()} == {
        "/horse": "Lotte",
        "/kilograms": "2.5 kilograms",
    }


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (rent(licence="proprietary"), "licence"),
        (rent(licence=""), "licence"),
        (rent(licence="cc-by-nc-4.0"), "licence"),
        (
            feed(arguments={"horse": "Bella", "kilograms": 2.5}),
            "a value stands nowhere in the text",
        ),
        (feed(arguments={"horse": "Lotte", "kilograms": "2.5"}), "a value is not of its type"),
        (
            rent(arguments={"lake": "千岛湖", "hours": 3, "motor": True}),
            "a value stands nowhere in the text",
        ),
        (doubled(tests=[]), "code without a test"),
        (rent(text="在千岛湖租船，3小时" + "，谢谢" * 900, spans={}), "text too long"),
    ],
)
def test_what_is_left_out(record: Record, why: str) -> None:
    """Every reason is told by name."""
    assert prove(record).record is None
    assert reason(record) == why


def test_an_invented_value_becomes_a_question() -> None:
    """Where the readers know the kind of value and the text has none, the truth is to ask."""
    found = prove(rent(text="在千岛湖租船", spans={}))
    assert found.reason == "became ask"
    assert found.record is not None
    assert (found.record.kind, found.record.missing) == ("ask", ("hours",))
    assert found.record.arguments == {"lake": "千岛湖"}


def test_a_question_whose_value_is_there_is_left_out() -> None:
    """Asked for although it may stand in the text: not taught."""
    asking = rent(kind="ask", arguments={"lake": "千岛湖"}, spans={}, missing=["hours"])
    assert reason(asking) == "what is missing may stand in the text"


def test_code_runs_in_the_fence() -> None:
    """Code that fails its own tests, or never ends, is left out; what passes stays."""
    wrong = doubled(source="def doubled(numbers):\n    return numbers\n")
    evil = doubled(
        source="def doubled(numbers):\n    open('/etc/passwd').read()\n    return [2 * n for n in numbers]\n"
    )
    with Sandbox() as sandbox:
        trial = Trial(sandbox)
        assert prove(doubled(), trial=trial).record == doubled()
        assert prove(wrong, trial=trial).reason == "code fails its tests"
        assert prove(evil, trial=trial).record is None


def test_lists_are_found_item_by_item() -> None:
    """Each item has its own place, also where two are equal."""
    tool = {
        "name": "sum_of",
        "parameters": {"properties": {"numbers": {"type": "array", "items": {"type": "integer"}}}},
    }
    record = Record.of(
        text="Sum 4, 7 and 4 please",
        kind="parameters",
        tools=[tool],
        function="sum_of",
        arguments={"numbers": [4, 7, 4]},
        licence="MIT",
    )
    found = prove(record).record
    assert found is not None
    assert found.spans == {"/numbers/0": [(4, 5)], "/numbers/1": [(7, 8)], "/numbers/2": [(13, 14)]}


def test_who_made_a_text_knows_its_members() -> None:
    """Words for yes and no that no reader knows are taken where the maker says which they are."""
    record = rent(
        text="在千岛湖租船，3小时，突突突的那种",
        arguments={"lake": "千岛湖", "hours": 3, "motor": True},
        spans={"/motor": [[11, 17]]},
    )
    found = prove(record).record
    assert found is not None
    assert found.spans["/motor"] == [(11, 17)]
    assert RENT.name == found.function
