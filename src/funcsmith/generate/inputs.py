"""Inputs to try a function on: made from the parameter types and the values of the call.

Never outputs: what a function should give is not for us to make up.
"""

from __future__ import annotations

import contextlib
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

_MOST = 24
_TRIES = 40


def tries(
    schema: dict[str, Any],
    samples: Sequence[Mapping[str, Any]],
    *,
    seed: int = 0,
    most: int = _TRIES,
) -> list[dict[str, Any]]:
    """Argument sets to try a function on whose calls are known (`samples`), or only its types.

    The samples first; then, in turn, each with one parameter varied, the parameters of two mixed,
    and boundary values of the types. [] where neither a sample nor a type says what goes in.
    """
    properties: dict[str, Any] = schema.get("properties", {})
    draw = random.Random(seed)  # noqa: S311 - the same inputs each time, nothing secret
    known = [dict(one) for one in samples]
    by_type = {name: _of_type(one, draw) for name, one in properties.items()}
    sources: list[Iterator[dict[str, Any]]] = [
        iter(inputs(schema, one, seed=seed, most=most)[1:]) for one in known[:6]
    ]
    if len(known) > 1:
        sources.append(_mixed(known, draw))
    sources.append(_tied(known))
    if properties and all(by_type.values()):
        sources.append(_combined(by_type, draw))
    made = known[: most // 2]
    seen = [repr(one) for one in made]
    while sources and len(made) < most:
        for source in list(sources):
            one = next(source, None)
            if one is None:
                sources.remove(source)
            elif repr(one) not in seen:
                made.append(one)
                seen.append(repr(one))
    return made[:most]


def _mixed(known: Sequence[Mapping[str, Any]], draw: random.Random) -> Iterator[dict[str, Any]]:
    """Arguments of several calls put together anew."""
    for _ in range(12):
        yield {name: draw.choice(known).get(name, value) for name, value in known[0].items()}


def _tied(known: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Two parameters of one type with the same value, and with the same turned round: ties."""
    for one in known:
        for first, second in itertools.permutations(one, 2):
            value = one[first]
            if type(value) is not type(one[second]):
                continue
            yield {**one, second: value}
            if isinstance(value, (list, tuple, str)) and len(value) > 1:
                yield {**one, second: value[::-1]}


def _combined(
    by_type: Mapping[str, Sequence[Any]], draw: random.Random
) -> Iterator[dict[str, Any]]:
    """Every boundary value once, the others drawn."""
    for place in range(max(map(len, by_type.values()))):
        yield {
            name: some[place] if place < len(some) else draw.choice(some)
            for name, some in by_type.items()
        }
    for _ in range(24):
        yield {name: draw.choice(some) for name, some in by_type.items()}


def _of_type(schema: dict[str, Any], draw: random.Random, depth: int = 0) -> list[Any]:
    """Values of a JSON Schema type, plain ones before extreme ones; [] where it says none."""
    if "enum" in schema:
        return list(schema["enum"])
    if "default" in schema and "type" not in schema:
        return [schema["default"]]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return [one for inner in schema[key] for one in _of_type(inner, draw, depth)]
    kind = schema.get("type")
    if kind == "integer":
        return [5, 3, 10, 1, 2, 0, 7, 12, -1, 24, 100, -7]
    if kind == "number":
        return [2.5, 1.0, 3.75, 0.0, 10.0, -1.5, 0.1, 100.25]
    if kind == "string" and schema.get("format") == "date":
        return ["2024-02-28", "2023-12-31", "2024-03-01"]
    if kind == "string":
        return [*_TEXTS]
    if kind == "boolean":
        return [True, False]
    if kind == "null":
        return [None]
    if kind == "array" and depth < 3:
        inner = _of_type(schema.get("items") or {"type": "integer"}, draw, depth + 1)
        if not inner:
            return []
        first = inner[0]
        return [
            inner[:3],
            inner[2:6],
            [],
            [first],
            [first, first],
            sorted(inner[:6], key=repr),
            [draw.choice(inner) for _ in range(8)],
            [draw.choice(inner) for _ in range(5)],
        ]
    if kind == "object" and depth < 3:
        inner = _of_type(schema.get("additionalProperties") or {}, draw, depth + 1) or [1, 2, 3]
        return [dict(zip("abc", inner, strict=False)), {}, {"a": inner[0]}]
    return []


_TEXTS = (
    "abc", "Hello World", "level", "a", "", "aabb", "the quick brown fox", "A1b2", "racecar",
    "1 2 3", "Zz", "x, y, z", "你好",
)  # fmt: skip


def inputs(
    schema: dict[str, Any], arguments: dict[str, Any], *, seed: int = 0, most: int = _MOST
) -> list[dict[str, Any]]:
    """Argument sets to try: the call itself, then one parameter varied at a time, then all.

    Boundary values come first: empty, zero, one, negative, large, duplicates, unicode.
    """
    properties: dict[str, Any] = schema.get("properties", {})
    names = [name for name in properties if name in arguments]
    made = [dict(arguments)]
    draw = random.Random(seed)  # noqa: S311 - the same inputs each time, nothing secret
    variants = {
        name: list(_variants(properties.get(name, {}), arguments[name], draw)) for name in names
    }
    for level in itertools.count():
        added = False
        for name in names:
            if level < len(variants[name]):
                made.append({**arguments, name: variants[name][level]})
                added = True
        if not added or len(made) >= most:
            break
    for _ in range(4):
        if names and all(variants.values()):
            made.append({**arguments, **{name: draw.choice(variants[name]) for name in names}})
    unique: list[dict[str, Any]] = []
    for one in made:
        if one not in unique:
            unique.append(one)
    return unique[:most]


def _variants(schema: dict[str, Any], value: Any, draw: random.Random) -> Iterator[Any]:
    if "enum" in schema:
        yield from (one for one in schema["enum"] if one != value)
        return
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        yield from (max(value - 1, 0), 1, value * 2, 0, value + 7, value * 10)
    elif isinstance(value, float):
        yield value + 1
        yield from (value / 2, value * 2, round(value * 1.37, 2), 0.0)
    elif isinstance(value, str):
        yield from _texts(value, draw)
    elif isinstance(value, list):
        yield from _lists(schema, value, draw)
    elif isinstance(value, tuple):
        yield from (tuple(one) for one in _lists(schema, list(value), draw))
    elif isinstance(value, (set, frozenset)):
        some = sorted(value, key=repr)
        yield from (set(one) for one in (some[:1], some[1:], []))
    elif isinstance(value, dict):
        items = list(value.items())
        yield dict(items[:-1])
        yield dict(reversed(items))
        yield {}


def _texts(value: str, draw: random.Random) -> Iterator[str]:
    if _is_date(value):
        day = date.fromisoformat(value[:10])
        for days in (1, 31, -1, 365, 59):
            with contextlib.suppress(OverflowError):  # the calendar ends
                yield (day + timedelta(days=days)).isoformat() + value[10:]
        return
    if len(value) > 1:
        letters = list(value)
        yield value[:-1]
        yield value + value
        draw.shuffle(letters)
        yield "".join(letters)
    yield value.upper() if value != value.upper() else value.lower()
    yield value[:1]
    yield ""


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _lists(schema: dict[str, Any], value: list[Any], draw: random.Random) -> Iterator[list[Any]]:
    if value:
        yield list(reversed(value))
        yield value[:1]
        yield [*value, value[0]]
        yield value[1:]
        shuffled = list(value)
        draw.shuffle(shuffled)
        yield shuffled
        inner = next(iter(_variants(schema.get("items", {}), value[0], draw)), value[0])
        yield [inner, *value[1:]]
    yield []
