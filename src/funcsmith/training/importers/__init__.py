"""Where records come from: one file a source, each an iterator of records and of what it left.

An importer only reads. Whether what it says is true is proven later, so it may be generous.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ...errors import InputInvalid
from ..record import Record

SOURCES = (
    "seal_tools",
    "glaive",
    "snips",
    "mbpp",
    "snippets",
    "routing",
    "phrasebook",
    "docstrings",
    "library",
)
"""Those that need no file named; user files come beside them."""
PUBLIC = SOURCES[:-1]
"""Those that hold nothing of the user's own."""


@dataclass(frozen=True)
class Left:
    """A row that gave no record, and why."""

    origin: str
    reason: str


@dataclass(frozen=True)
class Where:
    """Where importers look."""

    data: Path | None
    """The folder of FUNCSMITH_DATA."""
    packages: tuple[str, ...] = ()
    """Installed packages whose docstrings are read beside those of the standard library."""


Found = Record | Left
Importer = Callable[[Where], Iterator[Found]]


def importer(name: str) -> Importer:
    """The importer of a source. Raises `InputInvalid` for one that is not known."""
    if name not in SOURCES:
        listed = ", ".join(SOURCES)
        raise InputInvalid(
            {"en": f"There is no source {name}.", "zh": f"没有数据来源 {name}。"},
            hint={"en": f"Sources: {listed}", "zh": f"可用来源：{listed}"},
        )
    found: Importer = import_module(f".{name}", __name__).found
    return found


__all__ = ["PUBLIC", "SOURCES", "Found", "Importer", "Left", "Where", "importer"]
