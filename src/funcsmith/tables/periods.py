"""Months, quarters and years that a text speaks of, as they stand in a column of days.

A small model knows what 四月 is and forgets to look at the column; so it is told where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .table import described, is_table


def day_columns(inputs: Mapping[str, Any]) -> list[str]:
    """The columns that hold days or moments."""
    return [
        column.name
        for value in inputs.values()
        if is_table(value)
        for column in described(value)
        if column.kind in ("date", "datetime")
    ]


@dataclass(frozen=True)
class Period:
    """The words of a text that name days, and what their part of a day's ISO text is."""

    words: str
    start: int
    end: int
    values: tuple[str, ...]
    exact: bool = True
    """Whether days within it are meant; a year may also be one to count from."""

    def condition(self, day: str) -> str:
        """In Python, on the expression `day`."""
        part = f"{day}[{self.start or ''}:{self.end}]"
        if len(self.values) > 1:
            listed = ", ".join(f'"{one}"' for one in self.values)
            return f"{part} in ({listed})"
        return f'{part} {"==" if self.exact else "is"} "{self.values[0]}"'

    def query_condition(self, day: str) -> str:
        """In SQL."""
        part = f"substr({day}, {self.start + 1}, {self.end - self.start})"
        if len(self.values) > 1:
            listed = ", ".join(f"'{one}'" for one in self.values)
            return f"{part} in ({listed})"
        return f"{part} = '{self.values[0]}'"


def periods(text: str) -> list[Period]:
    """Each month, quarter and year that a text names.

    >>> [one.condition("day") for one in periods("三月份一共卖出多少, 2023")]
    ['day[5:7] == "03"']
    >>> [one.query_condition("day") for one in periods("orders in December 2023")]
    ["substr(day, 1, 7) = '2023-12'"]
    """
    found: list[Period] = []
    for match in _MONTH_ZH.finditer(text):
        number = _NUMBERS.get(match["m"]) or int(match["m"])
        found.append(_month(match[0], match["y"], number))
    for match in _MONTH_EN.finditer(text):
        number = _NAMES.index(match["m"][:3].casefold()) + 1
        found.append(_month(match[0].strip(), match["y"], number))
    for match in _QUARTER.finditer(text):
        said = match["zh"] or match["en"] or match["word"]
        quarter = "一二三四".find(said) + 1 or _ORDINALS.get(said.casefold()) or int(said)
        months = tuple(f"{3 * quarter - 2 + at:02d}" for at in range(3))
        found.append(Period(match[0], 5, 7, months))
    for match in _YEAR.finditer(text):
        found.append(Period(match[0].strip(), 0, 4, (match["zh"] or match["en"],), exact=False))
    return found


def hints(text: str, inputs: Mapping[str, Any], *, query: bool = False) -> list[str]:
    """What a prompt says of the periods of a text, to one who writes Python, or a query; nothing
    where no column holds days.

    >>> hints("三月份一共卖出多少", {"data": [{"日期": "2024-03-05"}]}, query=True)
    ['三月份: substr("日期", 6, 2) = \\'03\\'']
    """
    columns = day_columns(inputs)
    if not columns:
        return []
    some = periods(text)[:4]
    place = f'"{columns[0]}"' if query else f'row["{columns[0]}"]'
    day = place if len(columns) == 1 else "day"
    if query:
        return [f"{one.words}: {one.query_condition(day)}" for one in some]
    return [f"{one.words}: {one.condition(day)}" for one in some]


def _month(words: str, year: str | None, number: int) -> Period:
    if year:
        return Period(words, 0, 7, (f"{year}-{number:02d}",))
    return Period(words, 5, 7, (f"{number:02d}",))


_NUMBERS = {
    said: at for at, said in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)
}
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTH_ZH = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)年)?(?<![\d一二三四五六七八九十])(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
    r"月份?(?!\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号])(?![薪租费供结])"
)
_MONTH_EN = re.compile(
    r"\b(?P<m>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b(?!\s*\d{1,2}\b(?!\d))"
    r"(?:[,\s]+(?P<y>(?:19|20)\d\d)\b)?"
)
_QUARTER = re.compile(
    r"第?(?P<zh>[一二三四1-4])季度|\bQ(?P<en>[1-4])\b|\b(?P<word>first|second|third|fourth) quarter\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?P<zh>(?:19|20)\d\d)年(?!\s*\d{1,2}月)|\b(?:in|of|during|since|before|after) (?P<en>(?:19|20)\d\d)\b"
)
