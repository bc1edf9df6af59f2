"""A call as filled from a text: what was found, where, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..readers import Value

Span = tuple[int, int]


@dataclass(frozen=True)
class Filled:
    """One call as filled: what was found, where, and what is missing."""

    function: str
    arguments: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    probability: float = 1.0
    unused: tuple[Value, ...] = ()
    """Values of the text that no argument took."""
    results: tuple[str, ...] = ()
    """Parameters that take what the call before this one gives."""
