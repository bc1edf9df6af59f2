"""Shares and places: percentages, fractions, discounts, ordinals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from funcsmith.readers import numerals
from funcsmith.readers.numbers import Number, plain_number
from funcsmith.readers.units import UNITS, find, measure
from funcsmith.readers.value import Source, Value


def read_shares(source: Source, numbers: list[Number]) -> Iterator[Value]:
    """百分之十二, 四成半, 八五折, 3/4, 四分之三, three quarters, 第三, 21st."""
    by_start = {number.start: number for number in numbers}
    by_end = {number.end: number for number in numbers}
    yield from _parts(source, by_start, by_end)
    yield from _tenths(source)
    yield from _slashes(source)
    yield from _english_fractions(source)
    yield from _ordinals(source, by_start)


def _parts(
    source: Source, by_start: dict[int, Number], by_end: dict[int, Number]
) -> Iterator[Value]:
    """百分之五, 千分之三, 四分之三, 三又四分之一."""
    text = source.open
    for match in _fraction_sign().finditer(text):
        start, end = match.span()
        over = by_start.get(end)
        negative = over is None and text[end : end + 1] == "负"
        if over is None:
            continue
        bottom = match["bottom"]
        if start and text[start - 1] == "负":
            start, negative = start - 1, True
        amount = -over.amount if negative else over.amount
        if bottom in ("百", "千", "万"):
            hundredths = amount * 100 / {"百": 100, "千": 1000, "万": 10000}[bottom]
            yield source.value("percent", plain_number(hundredths), start, over.end, unit="%")
            continue
        divisor = numerals.digits(bottom) if bottom[0].isdigit() else numerals.chinese(bottom)
        if not divisor:
            continue
        whole = by_end.get(start - 1) if text[start - 1 : start] == "又" else None
        share = float(amount / divisor)
        if whole:
            share, start = share + float(whole.amount), whole.start
        yield source.value("fraction", share, start, over.end)
    for match in _per_mille().finditer(text):
        number = by_end.get(match.start())
        if number:
            share = plain_number(number.amount / 10)
            yield source.value("percent", share, number.start, match.end(), unit="%")
    for match in re.finditer("一半", text):
        yield source.value("fraction", 0.5, *match.span())


def _tenths(source: Source) -> Iterator[Value]:
    """三成, 四成半 are percentages; 八折, 85折, 七五折 say what is left of a price."""
    text = source.open
    for match in _tenth().finditer(text):
        amount = _number(match["amount"])
        if amount is None:
            continue
        if match["tenth"]:
            if amount > 100:
                continue
            more = match["more"]
            if more:
                amount += Decimal("0.5") if more == "半" else Decimal(numerals.DIGITS[more]) / 10
            yield source.value("percent", plain_number(amount * 10), *match.span(), unit="%")
        elif 0 < amount < 100:
            left = amount / 10 if amount < 10 else amount / 100
            yield source.value("discount", float(left), match.start(), match.end())
    for match in re.finditer("半价|half[ -]price", text):
        yield source.value("discount", 0.5, *match.span())
    for match in re.finditer(r"([0-9]{1,2}(?:\.[0-9]+)?) ?(?:%|percent) (?:off|discount)\b", text):
        rest = float(1 - Decimal(match[1]) / 100)
        yield source.value("discount", rest, *match.span())


def _slashes(source: Source) -> Iterator[Value]:
    text = source.open
    for match in _slash().finditer(text):
        whole, top, bottom = (Decimal(part or 0) for part in match.group("whole", "top", "bottom"))
        if bottom:
            yield source.value("fraction", float(whole + top / bottom), *match.span())


def _english_fractions(source: Source) -> Iterator[Value]:
    for match in _english_fraction().finditer(source.open):
        words = match["top"].split("-")
        top = Decimal(1) if match["top"] in ("a", "an") else numerals.english(words)
        name = match["bottom"].rstrip("s")
        bottom = {"half": 2, "halve": 2, "quarter": 4, "third": 3}.get(name) or _ORDINALS.get(name)
        if top is None or bottom is None or (top > 1) != match["bottom"].endswith("s"):
            continue
        yield source.value("fraction", float(top / bottom), *match.span())
        of_one = _OF_ONE.match(source.open, match.end())
        unit = find(source.folded, source.open, of_one.end()) if of_one else None
        # Half an hour and a quarter of one are read with the quantities.
        if unit is None or (top == 1 and bottom in (2, 4)) or measure(unit[0]) == "share":
            continue
        share = top / bottom
        if measure(unit[0]) == "time":
            seconds = plain_number(share * Decimal(str(UNITS[unit[0]].factor)))
            yield source.value("duration", seconds, match.start(), unit[1], unit=unit[0])
        else:
            amount = float(share)
            yield source.value("quantity", amount, match.start(), unit[1], unit=unit[0])


_OF_ONE = re.compile(" of an? ")


def _ordinals(source: Source, by_start: dict[int, Number]) -> Iterator[Value]:
    text = source.open
    for match in re.finditer("第", text):
        number = by_start.get(match.end() + (text[match.end() : match.end() + 1] == " "))
        if number is None:
            continue
        yield source.value("ordinal", number.plain, match.start(), number.end)
    for match in _english_ordinal().finditer(text):
        if match["digits"]:
            yield source.value("ordinal", int(match["digits"]), *match.span())
            continue
        tens = numerals.TENS.get(match["tens"] or "", 0)
        ordinal = _ORDINALS[match["word"]]
        if match["word"] == "second" and re.search(
            r"(?:\ba|per|one|each|every|[0-9]) $", text[: match.start()][-6:]
        ):
            continue
        if tens and ordinal >= 10:
            continue
        yield source.value("ordinal", tens + ordinal, *match.span())


def _number(run: str) -> Decimal | None:
    if run[0].isdigit():
        return numerals.digits(run)
    return numerals.chinese(run)


_ORDINALS = {
    word: place
    for place, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        start=1,
    )
} | {
    "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60,
    "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_CHINESE = "零〇一二两三四五六七八九十百千万"


@cache
def _fraction_sign() -> re.Pattern[str]:
    return re.compile(
        f"(?P<bottom>百|千|万|[{_CHINESE}]{{1,8}}|[0-9]{{1,9}})分之(?=负?[0-9{_CHINESE}])"
    )


@cache
def _per_mille() -> re.Pattern[str]:
    return re.compile(" ?‰| per ?mille?(?![a-z])")


@cache
def _tenth() -> re.Pattern[str]:
    digit = "一二三四五六七八九"
    return re.compile(
        f"(?<![0-9.{_CHINESE}点])(?P<amount>[0-9]{{1,2}}(?:\\.[0-9])?"
        f"|[{digit}]点[{digit}]|十|[{digit}]{{1,2}})"
        "(?:(?P<tenth>成)(?![为功立员本分熟果绩就长都交人群对套品型份双行见年语])"
        f"(?P<more>半|[{digit}](?![{_CHINESE}个]))?|\\ ?(?P<left>折)(?![叠返腾磨断线页痕射合]))"
    )


@cache
def _slash() -> re.Pattern[str]:
    return re.compile(
        r"(?<![0-9./a-z-])(?:(?P<whole>[0-9]{1,6}) (?:and )?)?(?P<top>[0-9]{1,9})/(?P<bottom>[0-9]{1,9})"
        r"(?![0-9/a-z]|\.[0-9])"
    )


@cache
def _english_fraction() -> re.Pattern[str]:
    small = "|".join(("a", *sorted(numerals.ONES, key=len, reverse=True)))
    bottom = "|".join(
        ("half", "halves", "quarters?", *(f"{word}s?" for word in list(_ORDINALS)[2:]))
    )
    return re.compile(rf"(?<![a-z0-9-])(?P<top>{small})[ -](?P<bottom>{bottom})(?![a-z-])(?! past)")


@cache
def _english_ordinal() -> re.Pattern[str]:
    words = "|".join(sorted(_ORDINALS, key=len, reverse=True))
    tens = "|".join(numerals.TENS)
    return re.compile(
        rf"(?<![a-z0-9.,-])(?:(?P<digits>[0-9]{{1,9}}) ?(?:st|nd|rd|th)"
        rf"|(?:(?P<tens>{tens})[- ])?(?P<word>{words}))"
        r"(?![a-z0-9])"
    )
