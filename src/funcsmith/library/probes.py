"""Inputs that are made from types alone, and from the constants of code: no names, no calls."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_WHOLE = [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    10,
    12,
    15,
    16,
    28,
    97,
    100,
    121,
    153,
    1900,
    2000,
    2024,
    -1,
    -4,
    -7,
]
_REAL = [
    0.0,
    1.0,
    2.0,
    2.5,
    3.0,
    3.75,
    0.1,
    10.0,
    36.6,
    59.5,
    60.0,
    100.25,
    -1.5,
    -2.5,
    -40.0,
    61.0,
    75.0,
    85.5,
    95.0,
    0.5,
    1.5,
    -0.5,
    2.675,
    1234.5678,
]
_TEXTS = [
    "abc", "Hello World", "level", "a", "", "aabb", "the quick brown fox", "A1b2", "racecar",
    "1 2 3", "Level", "x, y,z", "你好", "10110", "ff", "XIV", "MCMXCIV", "2024-02-29", "2023-12-31",
    "10:30", "11:59 PM", "a@b.com", "192.168.1.1", "(())", "(()", "3.14", "-42", "snake_case",
    "camelCase", "  padded  ", "a  b", "line one\nline two", "a\n\nb\n", "1\n2\n3\n4", "end\n", "Mississippi", "hello hello world",
    "1.10.2", "13800138000", "report.tar.gz", "What? Yes!",
    "ends with space ",
    " starts",
    "tab\tand  gaps",
    "UPPER lower",
    "a1-b2_c3",
    "ÀÉ ñ",
]  # fmt: skip
_DAYS = [
    "2024-02-28",
    "2024-02-29",
    "2023-12-31",
    "2024-01-01",
    "2024-03-04",
    "2000-01-08",
    "1999-07-15",
]


_MOST = 64


def kind_of_schema(schema: Mapping[str, Any]) -> str:
    """A type as text, without names, descriptions and defaults."""
    plain = {
        key: value
        for key, value in schema.items()
        if key
        in ("type", "format", "items", "enum", "anyOf", "additionalProperties", "prefixItems")
    }
    if isinstance(plain.get("items"), dict):
        plain["items"] = kind_of_schema(plain["items"])
    return json.dumps(plain, sort_keys=True, default=str)


def inputs_of(
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
    kinds = [kind_of_schema(schema) for schema in schemas]
    for one in _related(pools, kinds):
        for order in orders(kinds, kinds):
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
        for order in orders(kinds, kinds):
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
        return (
            value[:half],
            value[-half:],
            value[::-1],
            value,
            value[1:2],
            value[:1],
            value[1:],
            value[-1:],
        )[turn % 8]
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
        return _distinct(
            [*_TEXTS[:6], *[w for c in words[:6] for w in (c, f"x{c}y{c}")], *_TEXTS[6:]]
        )
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
        made += [
            [v for v in numbers if v < 0],
            [-v for v in made[4]],
            [-v for v in made[5]],
            [-abs(v) for v in made[8]],
        ]
    with_order = [one for one in made if _sortable(one)]
    return (
        made
        + [sorted(one) for one in with_order[4:7]]
        + [sorted(one)[::-1] for one in with_order[4:7]]
    )


def _sortable(values: Sequence[Any]) -> bool:
    return all(isinstance(v, (int, float)) for v in values) or all(
        isinstance(v, str) for v in values
    )


def _distinct(values: Sequence[Any]) -> list[Any]:
    return list({repr(one): one for one in values}.values())


def orders(kinds: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, ...]]:
    """Every way to hand values of `kinds` over to parameters of `wanted`; at most 24."""
    ways = itertools.permutations(range(len(kinds)))
    fitting = (
        way for way in ways if all(kinds[at] == kind for at, kind in zip(way, wanted, strict=True))
    )
    return list(itertools.islice(fitting, 24)) if len(kinds) <= 6 else [tuple(range(len(kinds)))]


__all__ = ["inputs_of", "kind_of_schema", "orders"]
