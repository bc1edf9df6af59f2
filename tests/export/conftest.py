"""A library of functions that are not easy to export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funcsmith.execute import default_sandbox
from funcsmith.generate.own_examples import judged_by_own_examples
from funcsmith.library import Library
from funcsmith.settings import settings

SOURCES = {
    "阶乘": 'def 阶乘(n: int) -> int:\n    """n 的阶乘。\n\n    n：正整数\n\n    >>> 阶乘(5)\n    120\n    """\n'
    "    return 1 if n < 2 else n * 阶乘(n - 1)\n",
    "half": 'def _cut(x):\n    return x / 2\n\n\ndef half(x: float) -> float:\n    """Half of x.\n\n'
    '    >>> half(0.3)\n    0.15\n    """\n    return _cut(x)\n',
    "third": "def _cut(x):\n    return x / 3\n\n\ndef third(x: float, digits: int = 3) -> float:\n"
    '    """A third of x.\n\n    >>> third(1.0)\n    0.333\n    """\n'
    "    return round(_cut(x), digits)\n",
    "Half": 'def Half(x: str) -> str:\n    """The first half of a text.\n\n    >>> Half("abcd")\n'
    '    \'ab\'\n    """\n    return x[: len(x) // 2]\n',
    "con": "from datetime import date\n\n\ndef con(day: date) -> dict[str, int]:\n"
    '    """The parts of a day."""\n    return {"year": day.year, "month": day.month}\n',
}


@pytest.fixture
def library() -> Iterator[Library]:
    opened = Library.open(settings())
    for name, source in SOURCES.items():
        saved = opened.add(source, name=name, origin="given")
        judged_by_own_examples(saved, opened, default_sandbox())
    opened.set_verdict(
        "con",
        "agreed",
        evidence=[
            {"kind": "agreement", "call": "con(datetime.date(2026, 3, 1))",
             "got": "{'year': 2026, 'month': 3}", "candidates": 3},
            {"kind": "run", "call": "con('x')", "got": "AttributeError: no year (line 6)"},
            {"kind": "run", "call": "con(__import__('os').getpid())", "got": "{}"},
        ],
    )  # fmt: skip
    opened.alias("half", ["一半", "half of it"])
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "my-functions"
