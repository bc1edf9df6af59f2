"""Days, their places and their arithmetic: months that end, weeks that begin on Monday."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple


class Day(NamedTuple):
    """A day, a month or a year, and its place."""

    start: int
    end: int
    date: date
    note: str = ""
    kind: str = "date"  # "date", "month", "year"
    time: str = ""  # the part of the day that is said with it: 今晚, tonight

    @property
    def plain(self) -> str | int:
        """ISO text; a year as a number."""
        if self.kind == "year":
            return self.date.year
        iso = self.date.isoformat()
        return iso[:7] if self.kind == "month" else iso


def day(year: int, month: int, number: int) -> date | None:
    """The day, None where the calendar has none."""
    try:
        return date(year, month, number)
    except (ValueError, OverflowError):
        return None


def shift(start: date, number: float, unit: str) -> date | None:
    """So many days, weeks, months or years later; the 31st becomes a shorter month's last day."""
    try:
        if unit in ("month", "quarter", "year", "decade", "century"):
            size = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit]
            total = start.year * 12 + start.month - 1 + round(number * size)
            year, month = divmod(total, 12)
            return date(year, month + 1, min(start.day, month_length(year, month + 1)))
        size = {"day": 1, "week": 7, "fortnight": 14}[unit]
        return start + timedelta(days=round(number * size))
    except (ValueError, OverflowError, KeyError):
        return None


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    return months.monthrange(year, month)[1]


def month_end(start: date) -> date:
    """The last day of this day's month."""
    return start.replace(day=month_length(start.year, start.month))


def weekday(now: date, weeks: int, number: int) -> date | None:
    """The weekday (Monday 0) of the week so many weeks after this one; weeks begin on Monday."""
    return shift(now, number - now.weekday() + 7 * weeks, "day")


def coming(now: date, number: int) -> date | None:
    """The next such weekday, today included."""
    return shift(now, (number - now.weekday()) % 7, "day")


def in_month(start: int, end: int, base: date, number: int | None, edge: str) -> Iterator[Day]:
    """A day of this month, an edge of it (底, 初), or the month itself."""
    if number is not None:
        found = day(base.year, base.month, number)
        if found:
            yield Day(start, end, found)
    elif edge:
        found = {"底": month_end(base), "末": month_end(base), "中": base.replace(day=15)}.get(edge)
        yield Day(start, end, found or base)
    else:
        yield Day(start, end, base, kind="month")


def yearless(
    start: int, end: int, month: int, number: int | None, edge: str, now: date
) -> Iterator[Day]:
    """This year's; and next year's as a second reading where this year's has gone by."""
    this = list(in_month(start, end, date(now.year, month, 1), number, edge))
    if now.year < 9999:
        later = list(in_month(start, end, date(now.year + 1, month, 1), number, edge))
        if not this or this[0].date < now:
            this += [one._replace(note="ambiguous") for one in later]
    yield from this
