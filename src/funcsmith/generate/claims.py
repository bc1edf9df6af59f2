"""What a written value lays claim to: the places of the text that state it, and how strongly.

A value that has no place, or was written with hesitation, lays none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..readers import Value, evidence
from ..readers.names import words_of
from .certainty import Certainty
from .form import formed, stated_form
from .kinds import inner_schema, kind_of, string_kind
from .members import POINTS, concept, meant, member_of, named, only_member_in
from .options import Option
from .roles import direction, directions_of
from .wording import requests

Span = tuple[int, int]
Claim = tuple[float, str, Any, tuple[Span, ...]]
"""How strong it is, the parameter, the value, and the places that state it."""

_COPIED = 0.6
_CONVERTED = 0.3
_SAID = 0.1
"""How probable a value must be. A copied number is nearly certain; what stands in numerals is less,
and words may be said in other words."""
_HARDLY_SAID = 0.005
_MOMENT_ABSENT = 0.4
_WORDS_ABSENT = 0.02
_HARDLY_ABSENT = 0.003
_MOMENTS = frozenset(["date", "datetime", "time"])
ALMOST_ABSENT = 0.1
_CHOSEN_MEMBER = 0.6
"""The share from which a member is meant by words that do not name it, though they were said to."""
_NAMING = 5
"""The most words that name something."""
_WORDS_DOUBTED = 0.3
"""The probability of None from which words that were put into a form are no longer believed."""
_ABSENT = 0.2
"""The probability of None from which a value is no longer believed."""
_SURELY_ABSENT = 0.5
NAMED_ABSENT = 0.8


def claims_of(
    text: str,
    name: str,
    schema: dict[str, Any],
    value: Any,
    offered: Sequence[Option] | None,
    values: Sequence[Value],
    now: datetime | None,
    *,
    own: str,
    sure: Certainty | None = None,
    remarks: Mapping[Span, str] | None = None,
    asked_for: bool = True,
) -> list[Claim]:
    """The claims that a written value lays to places in the text, strongest first."""
    kind = kind_of(schema)
    described = str(schema.get("description", ""))
    share, absent = (sure.probability, sure.absent) if sure is not None else (1.0, 0.0)
    if isinstance(value, tuple):
        if not _quotes(value):
            return []
        words, member = value
        if kind == "string":
            member = formed(words, str(member), described)
            if not words.strip() or (member == words and len(words.split()) > _NAMING):
                # A sentence names no place and no code.
                return []
            if absent >= (_WORDS_DOUBTED if asked_for else _SURELY_ABSENT):
                return []
            weight = 0.65 * (1 - absent)
            stated = [stated_form(text, spot, described) for spot in whole(words, text)]
            return [
                (weight + _led(text, name, place), name, one or member, (place,))
                for one, place in stated
            ]
        # Words are quoted in many lengths, so only the probability of None says anything.
        if absent >= _SURELY_ABSENT or (kind == "enum" and POINTS.fullmatch(words.strip())):
            return []
        member = member_of(name, schema, words, member)
        literal = only_member_in(text, schema) if kind == "enum" else None
        if literal is not None and not named(words, schema, member, [], None):
            # Words that name nothing, where the text names a member itself.
            member, place = literal
            return [(0.65 * (1 - absent), name, member, (place,))]
        unnamed = kind == "enum" and not named(words, schema, member, [], None)
        if unnamed and sure is not None and sure.member < _CHOSEN_MEMBER:
            # Words that name none of them leave it open which is meant.
            return []
        if unnamed and _all_own(words, own):
            # «把灯调亮» names the function, and none of its rooms.
            return []
        # A yes or no whose words do not speak of it comes after what they state outright.
        spoken = kind == "enum" or any(word in words.lower() for word in concept(name, described))
        if not spoken and sure is not None and sure.member < _CHOSEN_MEMBER:
            # Words that speak of nothing of the kind leave it open.
            return []
        if not spoken and not asked_for and absent >= _WORDS_DOUBTED:
            # What may be left out is not read into words that do not speak of it.
            return []
        weight = (0.65 if spoken else 0.45) * (1 - absent)
        return [(weight, name, member, (spot,)) for spot in whole(words, text)]
    if kind in ("boolean", "enum"):
        places = (
            meant(text, name, schema, value, values)
            if kind == "boolean"
            else named(text, schema, value, values, now)
        )
        if not places and str(value).lower() in _YES_OR_NO:
            # A yes or no that is spelt as words.
            places = meant(text, name, schema, _YES_OR_NO[str(value).lower()], values)
        # What no word of the text names is not used, however sure the model is of it.
        weight = 0.5 * share if kind == "boolean" else 0.7 * (1 - absent)
        return [(weight, name, value, places)] if places and absent < _SURELY_ABSENT else []
    # Nobody is asked for what may be left out, so half a doubt is no reason to lose it.
    doubted = sure is not None and (asked_for or absent >= _SURELY_ABSENT)
    if doubted and not _believed(sure, text, name, schema, value, offered, remarks or {}):  # type: ignore[arg-type]  # looked at above
        return []
    listed = isinstance(value, list) and not any(same(o.value, value) for o in offered or ())
    if offered is not None and not (listed and offered):
        return [
            (o.weight + 0.2 + share + beside(text, name, o), name, o.value, o.spans)
            for o in offered
            if same(o.value, value) and o.weight > 0.3
        ]
    if isinstance(value, str):
        value = _whole_quotation(value, values)
        if _only_a_day(value, name, schema, values) or _is_the_request(text, name, value, values):
            return []
        places_found = evidence(text, value, now=now, values=values)
        if not places_found or not value.strip() or _is_own_word(value, own, values):
            return []
        # The word before may say that it is this parameter's and no other's: to, from.
        return [(0.6 + _led(text, name, span), name, value, (span,)) for span in places_found]
    if isinstance(value, list):
        spots: list[Span] = []
        kept: list[Any] = []
        items = inner_schema(schema.get("items") or {})
        for item in value:
            if isinstance(item, tuple):
                if not _quotes(item):
                    continue
                words, member = item
                member = member_of(name, items, words, member)
                if (spot := next(iter(whole(words, text)), None)) and member not in kept:
                    spots.append(spot)
                    kept.append(member)
                continue
            if kind_of(items) == "enum":
                found = list(named(text, items, item, values, now))
            else:
                found = evidence(text, item, now=now, values=values) if item is not None else []
            fresh = [f for f in found if f not in spots]
            if fresh:
                spots.append(fresh[0])
                kept.append(item)
        return [(0.55, name, kept, tuple(spots))] if kept else []
    if isinstance(value, dict):
        clean, places_in = _object(text, value, values, now)
        return [(0.5, name, clean, tuple(places_in))] if clean else []
    found = evidence(text, value, now=now, values=values)
    return [(0.6, name, value, (span,)) for span in found]


_YES_OR_NO = {"true": True, "yes": True, "false": False, "no": False}
_WHOLE = 0.6
"""The share of the words spoken of that a value must be: 一升 is not what 八块一升 is."""


def _spoken_of(
    option: Option, name: str, schema: dict[str, Any], remarks: Mapping[Span, str]
) -> bool:
    """Whether the model said, before it wrote the call, that a value is what a parameter wants."""
    found = [
        role
        for place in option.spans
        for (start, end), role in remarks.items()
        if overlap(place, (start, end)) and (place[1] - place[0]) >= _WHOLE * (end - start)
    ]
    if len(found) < len(option.spans):
        return False
    # What only fits here by its exact unit needs no word in common.
    return option.weight >= 1.0 or all(related(role, name, schema) for role in found)


def related(role: str, name: str, schema: dict[str, Any]) -> bool:
    """Whether a remark and a parameter share a word, in either language."""
    from ..library.lexicon import translations
    from ..library.terms import terms

    own = f"{name} {schema.get('description', '')}"
    return bool({*terms(role), *translations(role)} & {*terms(own), *translations(own)})


_OF_TIME = frozenset(
    "date day days dates time times when month year week weekday period schedule deadline start end"
    " until since birth birthday appointment".split()
)
_OF_TIME_HAN = re.compile("日|时|期|月|年|周|几号")


_ASKS_ANYTHING = frozenset(
    "query question prompt q search request keywords input 问题 查询".split()
)
_NEARLY_ALL = 0.8


def _is_the_request(text: str, name: str, value: str, values: Sequence[Value]) -> bool:
    """Whether words are the request itself, for a parameter that takes no whole requests."""
    said, whole_text = value.strip(), text.strip()
    quoted = any(v.note == "quoted" and v.value == value for v in values)
    nearly = len(said) >= _NEARLY_ALL * len(whole_text) and len(said) < len(whole_text) + 1
    return nearly and not quoted and requests(said) and not _ASKS_ANYTHING & set(words_of(name))


def _quotes(value: tuple[Any, ...]) -> bool:
    """Whether a tuple is words of the text and what they mean, as calls write it."""
    return len(value) == 2 and isinstance(value[0], str)


def whole(words: str, text: str) -> list[Span]:
    """Where a text has words that are no part of longer ones: «no» is not in "now"."""
    edge = "[A-Za-z0-9]"
    before = f"(?<!{edge})" if re.match(edge, words) else ""
    after = f"(?!{edge})" if words and re.match(edge, words[-1]) else ""
    return [m.span() for m in re.finditer(before + re.escape(words) + after, text)] if words else []


def _only_a_day(value: str, name: str, schema: dict[str, Any], values: Sequence[Value]) -> bool:
    """Whether words only state a day or a time, for a parameter that speaks of none."""
    described = str(schema.get("description", ""))
    said_of = {*words_of(name), *re.findall("[a-z]+", described.lower())}
    if _OF_TIME & said_of or _OF_TIME_HAN.search(name + described):
        return False
    said = value.strip()
    return any(
        v.kind in ("date", "time", "datetime", "ordinal") and v.text == said and v.note != "quoted"
        for v in values
    )


def _whole_quotation(value: str, values: Sequence[Value]) -> str:
    """A quotation with the mark that it ends with: copies of the text stop before it."""
    ended = value.rstrip(_ENDS)
    return next(
        (
            str(v.value)
            for v in values
            if v.note == "quoted" and isinstance(v.value, str) and v.value.rstrip(_ENDS) == ended
        ),
        value,
    )


_ENDS = "。！？；…,.!?;~"


def _believed(
    sure: Certainty, text: str, name: str, schema: dict[str, Any], value: Any,
    offered: Sequence[Option] | None, remarks: Mapping[Span, str],
) -> bool:  # fmt: skip
    """Whether a value was written surely enough to be one that the text states for this."""
    kind, share, absent = kind_of(schema), sure.probability, sure.absent
    if isinstance(value, dict) or (isinstance(value, list) and len(value) > 1):
        # Several values in a row stand for little else, and are copied in many steps.
        return absent <= _ABSENT
    if kind in _MOMENTS or (kind == "string" and string_kind(name, schema) != "string"):
        # A day or a time of day has more ways to be said than are listed.
        return absent <= _MOMENT_ABSENT
    if kind == "string" and absent <= _WORDS_ABSENT:
        # Words that the model would hardly have said were only what it had to copy from.
        return share >= _HARDLY_SAID
    if kind == "string":
        return absent <= (_ABSENT if share >= _COPIED else ALMOST_ABSENT) and share >= _SAID
    converted = any(
        o.spans and same(o.value, value) and not any(c.isdigit() for c in text[slice(*o.spans[0])])
        for o in offered or ()
    )
    if converted and absent <= _HARDLY_ABSENT:
        return True
    if absent <= _SURELY_ABSENT and any(
        same(o.value, value) and o.spans and _spoken_of(o, name, schema, remarks)
        for o in offered or ()
    ):
        # Said what it is before: how it is then written (1.25 for an hour and a quarter) is no doubt.
        return True
    least = _CONVERTED if converted else _COPIED
    return share >= least and absent <= (ALMOST_ABSENT if share < _COPIED else _ABSENT)


def _is_own_word(value: str, own: str, values: Sequence[Value]) -> bool:
    """Whether a text value only names the function: «发条短信» states no message."""
    from ..library.lexicon import translations
    from ..library.terms import terms

    if any(
        v.kind != "boolean" and v.text.strip("“”\"'«»「」『』") == value and v.note == "quoted"
        for v in values
    ):
        return False
    said = {term for term, weight in terms(value).items() if weight >= 1} - _LITTLE
    known = {*terms(own), *translations(own)}
    return bool(said) and said <= known


def _all_own(words: str, own: str) -> bool:
    """Whether words say nothing but what the function's name and purpose say."""
    from ..library.lexicon import translations
    from ..library.terms import terms

    said = {*terms(words)} - _LITTLE
    return bool(said) and said <= {*terms(own), *translations(own)}


_LITTLE = frozenset("my our your his her their put please this all some any new just also".split())
"""Words that say nothing of what is meant."""


def same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def beside(text: str, name: str, option: Option) -> float:
    """What the word before a value says for a parameter: 200 «to» 300, «从» 3 «到» 5."""
    return _led(text, name, option.spans[0]) if option.spans else 0.0


def _led(text: str, name: str, place: Span) -> float:
    """The same for the word before a place."""
    said = direction(text, place[0])
    if said is None:
        return 0.0
    own = directions_of(name)
    if said in own:
        return 0.15
    return -0.15 if own & {"to", "from"} and said in ("to", "from") else 0.0


def _object(
    text: str, value: dict[str, Any], values: Sequence[Value], now: datetime | None
) -> tuple[dict[str, Any], list[Span]]:
    """An object with only the members that the text states."""
    clean: dict[str, Any] = {}
    places: list[Span] = []
    for key, inner in value.items():
        if inner is None:
            continue
        if isinstance(inner, dict):
            kept, spots = _object(text, inner, values, now)
            if kept:
                clean[key] = kept
                places += spots
            continue
        found = evidence(text, inner, now=now, values=values)
        if found:
            clean[key] = inner
            places.append(found[0])
    return clean, places


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


__all__ = [
    "ALMOST_ABSENT",
    "NAMED_ABSENT",
    "Claim",
    "beside",
    "claims_of",
    "overlap",
    "related",
    "same",
    "whole",
]
