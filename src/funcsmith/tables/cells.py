"""What a written cell says: a number, a day, a yes or no, or text; and what a whole column is.

A column is what nine in ten of its filled cells are; what does not fit is empty then, and is said.
Codes stay text: leading zeros, more than fifteen digits. Days are ISO text whatever way they were
written; where day and month cannot be told apart they stay as they are. For a function's parameter
(`fitted`) nothing is bent: a cell that does not fit is an error of its row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

Kind = Literal["integer", "number", "boolean", "date", "datetime", "text", "empty", "mixed"]


class Unfit(ValueError):
    """This cell is not what the column or the parameter holds."""


EMPTY = frozenset(
    ["", "-", "--", "—", "——", "/", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "无", "暂无",
     "缺失", "未知", "#value!", "#div/0!"]
)  # fmt: skip
"""What stands in a column of numbers or days where there is no value."""

LONGEST_NUMBER = 15
"""Digits; longer ones are codes, and a float would not keep them."""

_FITTING = 0.9


@dataclass(frozen=True)
class Reading:
    """How the cells of a column are read."""

    kind: Kind
    how: str = ""
    """"percent", "decimal comma", "day first", "month first", a currency's sign, or nothing."""

    def read(self, cell: Any) -> Any:
        """The cell's value, None where it is empty; Unfit where it does not fit."""
        if cell is None:
            return None
        if isinstance(cell, str):
            cell = cell.strip()
            if self.kind == "text":
                return cell or None
            if cell.casefold() in EMPTY:
                return None
        return _READERS[self.kind](cell, self.how)


def reading_of(cells: Sequence[Any], *, name: str = "", decimal_comma: bool = False) -> Reading:
    """What a column is, from its cells as they were written (text) or stored (Excel, JSON).

    >>> reading_of(["1,200", "350", ""]), reading_of(["007", "012"]).kind
    (Reading(kind='integer', how=''), 'text')
    """
    filled = [c for c in cells if c is not None and not (isinstance(c, str) and _blank(c))]
    if not filled:
        written = any(isinstance(c, str) and c.strip() for c in cells)
        return Reading("text" if written else "empty")
    if any(isinstance(c, (dict, list)) for c in filled):
        return Reading("mixed")
    some = filled if len(filled) <= _LOOKED_AT else filled[:: len(filled) // _LOOKED_AT + 1]
    for reading in _possible(some, name, decimal_comma):
        fitting = sum(_fits(reading, cell) for cell in some)
        if fitting == len(some):
            if some is filled or all(_fits(reading, cell) for cell in filled):
                return reading
            fitting = sum(_fits(reading, cell) for cell in filled) * len(some) // len(filled)
        if fitting >= 4 and fitting >= _FITTING * len(some) and reading.kind != "boolean":
            return reading
    return Reading("text")


_LOOKED_AT = 5_000


def _possible(cells: Sequence[Any], name: str, decimal_comma: bool) -> list[Reading]:
    """The readings that may fit, the narrowest first."""
    found: list[Reading] = []
    written = [c for c in cells if isinstance(c, str)]
    if any(_is_code(c) for c in written):
        return found
    if all(isinstance(c, bool) or (isinstance(c, str) and c.strip().casefold() in _BOOLEANS)
           for c in cells):  # fmt: skip
        found.append(Reading("boolean"))
    if _names_a_day(name):
        found.append(Reading("date", "digits"))
    how = "percent" if any(c.strip().endswith(("%", "％")) for c in written) else ""
    if not how:
        signs = {sign for c in written if (sign := _currency(c))}
        how = signs.pop() if len(signs) == 1 else ""
        if not how and not signs and decimal_comma and any("," in c for c in written):
            how = "decimal comma"
    found += [Reading("integer", how), Reading("number", how)]
    orders = [""]
    if any(_SLASHED.match(c.strip()) for c in written):
        orders = _orders(written)
    found += [Reading(kind, order) for kind in _MOMENTS for order in orders]
    return found


_MOMENTS: tuple[Kind, ...] = ("date", "datetime")


def _fits(reading: Reading, cell: Any) -> bool:
    try:
        reading.read(cell)
    except (ValueError, ArithmeticError):
        return False
    return True


def _blank(cell: str) -> bool:
    return cell.strip().casefold() in EMPTY


# Numbers


def _integer(cell: Any, how: str) -> int:
    if isinstance(cell, bool):
        raise Unfit("yes or no, and no number")
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float):
        if not cell.is_integer():
            raise Unfit("not a whole number")
        return int(cell)
    number = _written_number(cell, how)
    if how == "percent" or number != number.to_integral_value() or "." in str(cell):
        raise Unfit("not a whole number")
    return int(number)


def _number(cell: Any, how: str) -> float:
    if isinstance(cell, bool):
        raise Unfit("yes or no, and no number")
    if isinstance(cell, (int, float)):
        if not math.isfinite(cell):
            raise Unfit("not a finite number")
        return float(cell)
    return float(_written_number(cell, how))


def _written_number(cell: Any, how: str) -> Decimal:
    """The number that a cell writes, exactly."""
    if not isinstance(cell, str):
        raise Unfit("not a number")
    said = cell.strip().translate(_NARROW)
    negative = False
    if said[:1] == "(" and said[-1:] == ")":
        said, negative = said[1:-1].strip(), True
    factor = Decimal(1)
    if how == "percent":
        if said.endswith("%"):
            said, factor = said[:-1].rstrip(), Decimal("0.01")
        else:
            raise Unfit("no percent sign")
    elif how and how != "decimal comma":
        sign = _currency(said)
        if sign not in ("", how):
            raise Unfit("another currency")
        said, factor = _without_currency(said)
    if how == "decimal comma":
        if not _COMMA_DECIMAL.fullmatch(said):
            raise Unfit("not a number")
        said = said.replace(".", "").replace(" ", "").replace(",", ".")
    elif not _PLAIN.fullmatch(said):
        raise Unfit("not a number")
    else:
        said = said.replace(",", "")
    if _is_code(said):
        raise Unfit("a code")
    try:
        number = Decimal(said) * factor
    except InvalidOperation as error:
        raise Unfit("not a number") from error
    return -number if negative else number


_NARROW = str.maketrans("０１２３４５６７８９．，％＋－−（）　", "0123456789.,%+--() ")
_PLAIN = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]\d{1,3})?|[+-]?\.\d+"
    r"|[+-]?\d+\.\d+[eE]\d{1,3}"
)
_COMMA_DECIMAL = re.compile(r"[+-]?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?")
_CODE = re.compile(r"[+-]?0\d")


def _is_code(cell: str) -> bool:
    """Whether digits name something instead of counting: 007, a card's number."""
    said = cell.strip()
    digits = sum(c.isdigit() for c in said.partition(".")[0])
    return (bool(_CODE.match(said)) and not _SLASHED.match(said) and not _DAY.match(said)) or (
        digits > LONGEST_NUMBER and _PLAIN.fullmatch(said.translate(_NARROW)) is not None
    )


_SIGNS = {"¥": "¥", "￥": "¥", "$": "$", "€": "€", "£": "£", "元": "元", "块": "元", "万元": "万元"}
_CURRENCY = re.compile(
    r"^(?P<minus>-)?\s*(?P<sign>[¥￥$€£]|(?:RMB|CNY|USD|EUR|GBP|HKD)\b)\s*(?=[\d.-])"
    r"|(?<=[\d.])\s*(?P<unit>万元|元|块|€|(?:RMB|CNY|USD|EUR|GBP|HKD)\b)$"
)


def _currency(cell: str) -> str:
    found = _CURRENCY.search(cell.strip())
    if found is None:
        return ""
    said = found["sign"] or found["unit"]
    return _SIGNS.get(said, said)


def _without_currency(said: str) -> tuple[str, Decimal]:
    factor = Decimal(10_000) if said.endswith("万元") else Decimal(1)
    found = _CURRENCY.search(said)
    if found is None:
        return said, factor
    return (found["minus"] or "") + (said[: found.start()] + said[found.end() :]).strip(), factor


# Yes and no


_BOOLEANS = {"true": True, "false": False}


def _boolean(cell: Any, _: str) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and cell.casefold() in _BOOLEANS:
        return _BOOLEANS[cell.casefold()]
    raise Unfit("neither true nor false")


# Days


def _date(cell: Any, how: str) -> str:
    if isinstance(cell, datetime):
        if cell.time() != time(0):
            raise Unfit("a day with a time")
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if how == "digits":
        said = cell if isinstance(cell, str) else str(cell) if type(cell) is int else ""
        if not re.fullmatch(r"(?:19|20)\d{6}", said):
            raise Unfit("not a day")
        return _day(said[:4], said[4:6], said[6:])
    if not isinstance(cell, str):
        raise Unfit("not a day")
    return _day_of(cell.strip(), how)


def _datetime(cell: Any, how: str) -> str:
    if isinstance(cell, datetime):
        return _spaced(cell)
    if isinstance(cell, date):
        return f"{cell.isoformat()} 00:00:00"
    if not isinstance(cell, str):
        raise Unfit("not a moment")
    found = _CLOCK.search(cell)
    if found is None:
        return f"{_day_of(cell.strip(), how)} 00:00:00"
    day = _day_of(cell[: found.start()].strip(), how)
    hour, minute, second = int(found["h"]), found["m"], found["s"] or "00"
    half = (found["half"] or found["zh"] or "").casefold()
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    zone = found["zone"] or ""
    moment = datetime.fromisoformat(f"{day}T{hour:02d}:{minute}:{second}")
    parts = f".{found['f']}"[:7] if found["f"] else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{parts}{'+00:00' if zone in ('Z', 'z') else zone}"


def _spaced(moment: datetime) -> str:
    return moment.isoformat(sep=" ")


_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)\d\d)\b")
_DAY = re.compile(
    r"((?:19|20)\d\d)(?:([-/.])(\d{1,2})\2(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日)"
)
_CLOCK = re.compile(
    r"(?:(?<=\d)[T\s]+|(?<=日)\s*|(?<=\d)\s*(?=[上下]午))(?P<zh>[上下]午)?\s*(?P<h>\d{1,2}):(?P<m>\d\d)"
    r"(?::(?P<s>\d\d)(?:\.(?P<f>\d{1,9}))?)?\s*(?P<half>[AaPp][Mm])?\s*(?P<zone>[Zz]|[+-]\d\d:?\d\d)?$"
)
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_WORDED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<m1>[A-Za-z]{3,9})\.?|(?P<m2>[A-Za-z]{3,9})\.?\s+"
    r"(?P<d2>\d{1,2})(?:st|nd|rd|th)?)[\s,-]+(?P<y>(?:19|20)\d\d)"
)


@lru_cache(65_536)
def _day_of(said: str, how: str) -> str:
    found = _DAY.fullmatch(said)
    if found:
        return _day(found[1], found[3] or found[5], found[4] or found[6])
    found = _SLASHED.fullmatch(said)
    if found and how in ("day first", "month first"):
        first, second = found[1], found[3]
        day, month = (first, second) if how == "day first" else (second, first)
        return _day(found[4], month, day)
    found = _WORDED.fullmatch(said)
    if found:
        month_name = (found["m1"] or found["m2"])[:3].casefold()
        if month_name in _MONTHS:
            return _day(found["y"], str(_MONTHS[month_name]), found["d1"] or found["d2"])
    raise Unfit("not a day")


def _day(year: str, month: str, day: str) -> str:
    return date(int(year), int(month), int(day)).isoformat()


def _orders(written: Sequence[str]) -> list[str]:
    """Which of the two numbers is the day: a number above 12 says it; otherwise nothing is known."""
    places = [found for c in written if (found := _SLASHED.match(c.strip()))]
    if any(found[2] == "." for found in places):
        return ["day first"]
    if any(int(found[1]) > 12 for found in places):
        return ["day first"]
    if any(int(found[3]) > 12 for found in places):
        return ["month first"]
    return []


def _names_a_day(name: str) -> bool:
    return re.search(r"date|day|日期|时间|日$", name, re.IGNORECASE) is not None


def _text(cell: Any, _: str) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, datetime):
        return _spaced(cell)
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "text": _text,
    "empty": _text,
    "mixed": lambda cell, _: cell,
}
