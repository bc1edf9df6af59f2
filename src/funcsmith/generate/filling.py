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
from ..readers.names import words_of
from .call import Key
from .certainty import Certainty
from .claims import ALMOST_ABSENT, NAMED_ABSENT, Claim, beside, claims_of, overlap, related, same
from .filled import Filled
from .form import wants_form
from .grounding import unused
from .kinds import inner_schema, kind_of, properties
from .options import Option
from .roles import named_beside

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
    written = _cut_short(text, written, offers)
    written, sure = _moved(text, wanted, written, offers, sure, values, now, remarks or {})
    required = [n for n in tool.parameters.get("required") or () if n in wanted]
    claims: list[Claim] = []
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
            laid = claims_of(
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
        elif offered and (certainty is None or certainty.absent < NAMED_ABSENT):
            # The word before a value may name this parameter where the model chose another.
            claims += [
                (o.weight + 0.25, name, o.value, o.spans)
                for o in offered
                if o.weight >= 0.5 and beside(text, name, o) > 0
            ]
        # What only this parameter can take by its unit is its own, whatever the model wrote.
        sole = [o for o in offered or () if o.weight >= 1.0 and o.spans]
        measured = certainty is None or (
            kind_of(schema) in ("integer", "number") and certainty.absent < ALMOST_ABSENT
        )
        if len(sole) == 1 and not laid and measured and _only_taker(sole[0], name, offers):
            claims.append((0.95, name, sole[0].value, sole[0].spans))
    claims += _told_only(wanted, offers, claims, remarks or {})
    elsewhere = set(taken)
    claims.sort(key=lambda claim: (-claim[0], not elsewhere.isdisjoint(claim[3])))
    arguments: dict[str, Any] = {}
    spans: dict[str, list[Span]] = {}
    used: list[Span] = []
    shaped: list[Span] = []
    for _, name, value, places in claims:
        if name in arguments:
            continue
        words = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if words:
            places = _free(text, value, places, used)
        numeric = not isinstance(value, (str, bool, dict)) and not words
        if places and numeric and any(overlap(p, t) for p in places for t in used):
            continue
        if isinstance(value, (str, bool)) and places and places[0] in used:
            continue
        free = isinstance(value, str) and offers.get(name) is None
        aside = name not in required and (free or isinstance(value, bool))
        if (
            aside
            and any(overlap(p, t) for p in places for t in used)
            and not ({"unit", "units"} & set(words_of(name)) and _their_unit(value, used, values))
        ):
            # What need not be stated is not taken out of what states something else.
            continue
        if free and any(_within(p, t) for p in places for t in shaped):
            # A year is no city, and the town of an address no restaurant.
            continue
        arguments[name] = value
        used += places
        if isinstance(value, str) and _is_shaped(text, wanted[name], value, places):
            shaped += places
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


def _is_shaped(text: str, schema: dict[str, Any], value: str, places: Sequence[Span]) -> bool:
    """Whether words became a day, a moment, a code or a place in a form: no mere copy."""
    if not places or kind_of(inner_schema(schema)) != "string":
        return False
    copied = any(text[start:end] == value for start, end in places)
    return not copied or wants_form(str(schema.get("description", "")))


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1] and one != other


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
                if said and same(option.value, amount) and value.startswith(said) and rest:
                    written[name] = rest
                    sure.pop(other, None)
                    break
    return written, sure


def _cut_short(
    text: str, written: dict[str, Any], offers: dict[str, list[Option] | None]
) -> dict[str, Any]:
    """What was written, without other parameters' values at its end, each behind a small word.

    «the menu from Thai into Dutch» as what is translated, where both languages are parameters too,
    is «the menu». What is quoted is whole.
    """
    words = {
        name: value
        for name, value in written.items()
        if isinstance(value, str) and offers.get(name) is None
    }
    cut = dict(written)
    for name, value in words.items():
        if re.search(rf"[\"“「『']{re.escape(value)}", text):
            continue
        others = [re.escape(o) for key, o in words.items() if key != name and o and o != value]
        if len(others) < _SEVERAL:
            continue
        one = rf"\s*(?:\b(?:from|to|into)\s+|从|到|成)(?:{'|'.join(others)})"
        tail = re.search(rf"(?:{one}){{{_SEVERAL}}}$", value)
        if tail and value[: tail.start()].strip():
            cut[name] = value[: tail.start()].rstrip(" ,，")
    return cut


_SEVERAL = 2
"""How many other parameters' values must stand at the end of words before these are cut short."""


def _moved(
    text: str,
    wanted: Mapping[str, dict[str, Any]],
    written: dict[str, Any],
    offers: dict[str, list[Option] | None],
    sure: Mapping[Key, Certainty],
    values: Sequence[Value],
    now: datetime | None,
    remarks: Mapping[Span, str],
) -> tuple[dict[str, Any], dict[Key, Certainty]]:
    """What was written, a value moved to the empty parameter that the words beside it name.

    «墙高两米七» as the width, where the height was left out, is the height; so is what was said to be
    the height before the call was written.
    """
    written, sure = dict(written), dict(sure)
    for name, value in list(written.items()):
        if value is None or isinstance(value, (bool, list, dict, tuple)):
            continue
        offered = offers.get(name)
        places = [o.spans[0] for o in offered or () if o.spans and same(o.value, value)]
        if offered is None and isinstance(value, str):
            places = evidence(text, value, now=now, values=values)
        if not places:
            continue
        named = named_beside(text, places[0], wanted)
        said = remarks.get(places[0], "").strip()
        if said in wanted and written.get(said) is None:
            named = said
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
    claims: Sequence[Claim],
    remarks: Mapping[Span, str],
) -> list[Claim]:
    """Weak claims on values that were said to be a parameter's, and that no call took."""
    taken = [span for _, _, _, spans in claims for span in spans]
    found: list[Claim] = []
    for name, schema in wanted.items():
        for option in offers.get(name) or ():
            free = option.spans and not any(overlap(a, b) for a in option.spans for b in taken)
            roles = [r for span, r in remarks.items() if free and span == option.spans[0]]
            if roles and option.weight >= 0.55 and related(roles[0], name, schema):
                found.append((0.3, name, option.value, option.spans))
    return found


def _free(
    text: str, items: Sequence[str], places: Sequence[Span], taken: Sequence[Span]
) -> tuple[Span, ...]:
    """The places of words in a list, moved to where nothing else was taken from if there are such."""
    moved: list[Span] = []
    for item, place in zip(items, places, strict=False):
        said = text[slice(*place)] if item not in text else item
        spots = [(m.start(), m.end()) for m in re.finditer(re.escape(said), text)]
        free = (s for s in spots if not any(overlap(s, t) for t in [*taken, *moved]))
        moved.append(next(free, place))
    return tuple(moved)


def _only_taker(option: Option, name: str, offers: dict[str, list[Option] | None]) -> bool:
    return not any(
        other != name
        and any(o.weight >= option.weight and o.spans == option.spans for o in found or ())
        for other, found in offers.items()
    )


def _point(spans: dict[str, list[Span]], name: str, value: Any, places: tuple[Span, ...]) -> None:
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    if not places:
        return
    if isinstance(value, list) and len(value) == len(places):
        for index, place in enumerate(places):
            spans[f"{pointer}/{index}"] = [place]
    else:
        spans[pointer] = list(places)


__all__ = ["settle"]
