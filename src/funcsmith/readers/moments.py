"""Dates and times as values, together where they are said together: 明天下午三点, 3pm on Friday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from funcsmith.readers.dates import scan_dates
from funcsmith.readers.days import Day, shift
from funcsmith.readers.times import Clock, scan_times
from funcsmith.readers.value import Source, Value


def read_moments(source: Source) -> Iterator[Value]:
    """Every date, time and datetime; a datetime's date and time follow it as its parts."""
    days, clocks = scan_dates(source), scan_times(source)
    joined_days: set[tuple[int, int]] = set()
    joined_clocks: set[Clock] = set()
    late: set[Clock] = set()
    before = {day.end: day for day in reversed(days)}
    after = {day.start: day for day in reversed(days)}
    for clock in clocks:
        day = _day_before(source.lower, clock, before) or _day_after(source.lower, clock, after)
        if day is None or day.kind != "date":
            continue
        joined_days.add(day[:2])
        joined_clocks.add(clock)
        if day.time == "晚":
            late.add(clock)
        for one in days:
            if one[:2] == day[:2] and one.kind == "date":
                yield from _joined(source, one, clock)
    for day in days:
        note = day.note or ("part" if day[:2] in joined_days else "")
        yield source.value(day.kind, day.plain, day.start, day.end, note=note)  # type: ignore[arg-type]
    for clock in clocks:
        note = "part" if clock in joined_clocks else ""
        if clock in late:
            note = "ambiguous"
        yield source.value("time", clock.plain, clock.start, clock.end, note=note)
        if clock.ambiguous:
            other = clock._replace(hour=clock.hour + 12).plain
            yield source.value("time", other, clock.start, clock.end, note="ambiguous")


def read_distances(source: Source, durations: list[Value]) -> Iterator[Value]:
    """A moment some hours or minutes away: 半小时后, in 2 hours, 20 minutes ago."""
    for value in durations:
        if value.unit not in ("h", "min", "s", "刻钟") or not isinstance(value.value, (int, float)):
            continue
        tail = _tail().match(source.lower, value.end)
        lead = _lead().search(source.lower[max(value.start - 8, 0) : value.start])
        if tail is None and lead is None:
            continue
        back = bool(tail and tail.group().strip().endswith(("前", "ago", "earlier")))
        try:
            moment = source.now + timedelta(seconds=-value.value if back else value.value)
        except (OverflowError, ValueError):
            continue
        start = value.start - len(lead.group().lstrip()) if lead and not tail else value.start
        end = tail.end() if tail else value.end
        iso = moment.replace(microsecond=0, tzinfo=None).isoformat()
        yield source.value("datetime", iso, start, end)


def _joined(source: Source, day: Day, clock: Clock) -> Iterator[Value]:
    start, end = min(day.start, clock.start), max(day.end, clock.end)
    hour = clock.hour
    late = day.time == "晚" and 1 <= hour <= 11 and clock.part in ("", ":", ":24")
    if late:
        hour += 12
    date = shift(day.date, clock.day, "day")
    if date is None:
        return
    parts = (
        source.value("date", day.plain, day.start, day.end),
        source.value("time", clock._replace(hour=hour).plain, clock.start, clock.end),
    )
    midnight = datetime.fromisoformat(date.isoformat())
    moment = midnight + timedelta(hours=hour, minutes=clock.minute, seconds=clock.second)
    zone = _ZONES.get(clock.zone, "") if clock.zone else ""
    iso = moment.isoformat() + (zone or _iso_offset(source.text[clock.end : clock.end + 6]))
    yield source.value("datetime", iso, start, end, items=parts, note=day.note)
    if late:
        yield parts[1].noted("part")
    if clock.ambiguous and not late and day.time != "早":
        other = moment + timedelta(hours=12)
        yield source.value("datetime", other.isoformat(), start, end, items=parts, note="ambiguous")


def _day_before(text: str, clock: Clock, days: dict[int, Day]) -> Day | None:
    evening = days.get(clock.start + 1)
    if evening and evening.time:
        return evening
    for match_start in range(clock.start, max(clock.start - 8, -1), -1):
        day = days.get(match_start)
        if day:
            return day if _between().fullmatch(text[match_start : clock.start]) else None
    return None


def _day_after(text: str, clock: Clock, days: dict[int, Day]) -> Day | None:
    for start in range(clock.end, min(clock.end + 7, len(text))):
        if start in days:
            between = text[clock.end : start]
            return days[start] if _linking().fullmatch(between) else None
    return None


def _iso_offset(after: str) -> str:
    match = re.match(r"[+-][0-9]{2}:[0-9]{2}", after)
    return match.group() if match else ""


_ZONES = {"Z": "+00:00", "UTC": "+00:00", "GMT": "+00:00"}


@cache
def _between() -> re.Pattern[str]:
    return re.compile(
        r"的| ?,? ?(?:at |t)?| ?[,，] ?|在|[(（][^()（）]{2,4}[)）] ?| ?(?:周|星期)[一二三四五六日天] ?|的? ?"
    )


@cache
def _linking() -> re.Pattern[str]:
    return re.compile(r" ?,? ?(?:on |the )?| of |的")


@cache
def _tail() -> re.Pattern[str]:
    return re.compile("(?:之|以)?[后前]| (?:ago|earlier|from now|later)(?![a-z])")


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(r"(?:^|(?<![a-z]))in $")
