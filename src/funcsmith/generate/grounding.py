"""Where each argument comes from: the characters that state it, or nowhere.

An argument that the text does not state is not used. It is a constant of the method (a separator, a
flag, pi) and moves into the body, or it is missing and is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from ..readers import Value, evidence
from ..readers.characters import fold
from .answer import Argument
from .certainty import Certainty

Span = tuple[int, int]


@dataclass(frozen=True)
class Grounding:
    """How a call stands to its text."""

    arguments: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    """JSON Pointer of the argument → where it is stated, in code points."""
    constants: dict[str, Any] = field(default_factory=dict)
    """Parameters that belong in the body."""
    missing: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    """Those of the missing that were written without hesitation: said in a way that no reader knows,
    or known to everybody, rather than absent."""

    @property
    def complete(self) -> bool:
        return not self.missing


# A value under one of these names is part of the method, not of the request.
_CONSTANT_NAMES = re.compile(
    r"^(sep|separator|delimiter|delim|joiner|prefix|suffix|fmt|format|date_format|time_format"
    r"|encoding|pattern|vowels|digits|letters|alphabet|punctuation|whitespace|epsilon|tolerance"
    r"|pi|e|g|gravity|gravity_acceleration|start|start_index|initial|initial_value|index|offset"
    r"|base_index|reverse|reversed|ascending|descending|case_sensitive|ignore_case|inclusive"
    r"|(hours|minutes|seconds|days|weeks|months|mins|hrs|secs)_(per|in|in_a)_\w+"
    r"|\w+_per_(hour|minute|second|day|week|month|year|km|kg|meter|metre|mile|dozen|inch|foot))$"
)
_KNOWN = frozenset(
    [0, 1, 7, 12, 24, 60, 100, 365, 366, 1000, 1024, 3600, 86400, 3.14, 3.14159, 3.1416, 9.8, 9.81]
)


def ground(
    text: str,
    arguments: dict[str, Argument],
    parameters: Sequence[str],
    *,
    values: Sequence[Value],
    now: datetime | None,
    sample_allowed: bool = False,
    sure: Mapping[str, Certainty] | None = None,
) -> Grounding:
    """Hold every argument of a call against the text.

    `sample_allowed`: the text only describes, so what it does not state is a made-up sample.
    `sure`: how sure the model was of each; a value written with hesitation stands in for another.
    """
    kept: dict[str, Any] = {}
    spans: dict[str, list[Span]] = {}
    constants: dict[str, Any] = {}
    missing: list[str] = []
    derived: list[str] = []
    taken: dict[Span, str] = {}
    for name in parameters:
        argument = arguments.get(name)
        if argument is None or argument.value is None:
            missing.append(name)
            continue
        found = _stated(text, argument, values, now)
        if found is None:
            if sample_allowed:
                kept[name] = argument.value
            elif _is_constant(name, argument.value):
                constants[name] = argument.value
            elif argument.value == _today(now) and now is not None:
                kept[name] = argument.value
            else:
                missing.append(name)
                if _sure(argument.value, (sure or {}).get(name)):
                    derived.append(name)
            continue
        free = _free(found, taken, argument.value)
        certainty = (sure or {}).get(name)
        stands_in = certainty is not None and _hesitant(text, argument.value, certainty)
        if (free is None or stands_in) and not sample_allowed:
            missing.append(name)
            continue
        kept[name] = argument.value
        spots = free if free is not None else found
        for span in spots:
            taken.setdefault(span, name)
        _point(f"/{_escaped(name)}", argument.value, spots, spans)
    return Grounding(kept, spans, constants, tuple(missing), tuple(derived))


_ALMOST_ABSENT = 0.1
_MAYBE_ABSENT = 0.2
_COPIED = 0.65
_SURELY = 0.8


def _sure(value: Any, certainty: Certainty | None) -> bool:
    if certainty is None or value is None:
        return False
    return certainty.probability >= _SURELY and certainty.absent < _ALMOST_ABSENT


def _hesitant(text: str, value: Any, certainty: Certainty) -> bool:
    """Whether a value was written so hesitantly that it stands in for one that is not stated.

    What stands in the text as it was written is copied with a probability near one; what had to be
    converted may be less likely, so there only a near `None` tells.
    """
    if isinstance(value, (list, dict)):
        # Several values in a row stand for little else.
        return certainty.absent >= 0.5
    if isinstance(value, bool):
        return certainty.absent >= _ALMOST_ABSENT
    plain = isinstance(value, (int, float)) and f"{value:.15g}" in fold(text)
    if not plain:
        return certainty.absent >= _MAYBE_ABSENT
    return certainty.absent >= _ALMOST_ABSENT or certainty.probability < _COPIED


def _stated(
    text: str, argument: Argument, values: Sequence[Value], now: datetime | None
) -> list[Span] | None:
    """The spans that state an argument, best first for a plain value, leaf by leaf for a list."""
    value = argument.value
    if isinstance(value, (list, dict)):
        leaves = _leaves(value)
        if not leaves:
            return None
        each: list[list[Span]] = []
        for leaf in leaves:
            places = evidence(text, leaf, now=now, values=values)
            if not places:
                return None
            each.append(_without_articles(places, leaf, values) or places)
        return _in_a_row(each)
    places = _without_articles(evidence(text, value, now=now, values=values), value, values)
    if places:
        return places
    # 1.5 * 1000 is stated where 1.5 is: the factor is a unit's.
    stated: list[Span] = []
    for literal in argument.literals:
        if isinstance(literal, bool) or literal in _KNOWN:
            continue
        places = _without_articles(evidence(text, literal, now=now, values=values), literal, values)
        if not places:
            return None
        stated.append(places[0])
    return stated or None


def _in_a_row(each: Sequence[Sequence[Span]]) -> list[Span]:
    """One place for each, the nearest together that stand in this order; none twice if it can be."""
    rows: list[list[Span]] = []
    for first in each[0][:_STARTS]:
        row = [first]
        for places in each[1:]:
            fresh = [place for place in places if place not in row] or places
            behind = [place for place in fresh if place[0] >= row[-1][1]]
            row.append(min(behind or fresh))
        rows.append(row)
    return min(
        rows,
        key=lambda row: (
            sum(one > other for one, other in pairwise(row)),
            max(end for _, end in row) - min(start for start, _ in row),
            row,
        ),
    )


_STARTS = 50


def _without_articles(places: list[Span], value: Any, values: Sequence[Value]) -> list[Span]:
    """The places without those where "a" only introduces a noun; Chinese 一个 does count."""
    if value != 1 or isinstance(value, (str, bool)):
        return places
    articles = {(v.start, v.end) for v in values if v.note == "article" and v.text.isascii()}
    return [place for place in places if place not in articles]


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item)]
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in (key, *_leaves(item))]
    return [] if value is None else [value]


def _free(found: list[Span], taken: dict[Span, str], value: Any) -> list[Span] | None:
    """The places not yet given to another parameter; one value serves one parameter."""
    if isinstance(value, (list, dict)):
        return found
    for span in found:
        if not any(_overlap(span, other) for other in taken):
            return [span]
    # A part of a longer stated thing (a name inside a quoted text) may serve beside it.
    if isinstance(value, str):
        return [found[0]]
    return None


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_constant(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, str):
        if _CONSTANT_NAMES.match(name):
            return True
        return (len(value) <= 2 and not any(c.isalnum() for c in value)) or "%" in value
    if isinstance(value, (int, float)):
        return bool(_CONSTANT_NAMES.match(name)) and value in _KNOWN
    return False


def _today(now: datetime | None) -> str | None:
    return now.date().isoformat() if now is not None else None


def _point(pointer: str, value: Any, found: list[Span], spans: dict[str, list[Span]]) -> None:
    if isinstance(value, list) and value and all(not isinstance(v, (list, dict)) for v in value):
        for index, span in enumerate(found[: len(value)]):
            spans[f"{pointer}/{index}"] = [span]
    elif isinstance(value, (list, dict)):
        spans[pointer] = found
    else:
        spans[pointer] = found[:1]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


_COUNTED = frozenset(
    ["integer", "number", "percent", "fraction", "money", "quantity", "duration", "discount"]
)


def unused(values: Sequence[Value], taken: Sequence[Span]) -> tuple[Value, ...]:
    """Numbers and moments of the text that no argument took, the whole readings only."""
    left: list[Value] = []
    last = -1
    for value in values:
        if value.note in ("part", "article", "bare", "name", "approximate") or value.start < last:
            continue
        each = (value.value in (1, 100) and value.unit) or re.match(
            r"(a|an|per|each|every|每)", value.text
        )
        if value.kind not in _COUNTED or each:
            # The one of "per one" is what a price or a rate is for, not a value.
            continue
        last = value.end
        if not any(_overlap((value.start, value.end), span) for span in taken):
            left.append(value)
    return tuple(left)
