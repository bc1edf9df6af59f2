"""Fill all parameters of a function together, from what the text states and what the model wrote.

One value serves one parameter; type and unit decide before the model does; what was written with
hesitation, or has no place in the text, leaves its parameter empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..contract import Tool
from ..readers import Value, evidence
from .call import Key
from .certainty import Certainty
from .derived import words_of
from .filled import Filled
from .form import formed, stated_form
from .grounding import unused
from .options import Option, inner_schema, kind_of, properties, string_kind
from .roles import direction, directions_of, named_beside

Span = tuple[int, int]


def settle(
    text: str,
    tool: Tool,
    written: dict[str, Any],
    offers: dict[str, list[Option] | None],
    *,
    values: Sequence[Value],
    now: datetime | None,
    given: dict[str, Any],
    sure: Mapping[Key, Certainty] | None = None,
    remarks: Mapping[Span, str] | None = None,
    taken: Sequence[Span] = (),
) -> Filled:
    """Fill all parameters together from what the model wrote and what the text states.

    `sure`: how sure the model was of each; what it copied hesitantly stands in for a missing value.
    `remarks`: what it said, before it wrote the call, that places of the text are.
    `taken`: places that other calls of the same text were filled from.
    """
    wanted = properties(tool)
    written, sure = _parted(text, written, offers, sure or {})
    written, sure = _moved(text, wanted, written, offers, sure, values, now)
    required = [n for n in tool.parameters.get("required") or () if n in wanted]
    claims: list[tuple[float, str, Any, tuple[Span, ...]]] = []
    own = f"{tool.name} {tool.description}"
    for name, schema in wanted.items():
        if name in given:
            continue
        schema = inner_schema(schema)
        offered = offers.get(name)
        value = written.get(name)
        certainty = (sure or {}).get(name)
        laid = []
        if value is not None:
            laid = _claim(
                text,
                name,
                schema,
                value,
                offered,
                values,
                now,
                own=own,
                sure=certainty,
                remarks=remarks or {},
                asked_for=name in required,
            )
            claims += laid
        elif offered and (certainty is None or certainty.absent < _NAMED_ABSENT):
            # The word before a value may name this parameter where the model chose another.
            claims += [
                (o.weight + 0.25, name, o.value, o.spans)
                for o in offered
                if o.weight >= 0.5 and _beside(text, name, o) > 0
            ]
        # What only this parameter can take by its unit is its own, whatever the model wrote.
        sole = [o for o in offered or () if o.weight >= 1.0 and o.spans]
        measured = certainty is None or (
            kind_of(schema) in ("integer", "number") and certainty.absent < _ALMOST_ABSENT
        )
        if len(sole) == 1 and not laid and measured and _only_taker(sole[0], name, offers):
            claims.append((0.95, name, sole[0].value, sole[0].spans))
    claims += _told_only(wanted, offers, claims, remarks or {})
    elsewhere = set(taken)
    claims.sort(key=lambda claim: (-claim[0], not elsewhere.isdisjoint(claim[3])))
    arguments: dict[str, Any] = {}
    spans: dict[str, list[Span]] = {}
    used: list[Span] = []
    for _, name, value, places in claims:
        if name in arguments:
            continue
        words = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if words:
            places = _free(text, value, places, used)
        numeric = not isinstance(value, (str, bool, dict)) and not words
        if places and numeric and any(_overlap(p, t) for p in places for t in used):
            continue
        if isinstance(value, (str, bool)) and places and places[0] in used:
            continue
        free = isinstance(value, str) and offers.get(name) is None
        aside = name not in required and (free or isinstance(value, bool))
        if (
            aside
            and any(_overlap(p, t) for p in places for t in used)
            and not ({"unit", "units"} & set(words_of(name)) and _their_unit(value, used, values))
        ):
            # What need not be stated is not taken out of what states something else.
            continue
        arguments[name] = value
        used += places
        _point(spans, name, value, places)
    arguments = {n: arguments[n] for n in wanted if n in arguments}
    for name, value in given.items():
        if name in wanted:
            arguments[name] = value
    missing = tuple(name for name in required if name not in arguments)
    return Filled(
        tool.name,
        arguments,
        spans,
        missing,
        unused=unused(values, [s for v in spans.values() for s in v]),
    )


def _their_unit(value: str, used: Sequence[Span], values: Sequence[Value]) -> bool:
    """Whether words are the unit of every quantity that was taken."""
    taken = [v for v in values if v.unit and v.note != "part" and (v.start, v.end) in used]
    return bool(taken) and all(v.text.endswith(value) for v in taken)


def _parted(
    text: str,
    written: dict[str, Any],
    offers: dict[str, list[Option] | None],
    sure: Mapping[Key, Certainty],
) -> tuple[dict[str, Any], dict[Key, Certainty]]:
    """What was written, with an amount that begins other words taken out of them.

    «two dozen batteries» as the item, where two dozen is the quantity too, are «batteries».
    """
    written, sure = dict(written), dict(sure)
    for name, value in list(written.items()):
        if not isinstance(value, str) or offers.get(name) is not None:
            continue
        for other, amount in written.items():
            if isinstance(amount, bool) or not isinstance(amount, (int, float)):
                continue
            for option in offers.get(other) or ():
                said = text[slice(*option.spans[0])] if option.spans else ""
                rest = re.sub(r"^(?:\s+of\b)?\s+", "", value[len(said) :])
                if said and _same(option.value, amount) and value.startswith(said) and rest:
                    written[name] = rest
                    sure.pop(other, None)
                    break
    return written, sure


def _moved(
    text: str,
    wanted: Mapping[str, dict[str, Any]],
    written: dict[str, Any],
    offers: dict[str, list[Option] | None],
    sure: Mapping[Key, Certainty],
    values: Sequence[Value],
    now: datetime | None,
) -> tuple[dict[str, Any], dict[Key, Certainty]]:
    """What was written, a value moved to the empty parameter that the words beside it name.

    «墙高两米七» as the width, where the height was left out, is the height.
    """
    written, sure = dict(written), dict(sure)
    for name, value in list(written.items()):
        if value is None or isinstance(value, (bool, list, dict, tuple)):
            continue
        offered = offers.get(name)
        places = [o.spans[0] for o in offered or () if o.spans and _same(o.value, value)]
        if offered is None and isinstance(value, str):
            places = evidence(text, value, now=now, values=values)
        named = named_beside(text, places[0], wanted) if places else None
        if named is None or named == name or written.get(named) is not None:
            continue
        at = [o for o in offers.get(named) or () if o.spans and o.spans[0] == places[0]]
        if at or (offered is None and offers.get(named) is None and named in wanted):
            written[named] = at[0].value if at else value
            del written[name]
            if name in sure:
                sure[named] = sure.pop(name)
    return written, sure


def _told_only(
    wanted: Mapping[str, dict[str, Any]],
    offers: dict[str, list[Option] | None],
    claims: Sequence[tuple[float, str, Any, tuple[Span, ...]]],
    remarks: Mapping[Span, str],
) -> list[tuple[float, str, Any, tuple[Span, ...]]]:
    """Weak claims on values that were said to be a parameter's, and that no call took."""
    taken = [span for _, _, _, spans in claims for span in spans]
    found: list[tuple[float, str, Any, tuple[Span, ...]]] = []
    for name, schema in wanted.items():
        for option in offers.get(name) or ():
            free = option.spans and not any(_overlap(a, b) for a in option.spans for b in taken)
            roles = [r for span, r in remarks.items() if free and span == option.spans[0]]
            if roles and option.weight >= 0.55 and _related(roles[0], name, schema):
                found.append((0.3, name, option.value, option.spans))
    return found


_COPIED = 0.6
_CONVERTED = 0.3
_SAID = 0.1
"""How probable a value must be. A copied number is nearly certain; what stands in numerals is less,
and words may be said in other words."""
_MOMENT_ABSENT = 0.4
_WORDS_ABSENT = 0.02
_HARDLY_ABSENT = 0.003
_MOMENTS = frozenset(["date", "datetime", "time"])
_ALMOST_ABSENT = 0.1
_NAMING = 5
"""The most words that name something."""
_WORDS_DOUBTED = 0.3
"""The probability of None from which words that were put into a form are no longer believed."""
_ABSENT = 0.2
"""The probability of None from which a value is no longer believed."""
_SURELY_ABSENT = 0.5
_NAMED_ABSENT = 0.8


def _claim(
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
) -> list[tuple[float, str, Any, tuple[Span, ...]]]:
    """The claims that a written value lays to places in the text, strongest first."""
    kind = kind_of(schema)
    described = str(schema.get("description", ""))
    share, absent = (sure.probability, sure.absent) if sure is not None else (1.0, 0.0)
    if isinstance(value, tuple):
        words, member = value
        if kind == "string":
            member = formed(words, str(member), described)
            if member == words and len(words.split()) > _NAMING:
                # A sentence names no place and no code.
                return []
            if absent >= (_WORDS_DOUBTED if asked_for else _SURELY_ABSENT):
                return []
            weight = 0.65 * (1 - absent)
            stated = [
                stated_form(text, match.span(), described)
                for match in re.finditer(re.escape(words), text)
            ]
            return [(weight, name, one or member, (place,)) for one, place in stated]
        # Words are quoted in many lengths, so only the probability of None says anything.
        if absent >= _SURELY_ABSENT or (kind == "enum" and _POINTS.fullmatch(words.strip())):
            return []
        member = _member(name, schema, words, member)
        literal = _only_member_in(text, schema) if kind == "enum" else None
        if literal is not None and not _named(words, schema, member, [], None):
            # Words that name nothing, where the text names a member itself.
            member, place = literal
            return [(0.65 * (1 - absent), name, member, (place,))]
        if kind == "enum" and not _named(words, schema, member, [], None) and _all_own(words, own):
            # «把灯调亮» names the function, and none of its rooms.
            return []
        starts = [m.start() for m in re.finditer(re.escape(words), text)]
        # A yes or no whose words do not speak of it comes after what they state outright.
        spoken = kind == "enum" or any(word in words.lower() for word in concept(name, described))
        if not spoken and not asked_for and absent >= _ABSENT:
            # What may be left out is not read into words that do not speak of it.
            return []
        weight = (0.65 if spoken else 0.45) * (1 - absent)
        return [(weight, name, member, ((at, at + len(words)),)) for at in starts]
    if kind in ("boolean", "enum"):
        places = (
            _meant(text, name, schema, value, values)
            if kind == "boolean"
            else _named(text, schema, value, values, now)
        )
        # What no word of the text names is not used, however sure the model is of it.
        return [(0.5 * share, name, value, places)] if places and absent < _SURELY_ABSENT else []
    # Nobody is asked for what may be left out, so half a doubt is no reason to lose it.
    doubted = sure is not None and (asked_for or absent >= _SURELY_ABSENT)
    if doubted and not _believed(sure, text, name, schema, value, offered, remarks or {}):  # type: ignore[arg-type]  # looked at above
        return []
    if offered is not None:
        return [
            (o.weight + 0.2 + share + _beside(text, name, o), name, o.value, o.spans)
            for o in offered
            if _same(o.value, value) and o.weight > 0.3
        ]
    if isinstance(value, str):
        value = _without_own_name(text, name, _whole_quotation(value, values))
        if _only_a_day(value, name, schema, values):
            return []
        places_found = evidence(text, value, now=now, values=values)
        if not places_found or not value.strip() or _is_own_word(value, own, values):
            return []
        return [(0.6, name, value, (span,)) for span in places_found]
    if isinstance(value, list):
        spots: list[Span] = []
        kept: list[Any] = []
        items = inner_schema(schema.get("items") or {})
        for item in value:
            if isinstance(item, tuple):
                words, member = item
                at = text.find(words)
                member = _member(name, items, words, member)
                if at >= 0 and member not in kept:
                    spots.append((at, at + len(words)))
                    kept.append(member)
                continue
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
        if _overlap(place, (start, end)) and (place[1] - place[0]) >= _WHOLE * (end - start)
    ]
    if len(found) < len(option.spans):
        return False
    # What only fits here by its exact unit needs no word in common.
    return option.weight >= 1.0 or all(_related(role, name, schema) for role in found)


def _related(role: str, name: str, schema: dict[str, Any]) -> bool:
    """Whether a remark and a parameter share a word, in either language."""
    from ..library.lexicon import translations
    from ..library.terms import terms

    own = f"{name} {schema.get('description', '')}"
    return bool({*terms(role), *translations(role)} & {*terms(own), *translations(own)})


def _only_member_in(text: str, schema: dict[str, Any]) -> tuple[Any, Span] | None:
    """The one allowed value that the text has as a word, with its place; None where none or more."""
    found = [
        (one, match.span())
        for one in schema.get("enum", [])
        if str(one).strip()
        for match in re.finditer(rf"(?<!\w){re.escape(str(one))}(?!\w)", text, re.IGNORECASE)
    ]
    return found[0] if len(found) == 1 else None


_REVERSED = re.compile(
    r"(?:^|[_\W])(?:no|non|not|without|free|skip|exclude|drop|remove|disable|off)(?:$|[_\W])"
)
_TAKES_AWAY = re.compile(
    r"不|没|無|无|别|免|去掉|去除|除去|\b(?:no|not|without|don'?t|doesn'?t|isn'?t|never|skip|free|drop|"
    r"exclude|remove|leave out|except|off)\b",
    re.IGNORECASE,
)


def _member(name: str, schema: dict[str, Any], words: str, member: Any) -> Any:
    """The member that quoted words mean, where their own wording decides it.

    A member's own name decides among members, a not between yes and no.
    """
    low = words.lower()
    if isinstance(member, bool):
        parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
        turned = bool(_REVERSED.search(parts))
        bare = _REVERSED.sub("_", parts)
        about = concept(bare, str(schema.get("description", "")))
        if turned or any(word in low for word in about):
            return bool(_TAKES_AWAY.search(low)) is turned
        return member
    listed = [one for one in schema.get("enum", []) if str(one).lower() in low]
    listed = listed or [
        one for one in schema.get("enum", []) if _named(words, schema, one, [], None)
    ]
    return listed[0] if len(listed) == 1 else member


def _without_own_name(text: str, name: str, value: str) -> str:
    """Words without the one that only says again what the parameter is: «hill» of a hill slope."""
    words, _, last = value.rpartition(" ")
    said = last.islower() and last.removesuffix("s") in {
        w.removesuffix("s") for w in words_of(name)
    }
    quoted = re.search(rf"[\"'“‘]{re.escape(value)}", text)
    return words.rstrip() if said and words.strip() and not quoted else value


_OF_TIME = re.compile(
    r"date|day|time|when|month|year|week|period|schedul|deadline|start|end|until|since|birth|appoint"
    r"|日|时|期|月|年|周|几号|什么时候",
    re.IGNORECASE,
)


def _only_a_day(value: str, name: str, schema: dict[str, Any], values: Sequence[Value]) -> bool:
    """Whether words only state a day or a time, for a parameter that speaks of none."""
    if _OF_TIME.search(f"{name} {schema.get('description', '')}"):
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
        return True
    if kind == "string":
        return absent <= (_ABSENT if share >= _COPIED else _ALMOST_ABSENT) and share >= _SAID
    converted = any(
        o.spans and _same(o.value, value) and not any(c.isdigit() for c in text[slice(*o.spans[0])])
        for o in offered or ()
    )
    if converted and absent <= _HARDLY_ABSENT:
        return True
    if absent <= _SURELY_ABSENT and any(
        _same(o.value, value) and o.spans and _spoken_of(o, name, schema, remarks)
        for o in offered or ()
    ):
        # Said what it is before: how it is then written (1.25 for an hour and a quarter) is no doubt.
        return True
    least = _CONVERTED if converted else _COPIED
    return share >= least and absent <= (_ALMOST_ABSENT if share < _COPIED else _ABSENT)


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


_POINTS = re.compile(
    r"(?:in |over |right )?(?:there|here|it|that|this|them|one|yes|no|ok|please)|[那这][里儿边个些]?|是|好|行|它",
    re.IGNORECASE,
)
"""Words that only point, and name nothing."""
_LITTLE = frozenset("my our your his her their put please this all some any new just also".split())
"""Words that say nothing of what is meant."""


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) is isinstance(other, bool) and one == other


def _beside(text: str, name: str, option: Option) -> float:
    """What the word before a value says for a parameter: 200 «to» 300, «从» 3 «到» 5."""
    if not option.spans:
        return 0.0
    said = direction(text, option.spans[0][0])
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


def _free(
    text: str, items: Sequence[str], places: Sequence[Span], taken: Sequence[Span]
) -> tuple[Span, ...]:
    """The places of words in a list, moved to where nothing else was taken from if there are such."""
    moved: list[Span] = []
    for item, place in zip(items, places, strict=False):
        said = text[slice(*place)] if item not in text else item
        spots = [(m.start(), m.end()) for m in re.finditer(re.escape(said), text)]
        free = (s for s in spots if not any(_overlap(s, t) for t in [*taken, *moved]))
        moved.append(next(free, place))
    return tuple(moved)


def _only_taker(option: Option, name: str, offers: dict[str, list[Option] | None]) -> bool:
    return not any(
        other != name
        and any(o.weight >= option.weight and o.spans == option.spans for o in found or ())
        for other, found in offers.items()
    )


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _point(spans: dict[str, list[Span]], name: str, value: Any, places: tuple[Span, ...]) -> None:
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    if not places:
        return
    if isinstance(value, list) and len(value) == len(places):
        for index, place in enumerate(places):
            spans[f"{pointer}/{index}"] = [place]
    else:
        spans[pointer] = list(places)


_NEGATIONS = re.compile(
    r"不|没|無|无|別|别|免|非|勿|未|\b(no|not|without|don'?t|doesn'?t|isn'?t|never|skip|exclude|excluding|"
    r"except|non)\b",
    re.IGNORECASE,
)


def _meant(
    text: str, name: str, schema: dict[str, Any], value: bool, values: Sequence[Value]
) -> tuple[Span, ...]:
    """Where the text says that a yes-or-no parameter is so: by its words, with or without a not."""
    words = concept(name, str(schema.get("description", "")))
    for reading in values:
        if reading.kind != "boolean" or reading.value is not value:
            continue
        said = reading.text.lower()
        if any(word in said for word in words):
            return ((reading.start, reading.end),)
    low = text.lower()
    for word in words:
        at = low.find(word)
        if at < 0:
            continue
        before = low[max(0, at - (4 if word[0] > "\u2e80" else 14)) : at]
        negated = bool(_NEGATIONS.search(before))
        if negated is not value:
            return ((at, at + len(word)),)
    return ()


def concept(name: str, description: str) -> list[str]:
    """The words that speak of a parameter, in both languages, longest first."""
    from ..library.lexicon import translations
    from ..library.terms import terms

    said = re.sub(r"[_\-.]", " ", name)
    said = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", said)
    stop = {
        "is",
        "has",
        "with",
        "include",
        "included",
        "includes",
        "need",
        "needs",
        "use",
        "the",
        "是否",
        "or",
        "if",
    }
    found: set[str] = set()
    for part in (
        said,
        re.sub(
            r"是否|含有?|需要|whether|include[sd]?|true|false",
            " ",
            description,
            flags=re.IGNORECASE,
        ),
    ):
        for term in [*terms(part), *translations(part)]:
            if len(term) >= 2 and term not in stop:
                found.add(term)
    found |= {w.lower() for w in said.split() if len(w) > 2 and w.lower() not in stop}
    return sorted(found, key=lambda w: (-len(w), w))


def _named(
    text: str,
    schema: dict[str, Any],
    value: Any,
    values: Sequence[Value],
    now: datetime | None,
) -> tuple[Span, ...]:
    """Where the text names one of a parameter's allowed values, in its own or other words."""
    found = evidence(text, value, now=now, values=values)
    if found:
        return (found[0],)
    low = text.lower()
    for word in _aliases(str(value), str(schema.get("description", "")), schema.get("enum", [])):
        at = low.find(word.lower())
        if at >= 0:
            return ((at, at + len(word)),)
    for word in concept(str(value), ""):
        at = low.find(word)
        if at >= 0:
            return ((at, at + len(word)),)
    return ()


def _aliases(value: str, description: str, listed: Sequence[Any]) -> list[str]:
    """The words that a description puts beside an allowed value: "dental" 牙科，"eye" 眼科."""
    quoted = re.escape(value)
    found = re.search(
        rf"[\"'“‘`]?\b{quoted}\b[\"'”’`]?\s*[:：=（(是为表示]*\s*([^,，;；。/、\"'“]+)", description
    )
    words: list[str] = []
    if found:
        words.append(found.group(1).strip(" ）)\"'"))
    before = re.search(rf"([\u4e00-\u9fff]+)\s*[（(:：=]?\s*[\"'“‘`]?{quoted}\b", description)
    if before:
        words.append(before.group(1))
    return [w for w in words if 1 <= len(w) <= 20 and w not in map(str, listed)]


__all__ = ["concept", "settle"]
