"""Numbers that a text states as something else: the hour of 6:30 PM, the 14 of the 14th century.

Each is offered only to a parameter whose name or description says that it wants just this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..readers import Value
from ..readers.factors import find_factors

Span = tuple[int, int]
Derived = tuple[float, Span, float]
"""A number, the characters that state it, and how well it fits, 0 to 1."""


def derived(text: str, name: str, description: str, values: Sequence[Value]) -> Iterator[Derived]:
    """The numbers that a parameter of this name may take from readings that are no numbers."""
    words = words_of(name)
    said = {*words, *re.findall(r"[a-z]+|[\u4e00-\u9fff]", description.lower())}
    yield from _of_codes(text, words, description)
    yield from _of_moments(words, values)
    yield from _of_ordinals(text, said, values)
    if re.search(
        r"per year|a year|annual|compound|frequen|每年|一年|复利", description, re.IGNORECASE
    ):
        yield from _of_frequencies(text)
    if not said.isdisjoint({"times", "number", "factor", "count", "次", "倍"}):
        for number, span in find_factors(text):
            yield number, span, 0.5


def words_of(name: str) -> list[str]:
    """The words that a parameter's name is made of, in small letters.

    >>> words_of("checkInDate"), words_of("till_century")
    (['check', 'in', 'date'], ['till', 'century'])
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return [word for word in re.split(r"[\W_]+", parted) if word]


_CODE = re.compile(
    r"(?<![\w.])['\"]?(\d{1,4})['\"]?\s*(?:for|represents?|is|means|=|:|corresponds to|stands for"
    r"|表示|代表|为|是|：)\s*(?:the |an? )?['\"]?([^\W\d][^,;.，；。、'\"()]{0,40}?)['\"]?"
    r"(?=\s*(?:[,;.，；。、()]|and |or |$))"
)


def _of_codes(text: str, words: Sequence[str], description: str) -> Iterator[Derived]:
    """The number that a description gives to what the text names: 1 for Bangkok, 2 for Chiang Mai."""
    listed = [(int(code), label.lower().split()) for code, label in _CODE.findall(description)]
    if len(listed) < _LISTED:
        return
    common = set(words).union(set.intersection(*(set(label) for _, label in listed)))
    low = text.lower()
    for code, label in listed:
        own = [word for word in label if word not in common] or label
        places = [re.search(rf"(?<![a-z]){re.escape(word)}", low) for word in own]
        if all(places):
            ends = [place.end() for place in places if place]
            starts = [place.start() for place in places if place]
            yield code, (min(starts), max(ends)), 0.95


_LISTED = 2
"""The fewest codes that make a list of them."""


def _of_moments(words: Sequence[str], values: Sequence[Value]) -> Iterator[Derived]:
    """The year, month, day, hour or minute of what the text states as a day or a time."""
    for value in values:
        if value.note in ("part", "ambiguous") or not isinstance(value.value, str):
            continue
        day = clock = ""
        if value.kind in ("date", "month"):
            day = value.value
        elif value.kind == "time":
            clock = value.value
        elif value.kind == "datetime":
            day, _, clock = value.value.partition("T")
        parts = {
            "year": day[:4],
            "month": day[5:7],
            "day": day[8:10],
            "hour": clock[:2],
            "minute": clock[3:5],
        }
        for word, digits in parts.items():
            if digits.isdigit() and not {word, f"{word}s"}.isdisjoint(words):
                yield int(digits), _digits_of(value, digits, word), 0.9 if word in words else 0.6


def _digits_of(value: Value, digits: str, word: str) -> Span:
    """The characters that state a part, so that each part of one time can fill a parameter."""
    places = [
        m.span() for m in re.finditer(r"\d+", value.text) if int(m.group()) == int(digits) % 100
    ]
    if word == "hour":
        places = [m.span() for m in re.finditer(r"\d+", value.text)][:1]
    if word == "year":
        places = [m.span() for m in re.finditer(digits, value.text)]
    if len(places) != 1:
        return value.start, value.end
    return value.start + places[0][0], value.start + places[0][1]


def _of_ordinals(text: str, said: set[str], values: Sequence[Value]) -> Iterator[Derived]:
    """The 14 of the 14th century, for a parameter that speaks of centuries."""
    for value in values:
        if value.kind != "ordinal" or value.note:
            continue
        noun = re.match(r"\s*([a-z]+|[\u4e00-\u9fff])", text[value.end :].lower())
        if noun and noun[1].rstrip("s") in {word.rstrip("s") for word in said}:
            yield value.value, (value.start, value.end), 0.9


_A_YEAR = {
    "daily|每天|每日|按天|按日": 365,
    "weekly|每周|每星期|按周": 52,
    "monthly|每月|每个月|按月|逐月": 12,
    "quarterly|每季度?|按季度?": 4,
    "semi-?annual(?:ly)?|half-?yearly|每半年|半年": 2,
    "annual(?:ly)?|yearly|每年|按年|逐年": 1,
}


def _of_frequencies(text: str) -> Iterator[Derived]:
    """How often in a year: monthly is 12 times."""
    taken: list[Span] = []
    for words, times in _A_YEAR.items():
        for match in re.finditer(rf"(?<![a-z-])(?:{words})(?![a-z])", text, re.IGNORECASE):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield times, match.span(), 0.7


__all__ = ["derived", "words_of"]
