"""The child's half of the border: a value becomes JSON text with tags, bounded in size.

Runs in the process of the generated code, so it believes nothing: exact types are looked at,
subclasses go through the methods of their base, and no method of a generated class is called
except its `__repr__`, whose answer is bounded text. The parent's half is `decode.py`; what it
reads it checks, because whoever owns this process could write anything.

A tag is an object with one key that begins with "$": {"$tuple": [1, 2]}. Everything that JSON
itself can say is said in plain JSON.
"""

from __future__ import annotations

import sys
from _json import encode_basestring_ascii as _quoted

DEPTH = 100
REPR_CHARACTERS = 10_000
# Above this the C library would need seconds to write the digits; below 4300 any parser reads them.
_DECIMAL_BITS, _INTEGER_BITS = 14_000, 400_000

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


class TooLarge(Exception):
    """The value does not fit; its message says what it is and how large."""


def encode(value: Any, room: int) -> str:
    """The value as tagged JSON of at most `room` characters."""
    encoder = Encoder(room)
    try:
        encoder.put(value, 0)
    except TooLarge:
        raise TooLarge(f"{type_name(value)}{_size(value)}") from None
    return "".join(encoder.parts)


def bounded_repr(value: Any) -> str:
    """What repr() says, up to 10 000 characters, without trusting anyone's repr."""
    parts: list[str] = []
    try:
        room = _represent(value, parts, REPR_CHARACTERS, 0, set())
    except RecursionError:
        parts, room = [f"<{type_name(value)} object>"], 0
    text = "".join(parts)
    if room > 0:
        return text
    return text[:REPR_CHARACTERS] + f"…{_size(value)}"


def type_name(value: Any) -> str:
    """The name of a value's type, read past any metaclass."""
    name = _TYPE_NAME(type(value))
    return name if type(name) is str else "object"


class Encoder:
    """Tagged JSON in the making: one value by `put`, or many by `add`."""

    def __init__(self, room: int) -> None:
        self.parts: list[str] = []
        self.room = self.each = room
        self.path: set[int] = set()

    def add(self, value: Any) -> None:
        """One more value of at most `room` characters; one that does not fit leaves no trace."""
        parts = self.parts
        kept = len(parts)
        self.room = self.each
        if parts:
            parts.append(",")
        try:
            self.put(value, 0)
        except TooLarge:
            self._drop(kept)
            raise TooLarge(f"{type_name(value)}{_size(value)}") from None
        except BaseException:  # an iterator's own error is the row's
            self._drop(kept)
            raise

    def _drop(self, kept: int) -> None:
        del self.parts[kept:]
        self.path.clear()

    def taken(self) -> str:
        """The values added since the last time, with commas between."""
        text = "".join(self.parts)
        self.parts.clear()
        return text

    def text(self, text: str) -> None:
        self.room -= len(text)
        if self.room < 0:
            raise TooLarge
        self.parts.append(text)

    def put(self, value: Any, depth: int) -> None:
        kind = type(value)
        if kind is str:
            if len(value) > self.room:
                raise TooLarge
            self.text(_quoted(value))
        elif kind is int:
            self.integer(value)
        elif value is None:
            self.text("null")
        elif kind is bool:
            self.text("true" if value else "false")
        elif kind is float:
            if value - value == 0.0:
                self.text(_FLOAT_REPR(value))
            else:
                self.text('{"$float":"' + _FLOAT_REPR(value) + '"}')
        elif depth >= DEPTH or id(value) in self.path:
            self.opaque(value, "…")
        else:
            self.path.add(id(value))
            if kind in _SIZED and 2 * len(value) > self.room:
                raise TooLarge
            if kind is list:
                self.items(value, depth)
            elif kind is tuple:
                self.tagged("tuple", value, depth)
            elif kind is dict:
                self.mapping(value.items(), depth)
            else:
                self.other(value, kind, depth)
            self.path.discard(id(value))

    def integer(self, value: int) -> None:
        bits = value.bit_length()
        if bits <= _DECIMAL_BITS:
            self.text(_INT_REPR(value))
        elif bits <= _INTEGER_BITS:
            self.text('{"$int":"' + _INT_HEX(value, "x") + '"}')
        else:
            raise TooLarge

    def items(self, values: Iterable[Any], depth: int) -> None:
        self.text("[")
        first = True
        for value in values:
            if first:
                first = False
            else:
                self.text(",")
            self.put(value, depth + 1)
        self.text("]")

    def tagged(self, tag: str, values: Iterable[Any], depth: int) -> None:
        self.text('{"$' + tag + '":')
        self.items(values, depth)
        self.text("}")

    def said(self, tag: str, *words: Any) -> None:
        """A tag over values that are ours: text, numbers, None."""
        self.text('{"$' + tag + '":')
        self.put(words[0] if len(words) == 1 else list(words), 0)
        self.text("}")

    def mapping(self, pairs: Iterable[tuple[Any, Any]], depth: int) -> None:
        pairs = list(pairs)
        plain = all(type(key) is str and key[:1] != "$" for key, _ in pairs)
        self.text("{" if plain else '{"$dict":[')
        for number, (key, value) in enumerate(pairs):
            if number:
                self.text(",")
            if plain:
                self.put(key, depth + 1)
                self.text(":")
                self.put(value, depth + 1)
            else:
                self.items((key, value), depth)
        self.text("}" if plain else "]}")

    def fields(self, tag: str, name: str, pairs: list[tuple[str, Any]], depth: int) -> None:
        self.text('{"$' + tag + '":[')
        self.put(name, depth)
        self.text(",[")
        for number, pair in enumerate(pairs):
            if number:
                self.text(",")
            self.items(pair, depth)
        self.text("]]}")

    def opaque(self, value: Any, text: str | None = None) -> None:
        self.said("repr", type_name(value), bounded_repr(value) if text is None else text)

    def other(self, value: Any, kind: type, depth: int) -> None:
        if kind is set:
            self.tagged("set", value, depth)
        elif kind is frozenset:
            self.tagged("frozenset", value, depth)
        elif kind is bytes or kind is bytearray:
            if 2 * len(value) > self.room:
                raise TooLarge
            self.said("bytes" if kind is bytes else "bytearray", value.hex())
        elif kind is complex:
            self.tagged("complex", (value.real, value.imag), depth)
        elif not (
            self.missing(value)
            or self.dated(value, kind)
            or self.numeric(value, kind)
            or self.classed(value, kind, depth)
            or self.arrayed(value, kind, depth)
            or self.drawn(value, kind)
            or self.iterated(value, kind, depth)
            or self.inherited(value, kind, depth)
        ):
            self.opaque(value)

    def missing(self, value: Any) -> bool:
        pandas = sys.modules.get("pandas")
        if pandas is None or (value is not pandas.NaT and value is not pandas.NA):
            return False
        self.said("missing", "NaT" if value is pandas.NaT else "NA")
        return True

    def dated(self, value: Any, kind: type) -> bool:
        module = sys.modules.get("_datetime") or sys.modules.get("datetime")
        if module is None:
            return False
        if issubclass(kind, module.datetime):
            zone = module.datetime.tzinfo.__get__(value)
            zones = sys.modules.get("zoneinfo")
            key = zone.key if zones is not None and type(zone) is zones.ZoneInfo else None
            fold = module.datetime.fold.__get__(value)
            pandas = sys.modules.get("pandas")
            holder = module.datetime
            if pandas is not None and issubclass(kind, pandas.Timestamp):
                holder = pandas.Timestamp  # knows nanoseconds
            self.said("datetime", holder.isoformat(value), key, fold)
        elif issubclass(kind, module.date):
            self.said("date", module.date.isoformat(value))
        elif issubclass(kind, module.time):
            self.said("time", module.time.isoformat(value), module.time.fold.__get__(value))
        elif issubclass(kind, module.timedelta):
            delta = module.timedelta
            days, seconds = delta.days.__get__(value), delta.seconds.__get__(value)
            words = [days, seconds, delta.microseconds.__get__(value)]
            pandas = sys.modules.get("pandas")
            if pandas is not None and issubclass(kind, pandas.Timedelta):
                words = _long_duration(pandas.Timedelta.asm8.__get__(value))
            self.said("timedelta", *words)
        else:
            return False
        return True

    def numeric(self, value: Any, kind: type) -> bool:
        decimals = sys.modules.get("_decimal") or sys.modules.get("decimal")
        if decimals is not None and issubclass(kind, decimals.Decimal):
            self.said("decimal", decimals.Decimal.__str__(value))
            return True
        fractions = sys.modules.get("fractions")
        if fractions is not None and issubclass(kind, fractions.Fraction):
            self.tagged(
                "fraction", (_ATTRIBUTE(value, "_numerator"), _ATTRIBUTE(value, "_denominator")), 0
            )
            return True
        return False

    def classed(self, value: Any, kind: type, depth: int) -> bool:
        enums = sys.modules.get("enum")
        if enums is not None and issubclass(kind, enums.Enum):
            self.text('{"$enum":')
            name = _ATTRIBUTE(value, "_name_")
            words = (type_name(value), name if type(name) is str else None)
            self.items((*words, _ATTRIBUTE(value, "_value_")), depth)
            self.text("}")
            return True
        if issubclass(kind, tuple):
            names = _class_attribute(kind, "_fields")
            if type(names) is tuple and all(type(name) is str for name in names):
                pairs = list(zip(names, tuple.__iter__(value), strict=False))
                self.fields("namedtuple", type_name(value), pairs, depth)
                return True
        fields = _class_attribute(kind, "__dataclass_fields__")
        if type(fields) is dict:
            names = [name for name, field in fields.items() if _is_field(field)]
            pairs = [(name, _ATTRIBUTE(value, name)) for name in names if _has(value, name)]
            self.fields("dataclass", type_name(value), pairs, depth)
            return True
        return False

    def arrayed(self, value: Any, kind: type, depth: int) -> bool:
        numpy = sys.modules.get("numpy")
        if numpy is None:
            return False
        if issubclass(kind, numpy.generic):
            dtype = numpy.generic.dtype.__get__(value)
            if not _holds_plain_data(dtype):
                self.opaque(value)
                return True
            if dtype.kind == "M":
                item = numpy.datetime64.__str__(value)
            elif dtype.kind == "m":
                item = int(numpy.generic.astype(value, "i8"))
            else:
                item = numpy.generic.item(value)
            self.text('{"$scalar":')
            self.items((dtype.str, item), depth)
            self.text("}")
            return True
        if issubclass(kind, numpy.ndarray):
            masks = sys.modules.get("numpy.ma")
            masked = masks is not None and kind is masks.MaskedArray
            held = numpy.ndarray.view(value, numpy.ndarray)
            if not _holds_plain_data(held.dtype):
                self.opaque(value)
                return True
            lists = 1  # also those that hold nothing
            for size in held.shape:
                lists *= size
                if lists > self.room:
                    raise TooLarge
            shown = {"M": str, "m": "i8"}.get(held.dtype.kind)
            data = (held if shown is None else held.astype(shown)).tolist()
            kind_said = held.dtype.str
            whole = held.dtype.kind in "ium" or (
                held.dtype.kind == "f" and bool(numpy.isfinite(held).all())
            )
            if masked:  # None stands where a number does not
                kind_said, data, whole = "|O", value.tolist(), False
            self.text('{"$array":[' + _quoted(kind_said) + ",")
            self.put(list(held.shape), depth + 1)
            self.text(",")
            if whole and type(data) is list:  # Python and JSON write these numbers alike
                self.text(list.__repr__(data).replace(" ", ""))
            else:
                self.put(data, depth + 1)
            self.text("]}")
            return True
        pandas = sys.modules.get("pandas")
        if pandas is None:
            return False
        if issubclass(kind, pandas.DataFrame):
            held = _as_its_base(value, kind, pandas.DataFrame)
            if held.size > self.room or max(held.shape) > self.room:
                raise TooLarge
            columns = [held.iloc[:, number] for number in range(held.shape[1])]
            counted = _merely_counts(held.index) and columns
            axes = _axis(held.columns), None if counted else _axis(held.index)
            kinds = [_kind(column.dtype) for column in columns]
            self.text('{"$frame":')
            self.items((*axes, kinds, [_cells(column) for column in columns]), depth)
            self.text("}")
            return True
        if issubclass(kind, pandas.Series):
            held = _as_its_base(value, kind, pandas.Series)
            if held.size > self.room:
                raise TooLarge
            axis = None if _merely_counts(held.index) else _axis(held.index)
            self.text('{"$series":')
            self.items((held.name, axis, _kind(held.dtype), _cells(held)), depth)
            self.text("}")
            return True
        if issubclass(kind, pandas.api.extensions.ExtensionArray):
            held = pandas.Series(value)
            if held.size > self.room:
                raise TooLarge
            self.text('{"$column":')
            self.items((_kind(held.dtype), _cells(held)), depth)
            self.text("}")
            return True
        if issubclass(kind, pandas.Index):
            if len(value) > self.room:
                raise TooLarge
            self.text('{"$index":')
            self.items(_axis(value), depth)
            self.text("}")
            return True
        return False

    def drawn(self, value: Any, kind: type) -> bool:
        """A figure, or the one that axes stand in, as a PNG; what goes wrong is the call's error."""
        figures, axes = sys.modules.get("matplotlib.figure"), sys.modules.get("matplotlib.axes")
        if figures is None or axes is None:
            return False
        if issubclass(kind, axes.Axes):
            value = axes.Axes.get_figure(value)
            kind = type(value)
        if not issubclass(kind, figures.Figure):
            return False
        import binascii
        import io

        drawing = io.BytesIO()
        figures.Figure.savefig(value, drawing, format="png")
        png = drawing.getvalue()
        if 4 * len(png) > 3 * self.room:
            raise TooLarge
        width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        self.said("figure", width, height, binascii.b2a_base64(png, newline=False).decode())
        return True

    def iterated(self, value: Any, kind: type, depth: int) -> bool:
        if kind not in _ITERATED and not _is_library_iterator(kind):
            return False
        self.text('{"$iterator":[')
        self.put(type_name(value), depth)
        self.text(",")
        self.items(value, depth)
        self.text("]}")
        return True

    def inherited(self, value: Any, kind: type, depth: int) -> bool:
        """A subclass of a built-in type, seen through its base."""
        if issubclass(kind, dict):
            ordered = sys.modules.get("collections")
            base = (
                ordered.OrderedDict if ordered and issubclass(kind, ordered.OrderedDict) else dict
            )
            self.mapping(base.items(value), depth)
        elif issubclass(kind, list):
            self.items(list.__iter__(value), depth)
        elif issubclass(kind, tuple):
            self.tagged("tuple", tuple.__iter__(value), depth)
        elif issubclass(kind, set):
            self.tagged("set", set.__iter__(value), depth)
        elif issubclass(kind, frozenset):
            self.tagged("frozenset", frozenset.__iter__(value), depth)
        elif issubclass(kind, int):
            self.integer(int.__int__(value))
        elif issubclass(kind, float):
            self.put(float.__float__(value), depth)
        elif issubclass(kind, str):
            self.put(str.__str__(value), depth)
        elif issubclass(kind, bytes):
            self.said("bytes", bytes.hex(value))
        else:
            return False
        return True


def _represent(value: Any, parts: list[str], room: int, depth: int, path: set[int]) -> int:
    """Write repr(value) into parts; what is left of the room, at most 0 when it is used up."""
    if room <= 0:
        return 0
    kind = type(value)
    if kind in (list, tuple, dict, set, frozenset):
        if id(value) in path or depth >= DEPTH:
            parts.append("...")
            return room - 3
        if not value:
            parts.append(repr(value))
            return room - 2
        path.add(id(value))
        opening, closing = _BRACKETS[kind]
        parts.append(opening)
        room -= len(opening) + len(closing)
        separator = ""
        for item in value.items() if kind is dict else value:
            parts.append(separator)
            room -= len(separator)
            separator = ", "
            if kind is dict:
                room = _represent(item[0], parts, room, depth + 1, path)
                parts.append(": ")
                item = item[1]
            room = _represent(item, parts, room, depth + 1, path)
            if room <= 0:
                return 0
        parts.append(",)" if kind is tuple and len(value) == 1 else closing)
        path.discard(id(value))
        return room
    text = _leaf(value, kind, room)
    parts.append(text[: room + 1])
    return room - len(text)


def _leaf(value: Any, kind: type, room: int) -> str:
    if kind is str or kind is bytes or kind is bytearray:
        return repr(value[: room + 1])
    if kind is int and value.bit_length() > _DECIMAL_BITS:
        return f"<int of about {int(value.bit_length() * 0.30103) + 1:,} digits>"
    if kind in _PLAIN:
        return repr(value)
    try:
        text = _repr_of(kind)(value)
        return str.__str__(text) if isinstance(text, str) else f"<{type_name(value)} object>"
    except BaseException:  # its __repr__ is generated code
        return f"<{type_name(value)} object>"


def _repr_of(kind: Any) -> Any:
    return kind.__repr__


def _size(value: Any) -> str:
    """How large a value is, for those whose size can be asked without calling anyone."""
    kind = type(value)
    if kind is int:
        return f" (about {int(value.bit_length() * 0.30103) + 1:,} digits)"
    if kind is str:
        return f" ({len(value):,} characters)"
    if kind in (bytes, bytearray):
        return f" ({len(value):,} bytes)"
    if kind in (list, tuple, dict, set, frozenset, range):
        return f" ({len(value):,} items)"
    numpy = sys.modules.get("numpy")
    if numpy is not None and kind is numpy.ndarray:
        return f" ({value.size:,} items)"
    pandas = sys.modules.get("pandas")
    if pandas is not None and kind is pandas.DataFrame:
        return " ({:,} rows by {:,} columns)".format(*value.shape)
    if pandas is not None and kind is pandas.Series:
        return f" ({value.size:,} items)"
    figures = sys.modules.get("matplotlib.figure")
    if figures is not None and kind is figures.Figure:
        width, height = value.get_size_inches() * value.dpi
        return f" ({width:,.0f} by {height:,.0f} pixels)"
    return ""


def _class_attribute(kind: type, name: str) -> Any:
    """An attribute as the classes hold it, without asking the metaclass."""
    for base in _TYPE_MRO(kind):
        held = _TYPE_DICT(base)
        if name in held:
            return held[name]
    return None


def _is_field(field: Any) -> bool:
    dataclasses = sys.modules.get("dataclasses")
    return dataclasses is not None and getattr(field, "_field_type", None) is dataclasses._FIELD


def _is_library_iterator(kind: type) -> bool:
    itertools, collections = sys.modules.get("itertools"), sys.modules.get("_collections")
    if collections is not None and kind is collections.deque:
        return True
    return itertools is not None and kind in [
        held for held in vars(itertools).values() if type(held) is type
    ]


def _has(value: Any, name: str) -> bool:
    try:
        _ATTRIBUTE(value, name)
    except AttributeError:
        return False
    return True


def _long_duration(value: Any) -> list[int]:
    """Days, seconds, microseconds and, where there are any, nanoseconds of a timedelta64."""
    unit = sys.modules["numpy"].datetime_data(value.dtype)[0]
    whole = int(value.astype("i8")) * {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}[unit]
    seconds, part = divmod(whole, 10**9)
    microseconds, nanoseconds = divmod(part, 1000)
    return [*divmod(seconds, 86_400), microseconds, *([nanoseconds] if nanoseconds else [])]


def _as_its_base(value: Any, kind: type, base: Any) -> Any:
    """A frame or Series of pandas' own with the contents of one whose class is anyone's."""
    if kind is base:
        return value
    held = object.__new__(base)
    _ATTRIBUTE(held, "__dict__").update(_ATTRIBUTE(value, "__dict__"))
    return held


def _holds_plain_data(dtype: Any) -> bool:
    """Whether Python has values for what an array holds; not for records and long doubles."""
    size = {"f": 8, "c": 16}.get(dtype.kind, 1_000_000)
    return dtype.kind in "biufcUSMmO" and dtype.itemsize <= size


def _cells(column: Any) -> list[Any]:
    """The values of a Series or an Index as Python has them; periods as text."""
    cells = list(column.astype(object).tolist())
    if type(column.dtype) is sys.modules["pandas"].PeriodDtype:
        nothing = sys.modules["pandas"].NaT
        cells = [None if cell is nothing else str(cell) for cell in cells]
    return cells


def _kind(dtype: Any) -> Any:
    """A data type by its name; a categorical one with its categories."""
    if type(dtype) is not sys.modules["pandas"].CategoricalDtype or dtype.categories is None:
        return str(dtype)
    categories = dtype.categories
    return ["category", bool(dtype.ordered), _kind(categories.dtype), _cells(categories)]


def _merely_counts(index: Any) -> bool:
    plain = type(index) is sys.modules["pandas"].RangeIndex
    return plain and index.start == 0 and index.step == 1 and index.name is None


def _axis(index: Any) -> list[Any]:
    """An index: the names of its levels, their data types, its labels."""
    if issubclass(type(index), sys.modules["pandas"].MultiIndex):
        levels = [index.get_level_values(number) for number in range(index.nlevels)]
        labels = list(zip(*map(_cells, levels), strict=True))
    else:
        levels, labels = [index], _cells(index)
    return [list(index.names), [_kind(level.dtype) for level in levels], labels]


_ATTRIBUTE = object.__getattribute__
_INT_REPR, _INT_HEX, _FLOAT_REPR = int.__repr__, int.__format__, float.__repr__
_TYPE_NAME = type.__dict__["__name__"].__get__
_TYPE_MRO = type.__dict__["__mro__"].__get__
_TYPE_DICT = type.__dict__["__dict__"].__get__


_PLAIN = (int, float, complex, bool, type(None), type(...), type(NotImplemented), range)
_SIZED = (list, tuple, dict, set, frozenset, range)
_BRACKETS: dict[Any, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}
_ITERATED: tuple[Any, ...] = (
    range,
    map,
    filter,
    zip,
    enumerate,
    reversed,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
    type(iter([])),
    type(iter(())),
    type(iter({})),
    type(iter(set())),
    type(iter("")),
    type(iter(range(0))),
    type(reversed([])),
    type(_ for _ in ()),
)
