"""Functions that do the same under other names: found by what they give, not by what they say.

A fingerprint is the hash of what a function gives on inputs that are made from its types alone, run
in the fence. It does not depend on names, nor on the order of parameters of one type. Functions
whose fingerprints are equal are then compared on more inputs, made from the calls and the constants
of both: only what gives the same on all of them, and enough different things, is a duplicate.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..syntax import parse
from .probes import inputs_of, kind_of_schema, orders

if TYPE_CHECKING:
    from ..contract import Result
    from ..execute import Sandbox
    from .library import Library
    from .saved import Saved

ARRANGEMENT = "1"
"""Raised when inputs or outcomes are made otherwise: fingerprints are then made again."""
_COMPARED = 120
_MOST_BITS = 10_000
"""Python writes no longer integers out in decimal."""
_ODD = 0.7390851332151607
_OTHERWISE = 4
"""How often something else must be given than what is given most often: else it says nothing."""


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a function's behaviour."""

    key: str
    """Equal for functions that give the same; "" where it says nothing."""
    why: str = ""
    """Why it says nothing: types, changing, granted or trivial."""


@dataclass(frozen=True)
class Duplicate:
    """Two functions that do the same."""

    first: Saved
    second: Saved
    inputs: int
    """On how many inputs."""
    distinct: int
    """How many different things they gave."""
    order: tuple[int, ...]
    """For each parameter of the second the place of the first's."""


def fingerprint(
    source: str, name: str, parameters: Mapping[str, Any], sandbox: Sandbox
) -> Fingerprint:
    """Run a function on inputs of its types; `parameters` is the JSON Schema of its arguments."""
    schemas = list((parameters.get("properties") or {}).values())
    if not schemas or parameters.get("additionalProperties"):
        return Fingerprint("", "types")
    from ..generate.verification import changes_by_itself

    if changes_by_itself(source):
        return Fingerprint("", "changing")
    kinds = [kind_of_schema(schema) for schema in schemas]
    places = sorted(range(len(kinds)), key=lambda at: kinds[at])
    tried = inputs_of([schemas[at] for at in places])
    if not tried:
        return Fingerprint("", "types")
    gave = _gave(source, name, [_arranged(one, places) for one in tried], sandbox)
    if not _tells(gave):
        return Fingerprint("", "trivial")
    ordered = sorted(kinds)
    best = min(
        _hashed([ordered, [gave[at] for at in order]]) for order in _same_inputs(tried, ordered)
    )
    return Fingerprint(best)


def alike(first: Saved, second: Saved, library: Library, sandbox: Sandbox) -> Duplicate | None:
    """Compare two functions on inputs from their types, calls and constants; None where they differ."""
    mine = list((first.parameters.get("properties") or {}).values())
    theirs = list((second.parameters.get("properties") or {}).values())
    if sorted(map(kind_of_schema, mine)) != sorted(map(kind_of_schema, theirs)):
        return None
    source = library.whole(first.source, first.name)
    other = library.whole(second.source, second.name)
    constants = [*_constants(source), *_constants(other)]
    names = list(first.parameters["properties"])
    known = [[call[name] for name in names] for call in _calls(first) if set(names) <= set(call)]
    tried = [*known, *inputs_of(mine, constants, most=_COMPARED)]
    gave = _gave(source, first.name, tried, sandbox)
    for order in orders(
        [kind_of_schema(one) for one in mine], [kind_of_schema(one) for one in theirs]
    ):
        calls = [[one[at] for at in order] for one in tried]
        # Most orders differ at once.
        few = _gave(other, second.name, calls[:12], sandbox)
        if _differ(gave[:12], few):
            continue
        theirs_gave = few + _gave(other, second.name, calls[12:], sandbox)
        if not _differ(gave, theirs_gave) and _tells(gave):
            both = [one for one, two in zip(gave, theirs_gave, strict=True) if one and one == two]
            return Duplicate(first, second, len(both), len(set(both)), tuple(order))
    return None


def duplicates_of(saved: Saved, library: Library, sandbox: Sandbox) -> list[Duplicate]:
    """The other functions that do the same as this one, among those whose behaviour is known."""
    mark = known_fingerprint(saved, library, sandbox)
    if not mark.key:
        return []
    others = [one for one in library.behaving(mark.key) if one.name != saved.name]
    found = (alike(saved, other, library, sandbox) for other in others)
    return [one for one in found if one is not None]


def same_as(
    source: str,
    name: str,
    parameters: Mapping[str, Any],
    arguments: Mapping[str, Any],
    near: Sequence[Saved],
    library: Library,
    sandbox: Sandbox,
) -> Saved | None:
    """The saved function that does the same as a new one, with its parameters in the same order.

    Looked for among those whose behaviour is known, and those `near`, whose is found out first.
    `arguments` is the new one's call, on which they have to agree too.
    """
    from .saved import Origin
    from .saved import Saved as Kept

    made = fingerprint(source, name, parameters, sandbox)
    if not made.key:
        return None
    kinds = sorted(_kinds(parameters))
    for saved in near:
        if not saved.broken and sorted(_kinds(saved.parameters)) == kinds:
            known_fingerprint(saved, library, sandbox)
    call = Origin("", dict(arguments))
    new = Kept(name=name, file=name, source=source, parameters=dict(parameters), origins=(call,))
    for saved in library.behaving(made.key):
        if saved.granted:
            continue
        found = alike(new, saved, library, sandbox)
        if found is not None and found.order == tuple(range(len(kinds))):
            return saved
    return None


def _kinds(parameters: Mapping[str, Any]) -> list[str]:
    return [kind_of_schema(schema) for schema in (parameters.get("properties") or {}).values()]


def known_fingerprint(saved: Saved, library: Library, sandbox: Sandbox) -> Fingerprint:
    """A function's fingerprint, made now if it is not known for its code."""
    source = library.whole(saved.source, saved.name)
    code = _hashed([ARRANGEMENT, saved.code if source is saved.source else source])
    kept = library.behaviour(code)
    if kept is not None:
        made = Fingerprint(*json.loads(kept))
    elif saved.granted:
        made = Fingerprint("", "granted")
    else:
        made = fingerprint(source, saved.name, saved.parameters, sandbox)
        library.keep_behaviour(code, json.dumps([made.key, made.why]))
    library.mark_behaviour(saved, made.key)
    return made


def _constants(source: str) -> list[Any]:
    """Numbers and words that a source compares with: where behaviour changes."""
    return [
        node.value
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float, str))
        and not isinstance(node.value, bool)
        and "\n" not in str(node.value)
    ]


def _calls(saved: Saved) -> Iterator[dict[str, Any]]:
    for origin in saved.origins:
        if origin.arguments:
            yield origin.arguments


def _arranged(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """Values that are sorted by type, in the order of the function's own parameters."""
    made: list[Any] = [None] * len(places)
    for value, at in zip(values, places, strict=True):
        made[at] = value
    return made


def _same_inputs(tried: Sequence[Sequence[Any]], kinds: Sequence[str]) -> Iterator[list[int]]:
    """For each order of parameters of one type: where the inputs stand that it makes of these."""
    place = {repr(list(one)): at for at, one in enumerate(tried)}
    for order in orders(kinds, kinds):
        moved = [place.get(repr([one[at] for at in order])) for one in tried]
        found = [at for at in moved if at is not None]
        if len(found) == len(tried):
            yield found


def _gave(
    source: str, name: str, tried: Sequence[Sequence[Any]], sandbox: Sandbox
) -> list[str | None]:
    """What a function gives on each input as comparable text; None: it fails; "?": not known."""
    from ..execute import Limits

    if not tried:
        return []
    results = sandbox.calls(
        source,
        name,
        [{str(at): value for at, value in enumerate(one)} for one in tried],
        limits=Limits(cpu_seconds=6.0, wall_seconds=30.0),
        per_call_cpu_seconds=0.8,
        positional=True,
        fresh=False,
    )
    return [_outcome(result) for result in results]


def _outcome(result: Result) -> str | None:
    from ..generate.behaviour import exact, value_of

    if result.status == "error":
        return None
    if result.status != "ok":
        return "?"
    return exact(_settled(value_of(result)))


def _settled(value: Any) -> Any:
    """A value without the noise of binary arithmetic around zero."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return value
        near = round(value, 9) if abs(value) < 1 else float(f"{value:.10g}")
        # Times an odd number: what is half way in decimals is not half way any more.
        return near if near == int(near) else float(f"{value * _ODD:.9g}")
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return hashlib.sha256(hex(value).encode()).hexdigest()
    if isinstance(value, list):
        return [_settled(one) for one in value]
    if isinstance(value, tuple):
        return tuple(map(_settled, value))
    return value


def _differ(one: Sequence[str | None], other: Sequence[str | None]) -> bool:
    return any(a != b and "?" not in (a, b) for a, b in zip(one, other, strict=True))


def _tells(gave: Sequence[str | None]) -> bool:
    """Whether what was given says something: enough different things, none nearly always."""
    given = Counter(one for one in gave if one not in (None, "?"))
    return sum(given.values()) - max(given.values(), default=0) >= _OTHERWISE


def _hashed(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=True).encode()).hexdigest()[:32]


__all__ = [
    "Duplicate",
    "Fingerprint",
    "alike",
    "duplicates_of",
    "fingerprint",
    "known_fingerprint",
    "same_as",
]
