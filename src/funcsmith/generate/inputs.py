"""Inputs to try a function on: made from the parameter types and the values of the call.

Never outputs: what a function should give is not for us to make up.
"""

from __future__ import annotations

import contextlib
import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

_MOST = 24


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
