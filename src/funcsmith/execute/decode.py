"""The parent's half of the border: tagged JSON becomes plain JSON, or Python values again.

What arrives was written by a process that ran generated code, so everything here is checked:
depth, types, tags and their contents. Nothing is evaluated and no class is looked up by name.
The child's half is `encode.py`.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import fractions
import importlib
import json
import math
import re
from collections.abc import Callable
from typing import Any

from .encode import DEPTH

# A tag's object and array nest two deep under each value.
_NESTING = 3 * DEPTH + 20


class AnswerInvalid(ValueError):
    """The child wrote something that is not an answer."""


def parse(text: bytes) -> Any:
    """JSON of bounded depth from hostile bytes."""
    try:
        value = json.loads(text.decode("ascii"), parse_constant=_refused)
        _check_depth(value)
    except (ValueError, RecursionError) as error:
        raise AnswerInvalid(str(error)) from None
    return value


def plain(tagged: Any) -> tuple[Any, bool]:
    """The plain JSON of a tagged value, and whether that lost anything."""
    reader = _Plain()
    try:
        return reader.read(tagged), reader.lost
    except _NOT_SAID as error:
        raise AnswerInvalid(f"not a tagged value: {error}") from None


def restored(tagged: Any) -> Any:
    """The Python value that a `typed` form stands for.

    Enum members, dataclass instances and named tuples come back as plain values, since their
    classes exist only in the function's source; a figure as the bytes of its PNG. Arrays and
    frames are made anew where numpy and pandas are installed, and are nested lists elsewhere.
    """
    try:
        return _restored(tagged)
    except _NOT_SAID as error:
        raise AnswerInvalid(f"not a tagged value: {error}") from None


class _Plain:
    """Reads a tagged value; remembers whether its plain form says less."""

    def __init__(self) -> None:
        self.lost = False

    def read(self, tagged: Any) -> Any:
        kind = type(tagged)
        if kind is list:
            return [item if type(item) in _SCALARS else self.read(item) for item in tagged]
        if kind is not dict:
            return tagged
        if len(tagged) == 1:
            ((key, inner),) = tagged.items()
            if key[:1] == "$":
                return self.tag(key[1:], inner)
        return {key: self.read(value) for key, value in tagged.items()}

    def tag(self, tag: str, inner: Any) -> Any:
        if tag == "int":
            return _integer(inner)
        self.lost = True
        return _PLAIN_TAGS[tag](self, inner)

    def array(self, inner: Any) -> list[Any]:
        return [self.read(item) for item in _checked(inner, list)]

    def fields(self, inner: Any) -> list[tuple[str, Any]]:
        name, pairs = inner
        _checked(name, str)
        return [(_checked(field, str), self.read(value)) for field, value in _checked(pairs, list)]

    def frame(self, inner: Any) -> list[dict[str, Any]]:
        columns, _index, _kinds, cells = inner
        names = [_key(label) for label in self.labels(columns)]
        read = [self.array(column) for column in _checked(cells, list)]
        if len(read) != len(names) or len({len(column) for column in read}) > 1:
            raise ValueError("columns of a frame differ in length")
        return [dict(zip(names, row, strict=True)) for row in zip(*read, strict=True)]

    def column(self, inner: Any) -> list[Any]:
        _kind, cells = inner
        return self.array(cells)

    def labels(self, axis: Any) -> list[Any]:
        _names, _kinds, labels = axis
        return self.array(labels)

    def series(self, inner: Any) -> Any:
        _name, index, _kind, cells = inner
        values = self.array(cells)
        if index is None:
            return values
        labels = [_key(label) for label in self.labels(index)]
        return dict(zip(labels, values, strict=True)) if len(set(labels)) == len(values) else values


def _sorted(values: list[Any]) -> list[Any]:
    """A set's elements in an order that does not depend on hashes."""
    kinds = {bool(isinstance(value, str)) for value in values}
    if len(kinds) == 1 and all(isinstance(value, (int, float, str)) for value in values):
        return sorted(values)
    return sorted(values, key=lambda value: json.dumps(value, default=str, sort_keys=True))


def _float(inner: Any) -> None:
    if inner not in ("nan", "inf", "-inf"):
        raise ValueError("not a float")


def _decimal(inner: Any) -> int | float | None:
    value = decimal.Decimal(_checked(inner, str))
    if not value.is_finite():
        return None
    if value.as_tuple().exponent == 0 and len(value.as_tuple().digits) <= 4300:
        return int(value)
    number = float(value)
    return number if math.isfinite(number) else None


def _fraction(inner: Any) -> int | float | None:
    numerator, denominator = (_whole(part) for part in inner)
    if denominator == 1:
        return numerator
    try:
        return numerator / denominator
    except OverflowError:
        return None


def _whole(part: Any) -> int:
    if type(part) is dict and list(part) == ["$int"]:
        return _integer(part["$int"])
    number: int = _checked(part, int)
    return number


def _integer(inner: Any) -> int:
    text = _checked(inner, str)
    if len(text) > 110_000:
        raise ValueError("an int beyond the bound")
    return int(text, 16)


def _duration(inner: Any) -> str:
    days, seconds, microseconds, *nanoseconds = (_checked(part, int) for part in inner)
    (nano,) = nanoseconds or [0]
    whole = (days * 86_400 + seconds) * 10**6 + microseconds
    return _spelled((whole * 1000 + nano) * 10**9)


def _spelled(attoseconds: int) -> str:
    """A duration in ISO 8601, as pydantic writes it."""
    whole, part = divmod(abs(attoseconds), 10**18)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    small = f".{part:018d}".rstrip("0") if part else ""
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    if seconds or small or not (days or clock):
        clock += f"{seconds}{small}S"
    sign = "-" if attoseconds < 0 else ""
    return f"{sign}P" + f"{days}D" * bool(days) + (f"T{clock}" if clock else "")


def _key(value: Any) -> str:
    """A dict key as text, as JSON encoders write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, float)) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return str(value) if value.bit_length() < 14_000 else hex(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _mapping(reader: _Plain, inner: Any) -> dict[str, Any]:
    return {_key(reader.read(key)): reader.read(value) for key, value in _checked(inner, list)}


def _scalar(reader: _Plain, inner: Any) -> Any:
    kind, item = inner
    return _without_units(_checked(kind, str), reader.read(item))


def _array(reader: _Plain, inner: Any) -> Any:
    kind, shape, data = inner
    _checked(shape, list)
    return _without_units(_checked(kind, str), reader.read(data))


def _without_units(kind: str, data: Any) -> Any:
    """What an array holds in plain JSON: durations in ISO 8601, and null for the missing ones."""
    if kind[1:2] not in ("M", "m"):
        return data
    if isinstance(data, list):
        return [_without_units(kind, item) for item in data]
    if data in ("NaT", -(2**63)):
        return None
    unit = _UNIT.search(kind)
    if kind[1:2] == "M" or unit is None:
        return data
    count = _checked(data, int) * int(unit[1] or 1)
    return f"P{count}{unit[2]}" if unit[2] in "YM" else _spelled(count * _ATTOSECONDS[unit[2]])


def _png(inner: Any) -> bytes:
    """The bytes of a figure: a PNG by its first and last chunk, of the size that was said."""
    width, height, text = inner
    data = base64.b64decode(_checked(text, str), validate=True)
    size = b"".join(_checked(part, int).to_bytes(4, "big") for part in (width, height))
    if not (0 < width < 65_536 and 0 < height < 65_536):
        raise ValueError("a figure beyond the bound")
    if data[:24] != _PNG_START + size or data[-12:] != _PNG_END or len(data) < 57:
        raise ValueError("not a PNG of that size")
    return data


def _data_address(inner: Any) -> str:
    _png(inner)
    return f"data:image/png;base64,{inner[2]}"


_PLAIN_TAGS: dict[str, Callable[[_Plain, Any], Any]] = {
    "float": lambda _, inner: _float(inner),
    "tuple": _Plain.array,
    "set": lambda reader, inner: _sorted(reader.array(inner)),
    "frozenset": lambda reader, inner: _sorted(reader.array(inner)),
    "bytes": lambda _, inner: bytes.fromhex(inner).hex(),
    "bytearray": lambda _, inner: bytes.fromhex(inner).hex(),
    "complex": _Plain.array,
    "decimal": lambda _, inner: _decimal(inner),
    "fraction": lambda _, inner: _fraction(inner),
    "date": lambda _, inner: _checked(inner, str),
    "datetime": lambda _, inner: _checked(inner[0], str),
    "time": lambda _, inner: _checked(inner[0], str),
    "timedelta": lambda _, inner: _duration(inner),
    "enum": lambda reader, inner: reader.read(inner[2]),
    "dataclass": lambda reader, inner: dict(reader.fields(inner)),
    "namedtuple": lambda reader, inner: [value for _, value in reader.fields(inner)],
    "dict": _mapping,
    "array": _array,
    "scalar": _scalar,
    "frame": _Plain.frame,
    "series": _Plain.series,
    "index": _Plain.labels,
    "column": lambda reader, inner: reader.column(inner),
    "missing": lambda _, __: None,
    "figure": lambda _, inner: _data_address(inner),
    "iterator": lambda reader, inner: reader.array(inner[1]),
    "repr": lambda _, inner: _checked(inner[1], str),
}


def _restored(tagged: Any) -> Any:
    if type(tagged) is list:
        return [_restored(item) for item in tagged]
    if type(tagged) is not dict:
        return tagged
    if len(tagged) == 1:
        ((key, inner),) = tagged.items()
        if key[:1] == "$":
            return _RESTORED_TAGS[key[1:]](inner)
    return {key: _restored(value) for key, value in tagged.items()}


def _moment(inner: Any) -> dt.datetime:
    text, zone, fold = inner
    moment = dt.datetime.fromisoformat(_NANOSECONDS.sub("", text))
    if zone is not None:
        import zoneinfo

        moment = moment.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    return moment.replace(fold=fold)


def _has(module: str) -> bool:
    """Whether numpy or pandas can be had here; imports it."""
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _held(inner: Any) -> Any:
    from . import arrays

    kind, shape, data = inner
    return arrays.array(kind, shape, _restored(data)) if _has("numpy") else _restored(data)


def _single(inner: Any) -> Any:
    from . import arrays

    kind, item = inner
    return arrays.scalar(kind, _restored(item)) if _has("numpy") else _restored(item)


def _tabled(tag: str) -> Callable[[Any], Any]:
    def made(inner: Any) -> Any:
        if not _has("pandas"):
            return _PLAIN_TAGS[tag](_Plain(), inner)
        from . import arrays

        return getattr(arrays.Pandas(_restored), tag)(inner)

    return made


def _columned(inner: Any) -> Any:
    from . import arrays

    kind, cells = inner
    return arrays.Pandas(_restored).column(kind, cells) if _has("pandas") else _restored(cells)


def _lacking(inner: Any) -> Any:
    from . import arrays

    return arrays.missing(inner) if _has("pandas") else None


def _fields(inner: Any) -> dict[str, Any]:
    return {_checked(field, str): _restored(value) for field, value in inner[1]}


_RESTORED_TAGS: dict[str, Callable[[Any], Any]] = {
    "int": _integer,
    "float": float,
    "tuple": lambda inner: tuple(_restored(inner)),
    "set": lambda inner: set(_restored(inner)),
    "frozenset": lambda inner: frozenset(_restored(inner)),
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "complex": lambda inner: complex(*_restored(inner)),
    "decimal": lambda inner: decimal.Decimal(_checked(inner, str)),
    "fraction": lambda inner: fractions.Fraction(*(_whole(part) for part in inner)),
    "date": dt.date.fromisoformat,
    "datetime": _moment,
    "time": lambda inner: dt.time.fromisoformat(inner[0]).replace(fold=inner[1]),
    "timedelta": lambda inner: dt.timedelta(*inner[:3]),
    "enum": lambda inner: _restored(inner[2]),
    "dataclass": _fields,
    "namedtuple": lambda inner: tuple(_fields(inner).values()),
    "dict": lambda inner: {_restored(key): _restored(value) for key, value in inner},
    "array": _held,
    "scalar": _single,
    "frame": _tabled("frame"),
    "series": _tabled("series"),
    "index": _tabled("index"),
    "column": _columned,
    "missing": _lacking,
    "figure": _png,
    "iterator": lambda inner: _restored(inner[1]),
    "repr": lambda inner: _checked(inner[1], str),
}


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(_NESTING):
        level = (
            [
                item
                for container in level
                for item in (container.values() if type(container) is dict else container)
                if type(item) is dict or type(item) is list
            ]
            if type(level[0]) in (dict, list)
            else []
        )
        if not level:
            return
    raise ValueError("nested too deeply")


def _checked(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_NOT_SAID = (
    *(TypeError, ValueError, KeyError, IndexError, ArithmeticError, AttributeError),
    *(NotImplementedError, OSError),  # pandas; a time zone that is a folder
)
_NANOSECONDS = re.compile(r"(?<=\.\d{6})\d{3}(?!\d)")
"""What datetime cannot hold of an instant."""
_UNIT = re.compile(r"\[(\d{0,6})([a-zA-Z]{1,2})\]$")
_ATTOSECONDS = {
    "W": 604_800 * 10**18,
    "D": 86_400 * 10**18,
    "h": 3_600 * 10**18,
    "m": 60 * 10**18,
    "s": 10**18,
    "ms": 10**15,
    "us": 10**12,
    "ns": 10**9,
    "ps": 10**6,
    "fs": 1000,
    "as": 1,
}
_PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
_SCALARS = (str, int, float, bool, type(None))
