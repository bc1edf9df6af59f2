"""The function that was saved for a text about data, where it can be used on these data; no model.

It is the same text, and every column that the function reads is there and of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..tables.columns import fit

if TYPE_CHECKING:
    from ..library import Library, Saved


def saved_for(text: str, inputs: Mapping[str, Any], library: Library) -> Saved | None:
    """The saved function, or None where a new one has to be written."""
    found = library.find_text(text)
    if found is None:
        return None
    saved = found[0]
    columns = columns_of(saved)
    return saved if columns is not None and fit(columns, inputs) else None


def columns_of(saved: Saved) -> dict[str, dict[str, str]] | None:
    """The columns that a saved function reads, by input; None for one that is not of data."""
    for fact in saved.evidence:
        columns = fact.get("columns")
        if fact.get("kind") == "data" and isinstance(columns, dict):
            return columns
    return None
