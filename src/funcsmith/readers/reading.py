"""One text, every reading of it: the readers in order, each building on those before it."""

from __future__ import annotations

from datetime import datetime

from funcsmith.readers.booleans import read_booleans
from funcsmith.readers.dates import stated_today
from funcsmith.readers.lists import read_lists
from funcsmith.readers.literals import read_literals
from funcsmith.readers.moments import read_distances, read_moments
from funcsmith.readers.numbers import read_numbers, scan
from funcsmith.readers.quantities import read_quantities
from funcsmith.readers.ranges import read_ranges
from funcsmith.readers.shares import read_shares
from funcsmith.readers.strings import read_codes, read_names, read_numbered, read_quoted
from funcsmith.readers.value import Source, Value


def read(text: str, *, now: datetime | None = None) -> list[Value]:
    """Every value that the text states, overlapping readings too, by place and longest first.

    >>> [(value.kind, value.value, value.unit) for value in read("运 3.5 公斤")]
    [('quantity', 3.5, 'kg'), ('number', 3.5, None)]
    """
    source = Source(text, now)
    today = stated_today(source.lower)
    if today is not None:
        # What the text says of its own day counts more than the clock.
        source.move(today)
    codes = read_codes(source)
    source.shut((value.start, value.end) for value in codes)
    numbers = scan(source)
    larger = [
        *read_shares(source, numbers),
        *read_quantities(source, numbers),
        *read_moments(source),
    ]
    larger = [
        *_parts([v for v in larger if v.kind == "ordinal"], larger),
        *(v for v in larger if v.kind != "ordinal"),
    ]
    larger += read_distances(source, [value for value in larger if value.kind == "duration"])
    bare = _parts(list(read_numbers(source, numbers)), larger)
    single = _ordered([*codes, *read_numbered(source), *read_quoted(source), *larger, *bare])
    single += read_names(source)
    single = _ordered(single)
    single += read_ranges(source, single)
    single = _ordered(single)
    return _ordered(
        [
            *single,
            *read_lists(source, single),
            *read_literals(source),
            *read_booleans(source),
        ]
    )


def _ordered(values: list[Value]) -> list[Value]:
    unique: dict[tuple[str, str, int, int, str | None], Value] = {}
    for value in values:
        unique.setdefault(
            (value.kind, repr(value.value), value.start, value.end, value.unit), value
        )
    return sorted(unique.values(), key=lambda value: (value.start, -value.end))


def _parts(bare: list[Value], larger: list[Value]) -> list[Value]:
    """Note which bare numbers stand inside a larger reading."""
    spans = sorted({(value.start, value.end) for value in larger})
    noted: list[Value] = []
    place = 0
    reach: list[tuple[int, int]] = []
    for value in sorted(bare, key=lambda one: one.start):
        while place < len(spans) and spans[place][0] <= value.start:
            reach.append(spans[place])
            place += 1
        reach = [span for span in reach if span[1] > value.start]
        inside = any(
            end > value.end or start < value.start for start, end in reach if end >= value.end
        )
        if inside and value.note == "ambiguous":
            continue
        noted.append(value.noted("part") if inside and not value.note else value)
    return noted
