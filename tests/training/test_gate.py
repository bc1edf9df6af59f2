"""The gate: three engines answer the same records, and what lost too much is refused."""

from __future__ import annotations

import json

import pytest

from funcsmith.contract import Tool
from funcsmith.errors import AdapterUnfit
from funcsmith.models.engine import Capabilities, Completion
from funcsmith.training.gate import gate, passed
from funcsmith.training.record import Record

TOOL = Tool(
    name="f",
    parameters={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
)
RECORDS = [
    Record.of(text=f"f {n}", kind="parameters", tools=(TOOL,), function="f", arguments={"n": n})
    for n in range(10)
]


class Answers:
    """An engine that is right on the first so many records, with an adapter and without."""

    model = "scripted"
    capabilities = Capabilities(grammar=True)

    def __init__(self, adapted: int, base: int = 0) -> None:
        self.right = {None: adapted, "": base}

    def complete(self, prompt, sampling, *, cancel=None, on_text=None):
        n = int(prompt.messages[-1].content.rsplit(" ", 1)[1])
        said = n if n < self.right[sampling.adapter] else -1
        return Completion(json.dumps({"name": "f", "arguments": {"n": said}}))


def seen(trained: int, converted: int, base: int, allowed: float = 2.0):
    return gate(RECORDS, Answers(trained), Answers(converted, base), allowed_points=allowed)


def test_three_shares_on_the_same_records() -> None:
    """Before the conversion, after it, and without an adapter."""
    found = seen(9, 8, 3, 10)

    assert [one.right for one in (found.trained, found.converted, found.base)] == [9, 8, 3]
    assert found.lost_points == pytest.approx(10)
    assert found.gained_points == pytest.approx(50)
    assert passed(found) is found
    assert found.details["converted"]["exact"]["right"] == 8


@pytest.mark.parametrize(
    ("trained", "converted", "base", "why"),
    [(9, 8, 3, r"lost 10\.0 points: 9/10 .* 8/10 "), (5, 5, 6, "worse than its base")],
)
def test_adapter_that_lost_is_refused(trained: int, converted: int, base: int, why: str) -> None:
    """One of ten lost in the conversion is ten points; and no adapter may be worse than none."""
    with pytest.raises(AdapterUnfit, match=why) as refused:
        passed(seen(trained, converted, base))
    assert "没有安装" in refused.value.hint("zh")


def test_gain_is_no_loss() -> None:
    """An adapter that answers better after its conversion passes."""
    found = seen(7, 9, 9)

    assert passed(found).lost_points == pytest.approx(-20)
