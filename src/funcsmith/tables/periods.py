"""Months, quarters and years that a text speaks of, as they stand in a column of days.

A small model knows what 四月 is and forgets to look at the column; so it is told where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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


def periods(text: str) -> list[tuple[str, str]]:
    """Each month, quarter and year with the condition on a day that is ISO text, called `day` here.

    >>> periods("三月份一共卖出多少"), periods("orders in December 2023")
    ([('三月份', 'day[5:7] == "03"')], [('December 2023', 'day[:7] == "2023-12"')])
    """
    found: list[tuple[str, str]] = []
    for match in _MONTH_ZH.finditer(text):
        number = _NUMBERS.get(match["m"]) or int(match["m"])
        found.append((match[0], _month(match["y"], number)))
    for match in _MONTH_EN.finditer(text):
        number = _NAMES.index(match["m"][:3].casefold()) + 1
        found.append((match[0].strip(), _month(match["y"], number)))
    for match in _QUARTER.finditer(text):
        said = match["zh"] or match["en"] or match["word"]
        quarter = "一二三四".find(said) + 1 or _ORDINALS.get(said.casefold()) or int(said)
        months = ", ".join(f'"{3 * quarter - 2 + at:02d}"' for at in range(3))
        found.append((match[0], f"day[5:7] in ({months})"))
    for match in _YEAR.finditer(text):
        found.append((match[0].strip(), f'day[:4] is "{match["zh"] or match["en"]}"'))
    return found


def hints(text: str, inputs: Mapping[str, Any]) -> list[str]:
    """What a prompt says of the periods of a text; nothing where no column holds days."""
    columns = day_columns(inputs)
    if not columns:
        return []
    place = f'row["{columns[0]}"]' if len(columns) == 1 else "day"
    return [f"{words}: {said.replace('day[', f'{place}[', 1)}" for words, said in periods(text)[:4]]


def query_hints(text: str, inputs: Mapping[str, Any]) -> list[str]:
    """The same for one who writes SQL.

    >>> query_hints("三月份一共卖出多少", {"data": [{"日期": "2024-03-05"}]})
    ['三月份: substr("日期", 6, 2) = \\'03\\'']
    """
    columns = day_columns(inputs)
    if not columns:
        return []
    place = f'"{columns[0]}"' if len(columns) == 1 else "day"
    return [
        f"{words}: {_SLICE.sub(lambda m: _substring(m, place), said)}".replace("==", "=").replace(
            "is '", "= '"
        )
        for words, condition in periods(text)[:4]
        for said in (condition.replace('"', "'"),)
    ]


_SLICE = re.compile(r"day\[(\d*):(\d+)\]")


def _substring(match: re.Match[str], place: str) -> str:
    start = int(match[1] or 0)
    return f"substr({place}, {start + 1}, {int(match[2]) - start})"


def _month(year: str | None, number: int) -> str:
    return f'day[:7] == "{year}-{number:02d}"' if year else f'day[5:7] == "{number:02d}"'


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
