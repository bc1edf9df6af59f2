"""A result's value in words: numbers, days, lengths of time, lists. Never rounded, never retyped."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from ..contract import Result
from ..errors import Language
from ..generate.behaviour import value_of
from ..readers.units import names_of

Kind = Literal[
    "number", "boolean", "text", "date", "datetime", "time", "duration", "list", "mapping",
    "table", "none", "figure", "other",
]  # fmt: skip

_GROUPED = 10_000
"""From here on English groups digits; below it a number may be a year."""
_ITEMS = 30
_DIGITS = 60


@dataclass(frozen=True)
class Said:
    """A value as it stands in a sentence."""

    kind: Kind
    text: str
    value: Any = None
    whole: bool = True
    """Whether the words are all of the value; else `value` in the outcome has the rest."""

    @property
    def one(self) -> bool:
        """Whether it is the number one, for agreement."""
        return self.kind == "number" and self.value == 1


def spoken(result: Result, language: Language, unit: str | None = None) -> Said:
    """What a call gave, in words; `unit` (a canonical symbol or a currency) goes with a number."""
    if result.is_figure:
        return Said(
            "figure", "一幅图（PNG）" if language == "zh" else "a drawing (PNG)", whole=False
        )
    value = value_of(result)
    if type(value).__module__.partition(".")[0] in ("numpy", "pandas"):
        value = result.value
    if value is None and result.value is None and result.typed is None and result.repr != "None":
        return Said("other", result.repr or "", whole=False)
    return said_of(value, language, unit=unit, otherwise=result.repr)


def said_of(
    value: Any, language: Language, *, unit: str | None = None, otherwise: str | None = None
) -> Said:
    """A Python value in words.

    >>> said_of(12.5, "zh", unit="CNY").text, said_of([2, 3, 5], "en").text
    ('12.5 元', '2, 3 and 5')
    """
    if isinstance(value, bool):
        said = ("否", "是") if language == "zh" else ("no", "yes")
        return Said("boolean", said[value], value)
    if value is None:
        return Said("none", "空值（None）" if language == "zh" else "nothing (None)")
    if isinstance(value, (int, float, Decimal, Fraction)):
        number = _number(value, language)
        if number is None:
            return Said("other", (otherwise or "")[:_DIGITS] + "…", value, whole=False)
        return Said("number", with_unit(number, value, unit, language), value)
    if isinstance(value, dt.datetime):
        return Said("datetime", _moment(value, language), value)
    if isinstance(value, dt.date):
        return Said("date", _day(value, language), value)
    if isinstance(value, dt.time):
        return Said("time", _clock(value), value)
    if isinstance(value, dt.timedelta):
        return Said("duration", _duration(value, language), value)
    if isinstance(value, str):
        return Said("text", value, value)
    if table_of(value) is not None:
        count = len(value)
        rows = f"{count} 行的表格" if language == "zh" else f"a table of {count} rows"
        return Said("table", rows, value, whole=False)
    if isinstance(value, Mapping):
        return _mapping(value, language, otherwise)
    if isinstance(value, (list, tuple, set, frozenset)):
        ordered = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else list(value)
        if isinstance(value, (set, frozenset)) and all(type(one) in (int, float) for one in value):
            ordered = sorted(value)
        return _list(ordered, language, unit, otherwise)
    return Said("other", otherwise if otherwise is not None else repr(value), value)


def spoken_with(said: Said, language: Language, unit: str | None) -> str:
    """The same number with a unit."""
    return said_of(said.value, language, unit=unit).text


def table_of(value: Any) -> tuple[list[str], list[list[Any]]] | None:
    """Records of the same fields as a table: its columns and rows; None for anything else."""
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return None
    columns = [str(key) for key in value[0]]
    if not columns or any([str(key) for key in one] != columns for one in value):
        return None
    return columns, [list(one.values()) for one in value]


def with_unit(number: str, value: Any, unit: str | None, language: Language) -> str:
    """A number with its unit, as the language writes it."""
    if unit is None:
        return number
    if unit == "%":
        return f"{number}%"
    if unit in _SYMBOL and language == "en":
        sign = "-" if number.startswith("-") else ""
        return f"{sign}{_SYMBOL[unit]}{_cents(number.removeprefix('-'))}"
    name = unit_name(unit, language, one=value == 1)
    glued = language == "en" and name.startswith("°")
    return f"{number}{name}" if glued else f"{number} {name}"


def unit_name(unit: str, language: Language, *, one: bool = False) -> str:
    """What a unit is called behind a number: 公里, km, days."""
    if language == "en":
        word = _WORDS.get(unit)
        if word is not None:
            return word if one else f"{word}s"
        return "yuan" if unit == "CNY" else unit
    known = _MONEY.get(unit) or _CHINESE.get(unit)
    if known is not None:
        return known
    chinese = (name for name in names_of(unit) if "\u3400" <= name[0] <= "\u9fff")
    return next(chinese, unit)


_SYMBOL = {"USD": "$", "EUR": "€", "GBP": "£"}
_MONEY = {
    "CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "JPY": "日元", "HKD": "港元", "KRW": "韩元",
    "TWD": "新台币", "AUD": "澳元", "CAD": "加元", "SGD": "新加坡元", "INR": "卢比", "RUB": "卢布",
}  # fmt: skip
_WORDS = {
    "s": "second", "min": "minute", "h": "hour", "day": "day", "week": "week", "month": "month",
    "year": "year",
}  # fmt: skip
_CHINESE = {
    "kg": "公斤", "g": "克", "m": "米", "km": "公里", "L": "升", "s": "秒", "min": "分钟", "h": "小时",
    "day": "天", "week": "周", "month": "个月", "year": "年", "t": "吨", "m²": "平方米",
}  # fmt: skip


def _number(value: float | Decimal | Fraction, language: Language) -> str | None:
    """A number in digits; None for an integer that is too long for a sentence."""
    if isinstance(value, int):
        if value.bit_length() > _DIGITS * 4:
            return None
        return f"{value:,}" if language == "en" and abs(value) >= _GROUPED else str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}" if value.denominator > 1 else str(value)
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value) < 10**30 else str(value)
    if math.isnan(value):
        return "非数值（NaN）" if language == "zh" else "not a number (NaN)"
    if math.isinf(value):
        said = "无穷大" if language == "zh" else "infinity"
        return f"{'负' if language == 'zh' else 'minus '}{said}" if value < 0 else said
    if value == int(value) and abs(value) < 1e15:
        return _number(int(value), language)
    short = f"{value:.15g}"
    if "e" in short:
        return repr(value)
    whole, point, rest = short.partition(".")
    if language == "en" and abs(value) >= _GROUPED:
        whole = f"{int(whole):,}"
    return f"{whole}{point}{rest}"


def _cents(number: str) -> str:
    """Money with one digit behind the point has two."""
    _, point, rest = number.partition(".")
    return f"{number}0" if point and len(rest) == 1 else number


def _day(day: dt.date, language: Language) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _moment(moment: dt.datetime, language: Language) -> str:
    zone = f" (UTC{moment:%z})" if moment.tzinfo is not None else ""
    between = " " if language == "zh" else ", "
    return f"{_day(moment, language)}{between}{_clock(moment.timetz())}{zone}"


def _clock(time: dt.time) -> str:
    said = f"{time.hour:02}:{time.minute:02}"
    if time.second or time.microsecond:
        said += f":{time.second:02}"
    return f"{said}.{time.microsecond:06}".rstrip("0") if time.microsecond else said


def _duration(length: dt.timedelta, language: Language) -> str:
    sign = ""
    if length < dt.timedelta(0):
        length, sign = -length, "负 " if language == "zh" else "minus "
    minutes, seconds = divmod(length.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    last: int | Decimal = seconds
    if length.microseconds:  # a float would say 1e-06
        last = (Decimal(length.microseconds).scaleb(-6) + seconds).normalize()
    counts = (("day", length.days), ("h", hours), ("min", minutes), ("s", last))
    parts = [
        with_unit(_number(count, language) or "", count, unit, language)
        for unit, count in counts
        if count
    ]
    return sign + (" ".join(parts) or with_unit("0", 0, "s", language))


def _list(
    items: Sequence[Any], language: Language, unit: str | None, otherwise: str | None
) -> Said:
    value = list(items)
    if not items:
        return Said(
            "list", "空（一项也没有）" if language == "zh" else "nothing (an empty list)", value
        )
    said = [said_of(one, language) for one in items]
    flat = all(one.kind not in ("list", "mapping", "table", "other", "figure") for one in said)
    if len(items) > _ITEMS or not flat:
        whole = otherwise if otherwise is not None else repr(items)
        return Said("list", whole, value)
    quoted = any(one.kind == "text" and _needs_quotes(one.text) for one in said)
    words = [f"“{one.text}”" if quoted and one.kind == "text" else one.text for one in said]
    if language == "zh":
        text = "、".join(words)
    else:
        # 1,234 among commas would be two items.
        between = "; " if any("," in word for word in words) else ", "
        text = f"{between.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
    if unit is not None and all(one.kind == "number" for one in said):
        text = with_unit(text, None, unit if unit not in _SYMBOL else None, language)
    return Said("list", text, value)


def _needs_quotes(text: str) -> bool:
    return (
        not text
        or text != text.strip()
        or any(mark in text for mark in ",，、;；\n")
        or (" and " in text)
    )


def _mapping(value: Mapping[Any, Any], language: Language, otherwise: str | None) -> Said:
    said = {str(key): said_of(one, language) for key, one in value.items()}
    flat = all(one.kind in ("number", "text", "boolean", "date", "none") for one in said.values())
    if not said or len(said) > _ITEMS or not flat:
        return Said("mapping", otherwise if otherwise is not None else repr(value), value)
    pair, between = ("{}：{}", "；") if language == "zh" else ("{}: {}", "; ")
    text = between.join(pair.format(key, one.text) for key, one in said.items())
    return Said("mapping", text, value)
