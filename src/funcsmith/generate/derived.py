"""Numbers that a text states as something else: the hour of 6:30 PM, the 9 of the 9th floor.

Each is offered only to a parameter whose name or description says that it wants just this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..readers import Value
from ..readers.characters import fold, lower
from ..readers.factors import find_factors
from ..readers.names import words_of

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
    if _YEARLY.search(description):
        yield from _of_frequencies(text)
    if not said.isdisjoint({"times", "number", "factor", "count", "次", "倍"}):
        for number, span in find_factors(text):
            yield number, span, 0.5


_CODE = re.compile(
    r"(?<![\w.])['\"]?(\d{1,4})['\"]?\s*(?:for|represents?|is|means|=|:|corresponds to|stands for"
    r"|表示|代表|为|是|：)\s*(?:the |an? )?['\"]?([^\W\d][^,;.，；。、'\"()]{0,40}?)['\"]?"
    r"(?=\s*(?:[,;.，；。、()]|and |or |$))"
)


def _of_codes(text: str, words: Sequence[str], description: str) -> Iterator[Derived]:
    """The number that a description gives to what the text names: 1 for oak, 2 for pine."""
    listed = [(int(code), label.lower().split()) for code, label in _CODE.findall(description)]
    if len(listed) < _LISTED:
        return
    common = set(words).union(set.intersection(*(set(label) for _, label in listed)))
    low = lower(fold(text))
    for code, label in listed:
        own = [word for word in label if word not in common] or label
        places = [re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", low) for word in own]
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
    """The characters that state a part, so that each part of one time can fill a parameter.

    Where they cannot be told from another part's, the whole reading.
    """
    number = int(digits)
    said = {number, number - 12} if word == "hour" else {number}
    places = [m.span() for m in re.finditer(r"\d+", value.text) if int(m.group()) in said]
    if len(places) != 1:
        return value.start, value.end
    return value.start + places[0][0], value.start + places[0][1]


def _of_ordinals(text: str, said: set[str], values: Sequence[Value]) -> Iterator[Derived]:
    """The 9 of the 9th floor, for a parameter that speaks of floors."""
    for value in values:
        if value.kind != "ordinal" or value.note:
            continue
        noun = re.match(r"\s*([a-z]+|[\u4e00-\u9fff])", text[value.end :].lower())
        if noun and noun[1].rstrip("s") in {word.rstrip("s") for word in said}:
            yield value.value, (value.start, value.end), 0.9


_YEARLY = re.compile(
    r"(?:times|periods|payments|often)\b.*\b(?:per|a|each) year|compounding (?:periods|frequency)"
    r"|每年.{0,6}次|计息",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    r"(?<![a-z-])(?:(?P<f365>daily|每[天日]|按[天日])|(?P<f52>weekly|每周|每星期|按周)"
    r"|(?P<f2>semi-?annual(?:ly)?|half-?yearly|每?半年)|(?P<f12>monthly|每个?月|按月|逐月)"
    r"|(?P<f4>quarterly|每季度?|按季度?)|(?P<f1>annual(?:ly)?|yearly|每年|按年|逐年))(?![a-z])",
    re.IGNORECASE,
)


def _of_frequencies(text: str) -> Iterator[Derived]:
    """How often in a year: monthly is 12 times."""
    for match in _FREQUENCY.finditer(text):
        yield int((match.lastgroup or "f1")[1:]), match.span(), 0.7


__all__ = ["derived"]
