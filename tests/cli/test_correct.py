"""funcsmith library correct."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from funcsmith.library import Library
from funcsmith.library.corrections import corrections
from funcsmith.settings import settings

DOUBLE = 'def double(n: int) -> int:\n    """把 n 加倍。"""\n    return 2 * n\n'


@pytest.fixture
def kept(environment: Path) -> Path:
    library = Library.open(settings())
    library.add(DOUBLE)
    library.close()
    return environment


def test_each_kind_is_kept(command: Callable[..., tuple[int, str, str]], kept: Path) -> None:
    """Arguments, another function, and a better source are written down, each with its text."""
    better = kept.parent / "better.py"
    better.write_text(DOUBLE.replace("2 * n", "n + n"), "utf-8")

    told = command("library", "correct", "double", "四加倍", "--args", '{"n": 4}')
    command("library", "correct", "double", "一半是多少", "--rejected", "--json")
    command("library", "correct", "double", "五加倍", "--source", str(better))

    assert told[0] == 0 and "corrected" in told[1]
    assert [(one.text, one.what, one.arguments) for one in corrections(kept)] == [
        ("四加倍", "arguments", {"n": 4}),
        ("一半是多少", "rejected", {}),
        ("五加倍", "candidate", {}),
    ]
    assert (
        "n + n"
        in json.loads((kept / "corrections.jsonl").read_text("utf-8").splitlines()[2])["source"]
    )


@pytest.mark.parametrize(
    "wrong",
    [
        ["double", "x"],
        ["double", "x", "--rejected", "--args", "{}"],
        ["double", "x", "--args", '{"n": "four"}'],
        ["double", "x", "--args", "4"],
        ["treble", "x", "--rejected"],
        ["double", "", "--rejected"],
        ["double", "x", "--source", "absent.py"],
    ],
)
def test_what_says_too_little_keeps_nothing(
    command: Callable[..., tuple[int, str, str]], kept: Path, wrong: list[str]
) -> None:
    """A correction that does not fit is refused, and nothing is written."""
    code, out, err = command("library", "correct", *wrong)

    assert code != 0 and out == "" and err
    assert list(corrections(kept)) == []
