"""Functions that do the same under other names: found by what they give, not by what they say.

A fingerprint is the hash of what a function gives on inputs that are made from its types alone, run
in the fence. It does not depend on names, nor on the order of parameters of one type. Functions
whose fingerprints are equal are then compared on more inputs, made from the calls and the constants
of both: only what gives the same on all of them, and enough different things, is a duplicate.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..syntax import parse

if TYPE_CHECKING:
    from ..contract import Result
    from ..execute import Sandbox
    from .library import Library
    from .saved import Saved

ARRANGEMENT = "1"
"""Raised when inputs or outcomes are made otherwise: fingerprints are then made again."""
_MOST = 64
_COMPARED = 120
_MOST_BITS = 10_000
"""Python writes no longer integers out in decimal."""
_ODD = 0.7390851332151607
_OTHERWISE = 4
"""How often something else must be given than what is given most often: else it says nothing."""
_WHOLE = [0, 1, 2, 3, 4, 5, 6, 7, 10, 12, 15, 16, 28, 97, 100, 121, 153, 1900, 2000, 2024, -1, -4, -7]
_REAL = [0.0, 1.0, 2.0, 2.5, 3.0, 3.75, 0.1, 10.0, 36.6, 59.5, 60.0, 100.25, -1.5, -2.5, -40.0, 61.0, 75.0, 85.5, 95.0]
_TEXTS = [
    "abc", "Hello World", "level", "a", "", "aabb", "the quick brown fox", "A1b2", "racecar",
    "1 2 3", "Level", "x, y,z", "你好", "10110", "ff", "XIV", "MCMXCIV", "2024-02-29", "2023-12-31",
    "10:30", "11:59 PM", "a@b.com", "192.168.1.1", "(())", "(()", "3.14", "-42", "snake_case",
    "camelCase", "  padded  ", "a  b", "line one\nline two", "a\n\nb\n", "1\n2\n3\n4", "end\n", "Mississippi", "hello hello world",
    "1.10.2", "13800138000", "report.tar.gz", "What? Yes!",
]  # fmt: skip
_DAYS = ["2024-02-28", "2024-02-29", "2023-12-31", "2024-01-01", "2024-03-04", "2000-01-08", "1999-07-15"]


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


def fingerprint(source: str, name: str, parameters: Mapping[str, Any], sandbox: Sandbox) -> Fingerprint:
    """Run a function on inputs of its types; `parameters` is the JSON Schema of its arguments."""
    schemas = list((parameters.get("properties") or {}).values())
    if not schemas or parameters.get("additionalProperties"):
        return Fingerprint("", "types")
    from ..generate.verification import changes_by_itself

    if changes_by_itself(source):
        return Fingerprint("", "changing")
    kinds = [_kind(schema) for schema in schemas]
    places = sorted(range(len(kinds)), key=lambda at: kinds[at])
    tried = _inputs([schemas[at] for at in places])
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


def alike(
    first: Saved, second: Saved, library: Library, sandbox: Sandbox
) -> Duplicate | None:
    """Compare two functions on inputs from their types, calls and constants; None where they differ."""
    mine = list((first.parameters.get("properties") or {}).values())
    theirs = list((second.parameters.get("properties") or {}).values())
    if sorted(map(_kind, mine)) != sorted(map(_kind, theirs)):
        return None
    source = library.whole(first.source, first.name)
    other = library.whole(second.source, second.name)
    constants = [*_constants(source), *_constants(other)]
    names = list(first.parameters["properties"])
    known = [
        [call[name] for name in names]
        for call in _calls(first)
        if set(names) <= set(call)
    ]
    tried = [*known, *_inputs(mine, constants, most=_COMPARED)]
    gave = _gave(source, first.name, tried, sandbox)
    for order in _orders([_kind(one) for one in mine], [_kind(one) for one in theirs]):
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
    new = Kept(
        name=name, file=name, source=source, parameters=dict(parameters), origins=(call,)
    )
    for saved in library.behaving(made.key):
        if saved.granted:
            continue
        found = alike(new, saved, library, sandbox)
        if found is not None and found.order == tuple(range(len(kinds))):
            return saved
    return None


def _kinds(parameters: Mapping[str, Any]) -> list[str]:
    return [_kind(schema) for schema in (parameters.get("properties") or {}).values()]


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


def _kind(schema: Mapping[str, Any]) -> str:
    """A type as text, without names, descriptions and defaults."""
    plain = {
        key: value
        for key, value in schema.items()
        if key in ("type", "format", "items", "enum", "anyOf", "additionalProperties", "prefixItems")
    }
    if isinstance(plain.get("items"), dict):
        plain["items"] = _kind(plain["items"])
    return json.dumps(plain, sort_keys=True, default=str)


def _inputs(
    schemas: Sequence[Mapping[str, Any]], constants: Sequence[Any] = (), most: int = _MOST
) -> list[list[Any]]:
    """Argument lists by type alone; with two parameters of a type also the other way round."""
    pools = [_pool(schema, constants) for schema in schemas]
    if not all(pools):
        return []
    if len(pools) == 1:
        return [[one] for one in pools[0][:most]]
    made: list[list[Any]] = []
    seen: set[str] = set()
    kinds = [_kind(schema) for schema in schemas]
    for one in _related(pools, kinds):
        for order in _orders(kinds, kinds):
            swapped = [one[at] for at in order]
            if len(made) < most // 2 and (said := repr(swapped)) not in seen:
                seen.add(said)
                made.append(swapped)
    for turn in itertools.count():
        # Strides that share no factor bring every value beside many others.
        one = [
            pool[(turn * stride + 3 * at) % len(pool)]
            for at, (pool, stride) in enumerate(zip(pools, _STRIDES, strict=False))
        ]
        if len(one) < len(pools) or turn > 4 * most:
            break
        for order in _orders(kinds, kinds):
            swapped = [one[at] for at in order]
            if (said := repr(swapped)) not in seen:
                seen.add(said)
                made.append(swapped)
        if len(made) >= most:
            break
    return made


def _related(pools: Sequence[Sequence[Any]], kinds: Sequence[str]) -> Iterator[list[Any]]:
    """Arguments that have to do with each other: a part of the other, one of its elements, near it."""
    for turn in range(8):
        one = [pool[(turn * 2 + 1) % len(pool)] for pool in pools]
        for at in range(1, len(one)):
            before = one[at - 1]
            if kinds[at] == kinds[at - 1]:
                one[at] = _part(before, turn)
            elif isinstance(before, list) and before and type(before[0]) is type(one[at]):
                one[at] = before[turn % len(before)]
            elif isinstance(one[at], list) and one[at] and type(one[at][0]) is type(before):
                one[at - 1] = one[at][turn % len(one[at])]
        yield one


def _part(value: Any, turn: int) -> Any:
    """A value of the same type that has to do with this one, another each turn."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return value + (0, 1, -1, 0, 2, value, 1, 0)[turn % 8]
    if isinstance(value, (str, list)):
        half = max(1, len(value) // 2)
        return (value[:half], value[-half:], value[::-1], value, value[1:2], value[:1], value[1:], value[-1:])[turn % 8]
    return value


_STRIDES = (1, 3, 7, 11, 13, 17, 19, 23)


def _pool(schema: Mapping[str, Any], constants: Sequence[Any] = (), depth: int = 0) -> list[Any]:
    """Values of a type, the constants of the code and their neighbours first."""
    if "enum" in schema:
        return list(schema["enum"])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return [one for inner in schema[key] for one in _pool(inner, constants, depth)]
    kind = schema.get("type")
    numbers = [c for c in constants if isinstance(c, (int, float)) and abs(c) < 10_000]
    words = [c for c in constants if isinstance(c, str) and 0 < len(c) < 40]
    if kind == "integer":
        near = [int(c) + d for c in numbers if c == int(c) for d in (0, -1, 1)]
        return _distinct([*near[:30], *_WHOLE])
    if kind == "number":
        near_real = [float(c) + d for c in numbers for d in (0, -0.5, 0.5)]
        return _distinct([*near_real[:30], *_REAL])
    if kind == "string" and schema.get("format") in ("date", "date-time"):
        return [*_DAYS] if schema["format"] == "date" else [f"{day}T10:30:00" for day in _DAYS]
    if kind == "string" and schema.get("format") == "time":
        return ["10:30:00", "00:00:00", "23:59:59", "12:00:00"]
    if kind == "string":
        return _distinct([*_TEXTS[:6], *[w for c in words[:6] for w in (c, f"x{c}y{c}")], *_TEXTS[6:]])
    if kind == "boolean":
        return [True, False]
    if kind == "null":
        return [None]
    if kind == "array" and depth < 3:
        inner = _pool(schema.get("items") or {"type": "integer"}, constants, depth + 1)
        return _lists(inner) if inner else []
    if kind == "object" and depth < 3:
        inner = _pool(schema.get("additionalProperties") or {}, constants, depth + 1)
        if not inner:
            return []
        return [
            dict(zip(keys, itertools.islice(itertools.cycle(inner), at, None), strict=False))
            for at, keys in enumerate(["abc", "ba", "", "xyzab", "c", "bca"])
        ]
    return []


def _lists(inner: Sequence[Any]) -> list[Any]:
    """Lists of these: in order, turned round, with ties, empty, single, long."""
    size = len(inner)
    made: list[Any] = [
        [inner[(start + step * at) % size] for at in range(length)]
        for start, step, length in (
            (3, 1, 3), (5, 5, 5), (0, 1, 0), (2, 1, 1), (7, 3, 6), (1, 7, 8), (0, 1, 5), (4, 9, 4),
            (9, 2, 7), (6, 11, 6), (8, 1, 2), (10, 13, 9), (2, 4, 3), (11, 6, 5), (12, 5, 4),
        )
    ]  # fmt: skip
    made += [[made[0][0]] * 3, made[0] + made[0], made[4][::-1], [*made[4], made[4][0]]]
    made += [[*made[1], made[1][1], made[1][1]], [*made[5], *made[0], made[5][2]]]
    numbers = [v for v in inner if isinstance(v, (int, float)) and not isinstance(v, bool)]
    if len(numbers) == len(inner):
        made += [[v for v in numbers if v < 0], [-v for v in made[4]], [-v for v in made[5]], [-abs(v) for v in made[8]]]
    with_order = [one for one in made if _sortable(one)]
    return made + [sorted(one) for one in with_order[4:7]] + [sorted(one)[::-1] for one in with_order[4:7]]


def _sortable(values: Sequence[Any]) -> bool:
    return all(isinstance(v, (int, float)) for v in values) or all(isinstance(v, str) for v in values)


def _distinct(values: Sequence[Any]) -> list[Any]:
    return list({repr(one): one for one in values}.values())


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


def _orders(kinds: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, ...]]:
    """Every way to hand values of `kinds` over to parameters of `wanted`; at most 24."""
    ways = itertools.permutations(range(len(kinds)))
    fitting = (way for way in ways if all(kinds[at] == kind for at, kind in zip(way, wanted, strict=True)))
    return list(itertools.islice(fitting, 24)) if len(kinds) <= 6 else [tuple(range(len(kinds)))]


def _same_inputs(tried: Sequence[Sequence[Any]], kinds: Sequence[str]) -> Iterator[list[int]]:
    """For each order of parameters of one type: where the inputs stand that it makes of these."""
    place = {repr(list(one)): at for at, one in enumerate(tried)}
    for order in _orders(kinds, kinds):
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
