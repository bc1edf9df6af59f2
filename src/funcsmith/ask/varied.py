"""The words of a value with another value in them, in the same form: «200 元» for «100 元»."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from ..errors import Language
from ..readers.numerals import chinese, english

_DAY = re.compile(r"(?P<y>\d{4})(?P<a>[-/.年])(?P<m>\d{1,2})(?P<b>[-/.月])(?P<d>\d{1,2})")
_CLOCK = re.compile(r"(?<![\d:])(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?![\d:])")
_DIGITS = re.compile(
    r"(?<![\d.A-Za-z])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d.])|(?<![\d.,A-Za-z])\d+(?:\.\d+)?(?![\d.])"
)
_HAN = re.compile("[零〇一二两三四五六七八九十百千]+")
_SHARE = re.compile("%|％|百分之|percent|per cent", re.IGNORECASE)
_MOST_DIGITS = 12
_ID_DIGITS = 7
"""More digits in a row may be read as a number of something, an account or a telephone."""


def varied(words: str, language: Language) -> list[str]:
    """The same words with another value, at most two ways; [] where their form is not known.

    >>> varied("100 元", "zh"), varied("三个", "zh"), varied("13%", "en"), varied("six", "en")
    (['200 元', '50 元'], ['四个', '六个'], ['26%', '14%'], ['seven', 'twelve'])
    """
    day = _DAY.search(words)
    if day is not None:
        return [_around(words, day, moved) for moved in _days(day)]
    clock = _CLOCK.search(words)
    if clock is not None:
        hour = (int(clock["h"]) + 1) % 24
        written = f"{hour:0{len(clock['h'])}}:{clock['m']}"
        return [_around(words, clock, written)]
    for pattern, read, write in _FORMS[language]:
        found = list(pattern.finditer(words))
        if len(found) != 1:
            if found:
                return []
            continue
        number = read(found[0][0])
        if number is None:
            return []
        others = [
            write(other, found[0][0]) for other in _others(number, words, language, found[0].end())
        ]
        return [_around(words, found[0], other) for other in others if other is not None]
    return []


def _around(words: str, found: re.Match[str], new: str) -> str:
    return f"{words[: found.start()]}{new}{words[found.end() :]}"


def _days(found: re.Match[str]) -> Iterator[str]:
    try:
        day = dt.date(int(found["y"]), int(found["m"]), int(found["d"]))
        moved = (day + dt.timedelta(days=30), day - dt.timedelta(days=7))
    except (ValueError, OverflowError):
        return
    wide = 2 if found["a"] == "-" or "0" in (found["m"][0], found["d"][0]) else 1
    for one in moved:
        month, number = f"{one.month:0{wide}}", f"{one.day:0{wide}}"
        yield f"{one.year:04}{found['a']}{month}{found['b']}{number}"


def _others(number: Decimal, words: str, language: Language, end: int) -> list[Decimal]:
    """Two other numbers that could stand there: of the same size and as many digits."""
    step = Decimal(1).scaleb(int(number.as_tuple().exponent)) if number != int(number) else 1
    if words[end:].startswith("折"):
        found = [number - step, number + step]
        found = [one for one in found if 0 < one < 10]
    elif 1900 <= number <= 2100 and number == int(number) and not words[end:].strip("年 "):
        found = [number + 1, number - 1]
    elif number != int(number):
        found = [number * 2, number + (1 if number > 1 else step)]
    elif number <= 20:
        found = [number + 1, number * 2]
    else:
        half = [number / 2] if number % 2 == 0 else [number + 1]
        found = [number * 2, *half]
    if _SHARE.search(words):
        found = [one for one in (number * 2, number + 1, number / 2) if 0 < one <= 100][:2]
    # "1 apples" would be wrong, and zero is a question of its own.
    allowed = [one for one in found if one > 1 or (one > 0 and one != 1 and number < 1)]
    if language == "en" and number == 1:
        return []
    return list(dict.fromkeys(allowed))


def _read_digits(word: str) -> Decimal | None:
    return Decimal(word.replace(",", "")) if len(word) <= _MOST_DIGITS else None


def _write_digits(number: Decimal, like: str) -> str | None:
    places = len(like.partition(".")[2])
    own = -int(number.normalize().as_tuple().exponent)
    said = f"{number:.{max(places, own, 0)}f}"
    if "," in like:
        whole, point, rest = said.partition(".")
        said = f"{int(whole):,}{point}{rest}"
    elif (len(said) > _ID_DIGITS) != (len(like) > _ID_DIGITS):
        return None
    return said


def _write_han(number: Decimal, like: str) -> str | None:
    if number != int(number) or not 0 < number < 100:
        return None
    tens, ones = divmod(int(number), 10)
    if not tens:
        return "两" if ones == 2 and like in ("一", "两", "四") else _ONES[ones]
    head = "" if tens == 1 else _ONES[tens]
    return f"{head}十{_ONES[ones] if ones else ''}"


_ONES = "零一二三四五六七八九"
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_WORD = re.compile(rf"\b(?:{'|'.join(_SMALL[2:])})\b", re.IGNORECASE)


def _read_word(word: str) -> Decimal | None:
    return english([word.lower()])


def _write_word(number: Decimal, like: str) -> str | None:
    if number != int(number) or not 2 <= number < len(_SMALL):
        return None
    word = _SMALL[int(number)]
    return word.capitalize() if like[:1].isupper() else word


_Form = tuple[
    re.Pattern[str], Callable[[str], Decimal | None], Callable[[Decimal, str], str | None]
]
_FORMS: dict[Language, list[_Form]] = {
    "zh": [(_DIGITS, _read_digits, _write_digits), (_HAN, chinese, _write_han)],
    "en": [(_DIGITS, _read_digits, _write_digits), (_WORD, _read_word, _write_word)],
}
