"""Where a text states a plain value: the question that decides whether an argument is invented."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from funcsmith.readers.characters import fold, lower
from funcsmith.readers.currencies import currency_of, find_currency
from funcsmith.readers.factors import find_factors
from funcsmith.readers.forms import forms
from funcsmith.readers.reading import read
from funcsmith.readers.units import UNITS, canonical, convert_number, find
from funcsmith.readers.value import Value

Span = tuple[int, int]


def evidence(
    text: str,
    literal: Any,
    *,
    now: datetime | None = None,
    values: Sequence[Value] | None = None,
) -> list[Span]:
    """Every place where the text states this value, the best first; [] is no evidence.

    >>> evidence("寄 1.5 公斤到北京", 1500), evidence("寄 1.5 公斤到北京", "北京")
    ([(2, 8)], [(9, 11)])
    """
    if literal is None:
        return []
    known = read(text, now=now) if values is None else values
    if isinstance(literal, bool):
        found = [value for value in known if value.kind == "boolean" and value.value is literal]
        return _spans((len(value.items), value) for value in found)
    if isinstance(literal, (int, float)):
        stated = _of_number(literal, known) or _of_month(text, literal)
        return list(dict.fromkeys([*stated, *_of_factor(text, literal, known)]))
    if isinstance(literal, str):
        return _of_string(text, literal, known)
    if isinstance(literal, dict):
        return _of_leaves(text, list(literal.values()), literal, known)
    if isinstance(literal, (list, tuple)):
        return _of_leaves(text, list(literal), literal, known)
    return []


def _of_number(literal: float, values: Sequence[Value]) -> list[Span]:
    if isinstance(literal, int) and literal.bit_length() > 1000:
        # No float holds it, so no reading of the text can be it.
        return []
    if not math.isfinite(literal):
        return []
    ranked = []
    for value in values:
        rank = _number_rank(literal, value)
        if rank is not None:
            ranked.append((rank, value))
    return _spans(ranked)


_MONTHS = re.compile(
    r"\b(?:(Jan)uary|(Feb)ruary|(Mar)ch|(Apr)il|(May)|(Jun)e|(Jul)y|(Aug)ust|(Sep)tember|(Oct)ober"
    r"|(Nov)ember|(Dec)ember)\b"
)


def _of_month(text: str, literal: float) -> list[Span]:
    """Where a month is named whose number this is: February is 2."""
    return [match.span() for match in _MONTHS.finditer(text) if match.lastindex == literal]


def _of_factor(text: str, literal: float, values: Sequence[Value]) -> list[Span]:
    """Where a word multiplies by this number: "twice as many" says 2."""
    if literal not in (0.5, 1.5, 2, 3, 4):
        return []
    quoted = [value for value in values if value.note == "quoted"]
    return [
        (start, end)
        for number, (start, end) in find_factors(text)
        if number == literal and not any(q.start <= start and end <= q.end for q in quoted)
    ]


def _number_rank(literal: float, value: Value) -> int | None:
    """How directly a value states the number: 0 as it stands, then as a form, then converted."""
    late = {"article": 6, "approximate": 1, "ambiguous": 3}.get(value.note, 0)
    if value.kind in ("integer", "number", "year", "ordinal"):
        if _same(literal, value.value):
            return late + (1 if value.kind == "ordinal" else 0)
        return 5 if any(_same(literal, form) for form in forms(value)[1:]) else None
    if value.kind in _NUMERIC:
        plain = forms(value)
        if _same(literal, plain[0]):
            return 1 + late
        if any(_same(literal, form) for form in plain[1:]):
            return 2 + late
        return 4 + late if _converted(literal, value) else None
    if value.kind == "phone":
        return 3 if str(literal) in forms(value) else None
    if value.kind == "date" and value.text.lower().rstrip("stndrh号日").isdigit():
        return 5 if int(value.value[8:]) == literal else None
    return None


def _converted(literal: float, value: Value) -> bool:
    if value.kind not in ("quantity", "duration") or value.unit not in UNITS:
        return False
    own = value.value
    if value.kind == "duration":
        own = own / UNITS[value.unit].factor
    what = UNITS[value.unit].measure
    for unit, known in UNITS.items():
        if known.measure == what:
            number = convert_number(own, value.unit, unit)
            if number is not None and _close(literal, number):
                return True
    return False


def _of_string(text: str, literal: str, values: Sequence[Value]) -> list[Span]:
    if not literal.strip():
        return [(v.start, v.end) for v in values if v.kind == "string" and v.value == literal]
    spans = [span for span in _found(text, literal) if _whole(text, span)]
    wanted = _plain(literal)
    if wanted:
        folded = lower(fold(text))
        spans += [span for span in _found(folded, wanted) if _whole(text, span)]
        spans += _spaced(folded, wanted)
    ranked = [
        (0 if value.kind in ("date", "time", "datetime") and not value.note else 1, value)
        for value in values
        if value.kind in _TEXTUAL and _says(value, literal)
    ]
    spans += _spans(ranked)
    spans += _unit_names(text, literal)
    number = _numeric_text(literal)
    if number is not None:
        spans += _of_number(number, values)
    return list(dict.fromkeys(spans))


def _says(value: Value, literal: str) -> bool:
    """Whether a date, time or list item says the same as this text."""
    if value.kind in ("date", "time", "datetime", "month"):
        given = literal.strip().replace("/", "-").upper().replace(" ", "T", 1)
        known = {str(form).replace(" ", "T", 1) for form in forms(value)[:-1]}
        # A day as a moment is its midnight.
        day = _MIDNIGHT.sub("", given) if value.kind == "date" else given
        if not known.isdisjoint({given, given.removesuffix("Z"), day}):
            return True
        return value.kind == "date" and _same_day(literal, value.value)
    if value.kind == "duration":
        return bool(_clocked(literal) == value.value)
    return any(isinstance(form, str) and _plain(form) == _plain(literal) for form in forms(value))


_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?(?:Z|\+00:?00)?$")


def _clocked(literal: str) -> int | None:
    """The seconds of a duration that is written as clocks show it: 5:38 is 5 h 38 min."""
    shown = re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?", literal.strip())
    if shown is None:
        return None
    return int(shown[1]) * 3600 + int(shown[2]) * 60 + int(shown[3] or 0)


def _same_day(literal: str, iso: str) -> bool:
    if not re.search("[0-9]", literal) or len(literal) > 40:
        return False
    again = read(literal, now=datetime.fromisoformat(iso))
    return any(
        value.kind == "date" and value.value == iso and value.end - value.start >= len(literal) - 1
        for value in again
    )


def _unit_names(text: str, literal: str) -> list[Span]:
    """The unit "celsius" is stated by 摄氏度, "USD" by 美元."""
    unit, currency = canonical(literal), currency_of(literal)
    if unit is None and currency is None:
        return []
    folded = fold(text)
    lowered = lower(folded)
    spans = []
    at = 0
    while at < len(text):
        named = find(folded, lowered, at) if unit else None
        money = find_currency(lowered, at) if currency else None
        before = lowered[at - 1 : at] if at else ""
        inside = before.isascii() and before.isalpha() and lowered[at].isascii()
        if named and named[0] == unit and not inside:
            spans.append((at, named[1]))
            at = named[1]
        elif money and money[0] == currency and not inside:
            spans.append((at, money[1]))
            at = money[1]
        else:
            at += 1
    return spans


def _of_leaves(text: str, parts: list[Any], literal: Any, values: Sequence[Value]) -> list[Span]:
    for value in values:
        if value.kind in ("list", "object", "range") and value.value == literal:
            return _leaf_spans(value)
    spans: list[Span] = []
    used: set[Span] = set()
    at = 0
    for part in parts:
        found = evidence(text, part, values=values)
        if not found:
            return []
        if isinstance(part, (list, dict, tuple)):
            spans += found
            used.update(found)
            continue
        # In order first, then anywhere that no other leaf has taken.
        fresh = [span for span in found if span not in used]
        chosen = next((span for span in fresh if span[0] >= at), None)
        if chosen is None:
            chosen = fresh[0] if fresh else found[0]
        used.add(chosen)
        spans.append(chosen)
        at = chosen[1]
    return spans


def _leaf_spans(value: Value) -> list[Span]:
    if not value.items:
        return [(value.start, value.end)]
    return [span for item in value.items for span in _leaf_spans(item)]


def _found(text: str, literal: str) -> Iterator[Span]:
    at = text.find(literal)
    while at >= 0:
        yield at, at + len(literal)
        at = text.find(literal, at + 1)


def _whole(text: str, span: Span) -> bool:
    """No letters or digits of a longer ASCII word go on at either side."""
    start, end = span
    return not (_joined(text[start - 1 : start + 1]) if start else False) and not _joined(
        text[end - 1 : end + 1]
    )


def _joined(pair: str) -> bool:
    if len(pair) < 2 or not pair.isascii():
        return False
    first, second = pair[0], pair[1]
    return (first.isalpha() and second.isalpha()) or (first.isdigit() and second.isdigit())


def _spaced(folded: str, wanted: str) -> list[Span]:
    """The same but for spaces, hyphens, underscores and a plural's s."""
    words = re.findall(r"[^\s_-]+", wanted)
    if not words or len(wanted) > 200:
        return []
    body = r"[\s_-]*".join(re.escape(word) for word in words)
    edge = "(?![a-z0-9])" if words[-1][-1].isascii() else ""
    lead = "(?<![a-z0-9])" if words[0][0].isascii() else ""
    return [match.span() for match in re.finditer(f"{lead}{body}(?:e?s)?{edge}", folded)]


def _plain(text: str) -> str:
    return lower(fold(text)).strip(" \t\n\"'“”‘’「」『』«»`《》").strip()


def _numeric_text(literal: str) -> float | None:
    short = literal.strip().rstrip("%")
    if not re.fullmatch(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?", short):
        return None
    return float(short)


def _same(literal: float, other: Any) -> bool:
    if isinstance(other, bool) or not isinstance(other, (int, float)):
        return False
    return literal == other or _close(literal, other)


def _close(literal: float, number: float) -> bool:
    return math.isclose(literal, number, rel_tol=1e-9, abs_tol=1e-12) or (
        # What was rounded to the places that are written: 37.78 for 100 °F.
        literal != int(literal) and round(number, 2) == literal and abs(number) >= 1
    )


def _spans(ranked: Any) -> list[Span]:
    ordered = sorted(ranked, key=lambda pair: pair[0])
    return list(dict.fromkeys((value.start, value.end) for _, value in ordered))


_NUMERIC = ("percent", "fraction", "discount", "money", "quantity", "duration")
_TEXTUAL = (
    "date", "time", "datetime", "month", "email", "url", "id", "phone", "string", "quantity",
    "money", "duration",
)  # fmt: skip
