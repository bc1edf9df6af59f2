"""Quantities: a number with its unit, currency or count word, and several that make one.

Money is stated in its main currency (35块5 is 35.5 CNY), a duration in seconds with the unit it
was said in, everything else in the unit it was said in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from funcsmith.readers.classifiers import find_count
from funcsmith.readers.currencies import SYMBOLS, currency_of, find_currency, find_part
from funcsmith.readers.numbers import Number, plain_number
from funcsmith.readers.numerals import DIGITS
from funcsmith.readers.units import UNITS, find
from funcsmith.readers.value import Source, Value


def read_quantities(source: Source, numbers: list[Number]) -> Iterator[Value]:
    """Every quantity, sum of money, percentage with a unit sign, and duration."""
    starts = {number.start: number for number in numbers}
    skip: dict[str, int] = {}
    ones = list(_with_article(source, starts))
    for number in numbers:
        if _ordinal(source.open, number):
            continue
        for value in _readings(source, number, starts):
            # 30分钟 of 2小时30分钟 is read with the hours; alone it would be another duration.
            group = value.kind if value.kind in ("money", "duration") else value.unit or ""
            inside = any(one.start < value.start and value.end <= one.end for one in ones)
            if value.start < skip.get(group, 0) or inside:
                value = value.noted("part")
            skip[group] = max(skip.get(group, 0), value.end)
            yield value
    yield from ones


def _readings(source: Source, number: Number, starts: dict[int, Number]) -> Iterator[Value]:
    text = source.open
    feet = _FEET.match(text, number.end)
    if feet:
        value = plain_number(_exactly(number.amount + Decimal(feet.group(1)) / 12))
        yield source.value("quantity", value, number.start, feet.end(), unit="ft")
        return
    prefix = _currency_before(text, number.start)
    if prefix:
        yield _money_after_symbol(source, number, *prefix)
    amount, at = number.amount, _gap(text, number)
    half = _HALF_MORE.match(text, number.end)
    if half and number.written != "english":
        amount, at = amount + Decimal("0.5"), half.end()
        number = number._replace(note="")
    if text.startswith("分之", at):
        return
    unit = _unit(source, at)
    if unit and text[at : at + 1] == "日" and text[number.start - 1 : number.start] == "月":
        unit = None
    if half and text.startswith("月", at):
        unit = ("month", at + 1)
    count = find_count(text, at)
    currency = None if prefix else find_currency(text, at)
    part = None if prefix else find_part(text, at)
    reach = max(found[-1] for found in (unit, count, currency, part, ("", at)) if found)
    if reach == at:
        return
    if currency and currency[1] == reach:
        yield _money(source, number, amount, currency, starts)
    if part and part[2] == reach and (part[0] != "CNY" or _sure_part(text, part[2], number)):
        added, end = _behind_tenths(text, part, starts)
        value = plain_number(amount / part[1] + added)
        yield source.value("money", value, number.start, end, unit=part[0], note=number.note)
    if unit and unit[1] == reach:
        yield from _measured(source, number, amount, unit, starts)
    if count and count[1] == reach and not (half and count[0] == "个"):
        end = count[1]
        if text.startswith("半", end) and not find(text, text, end + 1):
            amount, end = amount + Decimal("0.5"), end + 1
        yield source.value(
            "quantity", plain_number(amount), number.start, end, unit=count[0], note=number.note
        )


def _measured(
    source: Source,
    number: Number,
    amount: Decimal,
    found: tuple[str, int],
    starts: dict[int, Number],
) -> Iterator[Value]:
    text = source.open
    unit, end = found
    what = UNITS[unit].measure
    more = _AND_HALF.match(text, end)
    if more:
        amount += Decimal("0.25") if "quarter" in more.group() else Decimal("0.5")
        end = more.end()
    if unit == "deg":
        unit = _degrees(text, number.start, end)
        what = UNITS[unit].measure
    if what == "temperature" and text.startswith(" below zero", end):
        amount, end = -abs(amount), end + len(" below zero")
    first_unit = unit
    while following := _next_part(source, text, end, unit, what, starts):
        added, unit, end = following
        amount += added * _ratio(unit, first_unit)
    note = number.note
    if unit in ("%", "bp", "fraction"):
        yield source.value(
            "percent", _percent(amount, unit), number.start, end, unit="%", note=note
        )
    elif what == "time":
        if (unit == "year" and _is_year(number, text)) or (
            unit == "s" and text[end - 1] == "s" and _is_year(number, text)
        ):
            return
        seconds = plain_number(_exactly(amount * Decimal(str(UNITS[first_unit].factor))))
        yield source.value("duration", seconds, number.start, end, unit=unit, note=note)
    else:
        value = plain_number(_exactly(amount))
        if not number.whole and isinstance(value, int):
            value = float(value)
        yield source.value("quantity", value, number.start, end, unit=first_unit, note=note)


def _next_part(
    source: Source, text: str, end: int, unit: str, what: str, starts: dict[int, Number]
) -> tuple[Decimal, str, int] | None:
    """The smaller part that goes on: 30分 of 2小时30分, 10 inches of 5 feet 10 inches, 75 of 1米75."""
    if what not in ("time", "mass", "length"):
        return None
    joint = _JOINT.match(text, end)
    # 零五 is one numeral.
    number = (starts.get(joint.end()) or starts.get(end)) if joint else None
    if number is None or number.amount < 0:
        return None
    at = _gap(text, number)
    if unit == "h" and (minutes := _MINUTES.match(text, at)):
        return number.amount, "min", minutes.end()
    if unit == "min" and (seconds := _SECONDS.match(text, at)):
        return number.amount, "s", seconds.end()
    smaller = _unit(source, at)
    if smaller and UNITS[smaller[0]].measure == what:
        if UNITS[smaller[0]].factor < UNITS[unit].factor:
            return number.amount, *smaller
        return None
    if unit == "m" and number.start == end and number.whole:
        return _behind_metres(text, number)
    if unit == "ft" and number.whole and number.amount < 12 and _TALL.match(text, number.end):
        return number.amount, "in", number.end
    return None


def _behind_metres(text: str, number: Number) -> tuple[Decimal, str, int] | None:
    """一米八 is 1.8 m, 1米75 is 1.75 m; 五米三个 is no length of 5.3."""
    said, end = text[number.start : number.end], number.end
    follows = text[end : end + 1]
    if len(said) > 2 or not all(c.isdigit() or c in DIGITS for c in said):
        return None
    if (follows.isascii() and follows.isalnum()) or find_count(text, end) or find(text, text, end):
        return None
    amount = number.amount
    if text.startswith("半", end):
        amount, end = amount + Decimal("0.5"), end + 1
    return amount / 10 ** len(said), "m", end


def _behind_tenths(
    text: str, part: tuple[str, int, int], starts: dict[int, Number]
) -> tuple[Decimal, int]:
    """五毛六 is 0.56: the digit behind a tenth is a hundredth. What it adds, and where it ends."""
    _, share, end = part
    small = starts.get(end)
    # 六一度 is six and then one of what is counted, no sixty-one.
    each = share == 10 and re.compile(
        "[一二三四五六七八九](?=[一每][度斤个张本只瓶升米件次])"
    ).match(text, end)
    if each:
        return Decimal(DIGITS[each.group()]) / 100, each.end()
    if share != 10 or small is None or small.end - end != 1 or not 0 <= small.amount < 10:
        return Decimal(0), end
    if not (_ends(text, small.end) or text[small.end] in "度斤个张本只瓶升米件次"):
        return Decimal(0), end
    return small.amount / 100, small.end


def _money(
    source: Source,
    number: Number,
    amount: Decimal,
    currency: tuple[str, int],
    starts: dict[int, Number],
) -> Value:
    text = source.open
    code, end = currency
    room = 1
    while room < 1000:
        joint = _JOINT.match(text, end)
        small = starts.get(joint.end()) if joint else None
        if small is None or small.amount < 0:
            break
        part = find_part(text, _gap(text, small))
        if part and part[0] == code and part[1] > room:
            amount, room, end = amount + small.amount / part[1], part[1], part[2]
            continue
        digit = small.start == end and small.amount < 10 and small.end - end == 1
        if room == 1 and digit and text[end - 1] in "块元" and _ends(text, small.end):
            amount, end = amount + small.amount / 10, small.end
        break
    if text.startswith("半", end) and text[end - 1] == "块":
        amount, end = amount + Decimal("0.5"), end + 1
    if text.startswith(("钱", "整"), end):
        end += 1
    return source.value(
        "money", plain_number(amount), number.start, end, unit=code, note=number.note
    )


def _money_after_symbol(source: Source, number: Number, start: int, code: str) -> Value:
    text = source.open
    amount, end = number.amount, number.end
    scale = _SCALE_LETTER.match(text, end)
    if scale:
        amount, end = amount * _SCALES[scale.group(1)], scale.end()
    if number.start and text[start - 1 : start] == "-":
        start, amount = start - 1, -amount
    named = find_currency(text, end + (text[end : end + 1] == " "))
    if named and (named[0] == code or text[start : number.start] in ("$", "¥", "£")):
        code, end = named
    return source.value("money", plain_number(amount), start, end, unit=code, note=number.note)


def _currency_before(text: str, start: int) -> tuple[int, str] | None:
    """The currency symbol or code right before a number, and where it starts."""
    at = start
    while at and text[at - 1] == " " and start - at < 1:
        at -= 1
    for length in (4, 3, 2, 1):
        name = text[max(at - length, 0) : at]
        if len(name) < length:
            continue
        code = SYMBOLS.get(name) or (currency_of(name) if _CODE.fullmatch(name) else None)
        if code is None or (name[0].isascii() and name[0].isalpha() and _letter(text, at - length)):
            continue
        return at - length, code
    return None


def _unit(source: Source, at: int) -> tuple[str, int] | None:
    if source.open[at : at + 1] != source.lower[at : at + 1]:
        return None
    found = find(source.folded, source.open, at)
    if found is None:
        return None
    name = source.open[at : found[1]]
    after = source.open[found[1] : found[1] + 12]
    # "3 in the morning" is no length; "5 in long" and "5 in." are.
    if name == "in" and not re.match(
        r"(?: ?(?:long|wide|tall|by|x|high|deep|thick)\b|\.? *$|[.,;)])", after
    ):
        return None
    if name in ("日", "年") and re.match("[0-9]{1,2}月|前夕|代|级|轻|龄|度|底|初|末", after):
        return None
    # 21st is a place, and three quarters are a share.
    if name in ("quarter", "quarters") or (name == "st" and source.open[at - 1 : at].isdigit()):
        return None
    return found


def _degrees(text: str, start: int, end: int) -> str:
    around = text[max(start - 16, 0) : start] + text[start : end + 8]
    if _WARM.search(around):
        return "°F" if "fahrenheit" in around or "华氏" in around else "°C"
    return "deg"


def _gap(text: str, number: Number) -> int:
    """Where the unit of a number begins: after a space, a hyphen, 多, "an" of half an hour, or "of an"."""
    at = number.end
    if number.note == "approximate":
        at += 1
    if number.written == "english" and 0 < number.amount < 1:
        article = _HALF_AN.match(text, at)
        if article:
            return article.end()
    return at + 1 if text[at : at + 1] in (" ", "-") and text[at : at + 1] else at


def _with_article(source: Source, starts: dict[int, Number]) -> Iterator[Value]:
    """An hour, a week, a kilo, an hour and 20 minutes: one of them, and what goes on."""
    text = source.open
    for match in _article().finditer(text):
        found = find(source.folded, text, match.end())
        if found is None or found[1] - match.end() < 3 or found[0] in ("%", "bp", "deg"):
            continue
        unit, end = found
        start = match.start(1)
        if text[match.end() : end].endswith("s") or unit in ("bar", "cup"):
            continue
        if _part_of().search(text[:start]):
            continue
        more = _AND_HALF.match(text, end)
        amount, last, what = Decimal(1), unit, UNITS[unit].measure
        if more:
            amount += Decimal("0.25") if "quarter" in more.group() else Decimal("0.5")
            end = more.end()
        while following := _next_part(source, text, end, last, what, starts):
            added, last, end = following
            amount += added * _ratio(last, unit)
        if what == "time":
            seconds = plain_number(_exactly(amount * Decimal(str(UNITS[unit].factor))))
            yield source.value("duration", seconds, start, end, unit=last)
        else:
            note = "article" if amount == 1 else ""
            yield source.value("quantity", plain_number(amount), start, end, unit=unit, note=note)


def _percent(amount: Decimal, unit: str) -> int | float:
    return plain_number(amount / 100 if unit == "bp" else amount)


def _ratio(small: str, big: str) -> Decimal:
    return Decimal(str(UNITS[small].factor)) / Decimal(str(UNITS[big].factor))


def _is_year(number: Number, text: str) -> bool:
    """2026年, 一九九八年, 〇八年 and 1990s are no spans of time."""
    run = text[number.start : number.end]
    return number.whole and (
        (len(run) == 4 and 1000 <= number.amount < 3000 and "千" not in run) or run[0] in "〇零"
    )


def _exactly(amount: Decimal) -> Decimal:
    return Decimal(f"{amount:.14g}") if len(amount.as_tuple().digits) > 14 else amount


def _ordinal(text: str, number: Number) -> bool:
    return text[number.start - 1 : number.start] == "第" and number.start > 0


def _sure_part(text: str, end: int, number: Number) -> bool:
    """五毛 and 3角 are money; 5分 and 三角形 need more to be."""
    name = text[end - 1]
    if name == "分":
        return False
    return name != "角" or (number.written == "digits" and text[end : end + 1] not in ("形", "度"))


def _ends(text: str, end: int) -> bool:
    after = text[end : end + 1]
    return not after or not after.isalnum() or after in "的钱一每吧了和买卖"


def _letter(text: str, at: int) -> bool:
    before = text[at - 1 : at] if at > 0 else ""
    return before.isascii() and before.isalnum()


_FEET = re.compile("['’] ?([0-9]{1,2})(?:[\"”]|'')")
_JOINT = re.compile("(?: and |, | |又|零)?")
_TALL = re.compile(r" ?(?:tall|high|in height|[.,;!?)]|and\b|$)")
_HALF_MORE = re.compile("个半(?=小时|钟头|星期|礼拜|月|世纪|季度)")
_AND_HALF = re.compile(r" and (?:a half|half|a quarter)(?![a-z])|半(?![夜天途数路月小个年])")
_HALF_AN = re.compile(" (?:of )?an? | ")
_MINUTES = re.compile(r"(?:分钟?|mins?|minutes?|m)(?![a-z一-鿿])|分钟?")
_SECONDS = re.compile(r"(?:秒钟?|secs?|seconds?|s)(?![a-z])")
_SCALE_LETTER = re.compile(r" ?(mn|mm|bn|[mb])(?![a-z0-9])")
_SCALES = {"m": 10**6, "mn": 10**6, "mm": 10**6, "b": 10**9, "bn": 10**9}
_CODE = re.compile("[a-z]{3,4}")
_WARM = re.compile(
    "温|热|冷|零下|烧|暖|凉|摄氏|temp|celsius|fahrenheit|warm|cold|hot|below zero|weather|天气"
)


@cache
def _article() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z0-9_'’.-])(?<!once )(?<!twice )(?<!times )(?<!half )(?<!per )(an?) (?=[a-z])"
    )


@cache
def _part_of() -> re.Pattern[str]:
    """What a part is taken of, or a point in: three quarters of an hour, the end of a week."""
    return re.compile(
        r"(?:half|quarters?|thirds?|[a-z]+ths?|percent|%|part|most|rest|all|end|start|beginning"
        r"|middle|course|seconds|minutes|hours|days|weeks|months|price|cost|weight|length) of $"
    )
