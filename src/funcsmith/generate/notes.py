"""What the readers know and a small model gets wrong, said to it beside the text.

Chinese numerals, discounts (打七五折 is 75 % of the price, not 75 % off) and days that are relative
to now. Nothing here is invented: each note is the reading of characters in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from ..readers import Value

_HAN = re.compile("[\u3400-\u9fff]")
_PLAIN_DAY = re.compile(
    "[a-z]+day|(星期|周|礼拜)[一二三四五六日天]|昨[天晚日]|last night", re.IGNORECASE
)
_MOST = 8


def notes(values: Sequence[Value], now: datetime | None) -> str:
    """One bracket with the notes, or nothing.

    >>> notes([], None)
    ''
    """
    said: list[str] = []
    last = -1
    quoted = [value for value in values if value.note == "quoted"]
    for value in values:
        if value.start < last or value.note in ("part", "article", "bare", "name"):
            continue
        inside = any(
            q.start <= value.start and value.end <= q.end and q.text != value.text for q in quoted
        )
        note = "" if inside else _note(value, now)
        if note:
            said.append(note)
            last = value.end
    if not said:
        return ""
    return f"（{'；'.join(dict.fromkeys(said[:_MOST]))}）"


def _note(value: Value, now: datetime | None) -> str:
    text = value.text.strip()
    if value.kind == "discount" and isinstance(value.value, (int, float)):
        return f"{text} = ×{value.value:g}"
    if value.kind == "date" and isinstance(value.value, str):
        # «今天» with clock times is no date to compute with, nor is "a Friday".
        today = now is not None and value.value[:10] == now.date().isoformat()
        if today or _PLAIN_DAY.fullmatch(text) or any(c.isdigit() for c in text):
            return ""
        day = date.fromisoformat(value.value[:10])
        return f"{text} = {value.value}" + (f" {day:%A}" if not _HAN.search(text) else "")
    if value.kind in ("integer", "number", "money", "quantity", "fraction", "percent"):
        if not _HAN.search(text) or not isinstance(value.value, (int, float)):
            return ""
        # 三个 is plain to any model; 三千五 and 两万零八 are not.
        numeral = re.match(
            "[〇零一二两三四五六七八九十百千万亿点半分之壹贰叁肆伍陆柒捌玖拾佰仟]+", text
        )
        if numeral is None or len(numeral.group()) < 2:
            return ""
        return (
            f"{numeral.group()} = {value.value:g}"
            if value.value < 1e6
            else (f"{numeral.group()} = {value.value}")
        )
    return ""
