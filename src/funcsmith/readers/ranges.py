"""Ranges: two values of a kind with a word between them, 3-5 kg, 10点到16点, between 3 and 5."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from funcsmith.readers.units import UNITS
from funcsmith.readers.value import Source, Value

_NUMBERS = ("integer", "number")
_MEASURED = ("quantity", "money", "percent", "duration")
_KINDS = (*_NUMBERS, *_MEASURED, "date", "time", "datetime", "month", "year")


def read_ranges(source: Source, values: Sequence[Value]) -> Iterator[Value]:
    """Every range of numbers, quantities, times and dates; its two ends are its items."""
    ends: dict[int, list[Value]] = defaultdict(list)
    for value in values:
        bare = value.kind in _NUMBERS and value.note == "part"
        if value.kind in _KINDS and value.note != "article" and not bare:
            ends[value.start].append(value)
    for start in sorted(ends):
        for first in ends[start]:
            second = _second(source, first, ends)
            if second is None:
                continue
            pair = _matched(first, second)
            if pair is None:
                continue
            low, high = pair
            unit = high.unit if high.unit == low.unit else None
            yield source.value(
                "range", [low.value, high.value], low.start, high.end, unit=unit, items=pair
            )
            if low != first:
                yield low
            break


def _second(source: Source, first: Value, ends: dict[int, list[Value]]) -> Value | None:
    joint = _joint().match(source.lower, first.end)
    if joint is None or joint.end() not in ends:
        return None
    if joint["and"] and not (
        _between().search(source.lower[max(first.start - 10, 0) : first.start])
        or "间" in source.lower[joint.end() : joint.end() + 16]
    ):
        return None
    options = [value for value in ends[joint.end()] if value.kind == first.kind]
    if options and first.kind not in _NUMBERS:
        same_unit = [value for value in options if value.unit == first.unit]
        return _later(first, same_unit or options)
    if first.kind in _NUMBERS:
        there = ends[joint.end()]
        larger = [one for one in there if one.kind in (*_MEASURED, "time")]
        return next(iter(larger or options or [one for one in there if one.kind in _NUMBERS]), None)
    if first.kind == "datetime":
        options = [one for one in ends[joint.end()] if one.kind == "time"]
        return options[0] if options else None
    return None


def _later(first: Value, options: list[Value]) -> Value:
    """下午2点到4点: of 04:00 and 16:00 the one that comes after the beginning."""
    if first.kind in ("time", "date", "datetime"):
        for option in options:
            if str(option.value) > str(first.value):
                return option
    return options[0]


def _matched(first: Value, second: Value) -> tuple[Value, Value] | None:
    """Both ends in one kind: of 3-5 kg the 3 is kilograms too, of 3月1日到5日 the 5th is March's."""
    if first.kind == second.kind:
        if first.kind == "date" and second.note == "ambiguous" and len(second.text) <= 4:
            moved = str(first.value)[:8] + str(second.value)[8:]
            if moved > str(first.value):
                second = replace(second, value=moved, note="")
        if first.kind in _NUMBERS or first.unit == second.unit or first.kind in _MEASURED:
            return first, second
        return first, second
    if first.kind in _NUMBERS and second.kind in _NUMBERS:
        return first, second
    if first.kind in _NUMBERS and second.kind in ("quantity", "money", "percent"):
        return replace(first, kind=second.kind, unit=second.unit, note="part"), second
    if first.kind in _NUMBERS and second.kind == "duration" and second.unit:
        seconds = first.value * UNITS[second.unit].factor
        plain = int(seconds) if seconds == int(seconds) else seconds
        return replace(first, kind="duration", value=plain, unit=second.unit, note="part"), second
    if first.kind == "integer" and second.kind == "time" and 0 <= first.value <= 24:
        hour = first.value
        if hour < 12 and int(second.value[:2]) >= 12 and hour + 12 < int(second.value[:2]):
            hour += 12
        return replace(first, kind="time", value=f"{hour:02d}:00", note="part"), second
    if first.kind == "datetime" and second.kind == "time":
        day = str(first.value)[:11]
        full = second.value if len(second.value) > 5 else second.value + ":00"
        moved = day + full
        if moved < first.value and int(full[:2]) < 12:
            moved = f"{day}{int(full[:2]) + 12:02d}{full[2:]}"
        return first, replace(second, kind="datetime", value=moved)
    return None


@cache
def _joint() -> re.Pattern[str]:
    return re.compile(
        r" ?(?:到|至|直到|~|–|—{1,2}|\.\.\.?) ?|--?| --? | (?:to|through|till|until|thru|up to) (?:the )?"
        r"|(?P<and> and | ?[和与] ?)"
    )


@cache
def _between() -> re.Pattern[str]:
    return re.compile(r"(?:between |介于 ?|在 ?|从 ?)(?:the )?$")
