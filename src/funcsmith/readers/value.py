"""What a reader finds: a plain value, the place it stands at, and the characters it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from funcsmith.readers.characters import fold, lower

HIDDEN = "\ue000"

Kind = Literal[
    "integer", "number", "percent", "fraction", "discount", "ordinal",
    "money", "quantity", "duration",
    "date", "datetime", "time", "month", "year", "range",
    "boolean", "string", "email", "url", "id", "phone", "list", "object",
]  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One reading of one place: `text[start:end] == value.text`, in code points.

    `value` is plain JSON: numbers as int or float, dates as ISO text, a duration in seconds.
    `note` says what to be careful about: "part" (inside a larger reading), "article" (a, an, 一个),
    "approximate", "ambiguous", "quoted", "name", "bare".
    """

    kind: str
    value: Any
    start: int
    end: int
    text: str
    unit: str | None = None
    items: tuple[Value, ...] = ()
    note: str = ""

    def noted(self, note: str) -> Value:
        """The same value with another note."""
        return replace(self, note=note)


class Source:
    """A text in the forms that readers look at; all have the text's own offsets."""

    def __init__(self, text: str, now: datetime | None = None) -> None:
        self.text = text
        self.folded = fold(text)
        self.lower = lower(self.folded)
        self.open = self.lower
        self._now = now

    def move(self, today: date) -> None:
        """Let relative days be told from this one; the time of day stays."""
        self._now = self.now.replace(year=today.year, month=today.month, day=today.day)

    def shut(self, spans: Iterable[tuple[int, int]]) -> None:
        """Hide these spans from `open`: what stands in an address or a code is not a number."""
        parts: list[str] = []
        at = 0
        for start, end in sorted(spans):
            if end > at:
                start = max(start, at)
                parts += [self.open[at:start], HIDDEN * (end - start)]
                at = end
        self.open = "".join(parts) + self.open[at:]

    @property
    def now(self) -> datetime:
        """What relative dates are relative to: as given, else this machine's clock."""
        if self._now is None:
            self._now = datetime.now().astimezone()
        return self._now

    def value(
        self,
        kind: Kind,
        value: Any,
        start: int,
        end: int,
        *,
        unit: str | None = None,
        items: tuple[Value, ...] = (),
        note: str = "",
    ) -> Value:
        """A value at this place of the text."""
        return Value(kind, value, start, end, self.text[start:end], unit, items, note)
