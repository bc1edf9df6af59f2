"""The words right beside a value say which parameter it is, where they speak of one alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from funcsmith.contract import Tool
from funcsmith.generate.certainty import Certainty
from funcsmith.generate.filling import settle
from funcsmith.generate.kinds import properties
from funcsmith.generate.options import options
from funcsmith.generate.roles import named_beside
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)
WALL = {
    "width_m": {"type": "number", "description": "墙的总宽，米"},
    "height_m": {"type": "number", "description": "墙高，米"},
}
BOX = {
    "length_cm": {"type": "number", "description": "length of the box"},
    "depth_cm": {"type": "number", "description": "depth of the box"},
}
TRAIN = {
    "origin": {"type": "string", "description": "出发城市"},
    "destination": {"type": "string", "description": "到达城市"},
}


@pytest.mark.parametrize(
    ("text", "said", "wanted", "name"),
    [
        ("墙高两米七，要几卷", "两米七", WALL, "height_m"),
        ("总宽是 12 米", "12 米", WALL, "width_m"),
        ("墙是两米七", "两米七", WALL, None),
        ("有两米七", "两米七", WALL, None),
        ("总宽，2.7 米", "2.7 米", WALL, None),
        ("a depth of 30 cm", "30 cm", BOX, "depth_cm"),
        ("the box has 30 cm", "30 cm", BOX, None),
        ("买张去成都的票", "成都", TRAIN, "destination"),
        ("从成都走", "成都", TRAIN, "origin"),
        ("成都的票", "成都", TRAIN, None),
        ("a ticket from Lyon", "Lyon", TRAIN, "origin"),
    ],
)
def test_words_beside_a_value(
    text: str, said: str, wanted: dict[str, Any], name: str | None
) -> None:
    """Only what stands at the value and is one parameter's own word names it."""
    at = text.index(said)

    assert named_beside(text, (at, at + len(said)), wanted) == name


def filled(text: str, wanted: dict[str, Any], **written: Any) -> tuple[dict[str, Any], Any]:
    tool = Tool(name="f", parameters={"properties": wanted, "required": list(wanted)})
    values = read(text, now=NOW)
    offers = {n: options(text, n, s, values=values, now=NOW) for n, s in properties(tool).items()}
    sure: Any = {name: Certainty(0.95, 0.01) for name in written}
    found = settle(text, tool, written, offers, values=values, now=NOW, given={}, sure=sure)
    return found.arguments, found.missing


@pytest.mark.parametrize(
    ("text", "wanted", "written", "arguments", "missing"),
    [
        ("墙高两米七，要几卷", WALL, {"width_m": 2.7}, {"height_m": 2.7}, ("width_m",)),
        ("买张去成都的票", TRAIN, {"origin": "成都"}, {"destination": "成都"}, ("origin",)),
        (
            "从成都去昆明", TRAIN, {"origin": "成都", "destination": "昆明"},
            {"origin": "成都", "destination": "昆明"}, (),
        ),
        ("总宽 5 米，墙高 3 米", WALL, {"width_m": 5, "height_m": 3},
         {"width_m": 5, "height_m": 3}, ()),
    ],
)  # fmt: skip
def test_value_goes_where_its_words_say(
    text: str, wanted: dict[str, Any], written: dict[str, Any], arguments: dict[str, Any],
    missing: tuple[str, ...],
) -> None:  # fmt: skip
    """A value that the model gave to another parameter is moved to the empty one that is named."""
    assert filled(text, wanted, **written) == (arguments, missing)
