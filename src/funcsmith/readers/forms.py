"""What a value may stand for: its plain forms, and its number in another unit."""

from __future__ import annotations

import re
from typing import Any

from funcsmith.readers import numerals
from funcsmith.readers.characters import fold
from funcsmith.readers.classifiers import find_count
from funcsmith.readers.currencies import PARTS, currency_of
from funcsmith.readers.units import UNITS, canonical, convert_number
from funcsmith.readers.value import Value


def forms(value: Value) -> list[Any]:
    """Every plain value that the text may stand for, the likeliest first.

    >>> forms(Value("percent", 12, 0, 3, "12%", "%"))
    [12, 0.12]
    """
    plain = value.value
    if value.kind == "percent":
        found = [plain, _number(plain / 100)]
    elif value.kind == "discount":
        found = _discount(value)
    elif value.kind == "duration":
        found = _duration(value)
    elif value.kind in ("money", "quantity", "integer", "number"):
        found = [plain, *_mantissa(value)]
    elif value.kind == "fraction":
        found = [plain, _number(plain * 100)]
    elif value.kind == "datetime":
        found = [
            plain,
            plain[:16],
            plain.replace("T", " "),
            plain[:16].replace("T", " "),
            value.text,
        ]
    elif value.kind == "time":
        found = [plain, plain if len(plain) > 5 else plain + ":00", value.text]
    elif value.kind in ("date", "month", "year"):
        found = [plain, value.text]
    elif value.kind == "phone":
        found = [plain, re.sub(r"[^0-9+]", "", fold(plain)), re.sub("[^0-9]", "", fold(plain))]
    elif value.kind == "list":
        found = [plain]
    else:
        found = [plain]
    return _unique(found)


def convert(value: Value, unit: str) -> float | None:
    """The value's number in another unit, None where it has none.

    >>> convert(Value("quantity", 350, 0, 6, "350 毫升", "ml"), "L")
    0.35
    """
    plain = value.value
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        return None
    if value.kind == "money":
        return _money(plain, value.unit or "", unit)
    wanted = unit if unit in UNITS else canonical(unit)
    if value.kind == "percent":
        return convert_number(plain, "%", wanted or "")
    if value.kind in ("fraction", "discount"):
        return convert_number(plain, "fraction", wanted or "")
    if value.unit is None:
        return None
    if value.kind == "duration":
        own = plain / UNITS[value.unit].factor
        number = convert_number(own, value.unit, wanted or "")
        return None if number is None else float(number)
    counted = find_count(unit, 0)
    if counted and counted[1] == len(unit) and counted[0] == value.unit:
        return float(plain)
    if value.unit == "deg" and wanted in ("°C", "°F"):
        return float(plain)
    return None if wanted is None else convert_number(plain, value.unit, wanted)


def _money(amount: float, code: str, unit: str) -> float | None:
    name = unit.strip().lower()
    scale = re.fullmatch("([十百千万亿]+)(.+)", fold(name))
    if scale and currency_of(scale.group(2)) == code:
        size = numerals.chinese("一" + scale.group(1)) or numerals.chinese(scale.group(1))
        return float(amount) / float(size) if size else None
    part = PARTS.get(name)
    if part and (part[0] == code or name.startswith("cent")):
        return float(_number(amount * part[1]))
    return float(amount) if unit == code or currency_of(name) == code else None


def _discount(value: Value) -> list[Any]:
    left = value.value
    off = _number((1 - left) * 100)
    if re.search("off|discount", value.text.lower()):
        return [off, _number(off / 100), left, _number(left * 100)]
    return [left, _number(left * 10), _number(left * 100), off, _number(off / 100)]


def _duration(value: Value) -> list[Any]:
    own = value.unit or "s"
    found = [_number(value.value / UNITS[own].factor)]
    for unit in ("min", "h", "day", "s", "week", "month", "year", "ms"):
        number = convert_number(value.value / UNITS[own].factor, own, unit)
        if number is not None and number >= 0.25 and round(number * 4) == number * 4:
            found.append(_number(number))
    return found


def _mantissa(value: Value) -> list[Any]:
    """The 3.5 of 3.5万元 and of $1.2 million: what a parameter in 万元 or millions wants."""
    match = re.search(
        "([0-9]+(?:[.][0-9]+)?) ?(?:[万亿千百]|million|billion|thousand|[kmb](?![a-z]))",
        fold(value.text).lower(),
    )
    return [_number(float(match.group(1)))] if match and len(match.group(1)) < 16 else []


def _number(number: float) -> int | float:
    tidy = float(f"{number:.12g}")
    return int(tidy) if tidy.is_integer() and abs(tidy) < 1e15 else tidy


def _unique(found: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for one in found:
        if not any(type(one) is type(other) and one == other for other in kept):
            kept.append(one)
    return kept
