"""Numpy and pandas values out of their tags, where the parent has numpy and pandas.

The tags were written by a process that ran generated code. A data type is made only where its
name is on a list of those that hold plain data; every cell is looked at, and nothing is pickled.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

ARRAY_BYTES = 2**27
"""An array of texts that would take more stays nested lists: a short name can ask for much."""


def array(kind: str, shape: list[int], data: Any) -> Any:
    """The array of nested lists whose items are Python values already."""
    import numpy as np

    if not _ARRAY_KIND.fullmatch(kind):
        raise ValueError("no data type of an array")
    items = _flat(data, shape)
    dtype = np.dtype(kind)
    if dtype.kind in "SU" and dtype.itemsize * len(items) > ARRAY_BYTES:
        return data
    if dtype.kind == "O":
        return _objects(items).reshape(shape)
    if not all(type(item) in _ITEMS[dtype.kind] for item in items):
        raise TypeError(f"an item that is none of {kind}")
    if dtype.kind == "M":
        if not all(_INSTANT.fullmatch(item) for item in items):
            raise ValueError("an item that is no instant")
        made = np.array(items, "U") if items else np.array([], "M8[D]")
    elif dtype.kind == "m":
        made = np.array(items, "i8")
    else:
        with np.errstate(all="ignore"):  # a number too large for its type is infinite
            made = np.array(items, dtype)
    return made.astype(dtype).reshape(shape)


def scalar(kind: str, item: Any) -> Any:
    """The numpy scalar of that type."""
    if "O" in kind:
        raise ValueError("no data type of a scalar")
    return array(kind, [], item)[()]


def missing(name: str) -> Any:
    """pandas.NaT or pandas.NA."""
    import pandas as pd

    return {"NaT": pd.NaT, "NA": pd.NA}[name]


class Pandas:
    """Makes frames, series and indexes of tagged cells, each read by `restore` where it is one."""

    def __init__(self, restore: Callable[[Any], Any]) -> None:
        self.restore = restore

    def frame(self, inner: Any) -> Any:
        import pandas as pd

        columns, index, kinds, cells = inner
        if not len(columns[2]) == len(kinds) == len(cells):
            raise ValueError("columns of a frame differ in number")
        if len({len(column) for column in cells}) > 1:
            raise ValueError("columns of a frame differ in length")
        held = [
            self.series([None, None, kind, column])
            for kind, column in zip(kinds, cells, strict=True)
        ]
        rows = pd.RangeIndex(len(cells[0])) if index is None else self.index(index)
        made = pd.DataFrame(dict(enumerate(held))) if held else pd.DataFrame(index=rows)
        made.index, made.columns = rows, self.index(columns)
        return made

    def series(self, inner: Any) -> Any:
        import pandas as pd

        name, index, kind, cells = inner
        held = self.column(kind, cells)
        made = pd.Series(held, dtype=held.dtype, name=self.restore(name))
        if index is not None:
            made.index = self.index(index)
        return made

    def index(self, axis: Any) -> Any:
        import pandas as pd

        names, kinds, labels = axis
        named = [self.restore(name) for name in names]
        if not len(named) == len(kinds):
            raise ValueError("levels of an index differ in number")
        if len(kinds) == 1:
            held = self.column(kinds[0], labels)
            return pd.Index(held, dtype=held.dtype, name=named[0])
        tuples = [label["$tuple"] for label in labels]
        levels = [
            self.column(kind, [labels[number] for labels in tuples])
            for number, kind in enumerate(kinds)
        ]
        return pd.MultiIndex.from_arrays(
            [pd.Index(level, dtype=level.dtype) for level in levels], names=named
        )

    def column(self, kind: Any, cells: list[Any]) -> Any:
        """One column's values; of a type that is not known here as objects."""
        import numpy as np
        import pandas as pd

        if type(cells) is not list:
            raise TypeError("cells are no list")
        if type(kind) is list:
            return self.categorical(kind, cells)
        if _NUMBERS.fullmatch(kind):
            return array(np.dtype(kind).str, [len(cells)], self.restore(cells))
        if match := _DATED.fullmatch(kind):
            counts = np.array([_nanoseconds(cell) for cell in cells], object)
            return _dated(counts, *match.groups())
        if match := _PERIOD.fullmatch(kind):
            texts = [_text_or_nothing(cell) for cell in cells]
            return pd.PeriodIndex(texts, freq=match[1]).array
        if kind in _NULLABLE:
            return pd.array([self.restore(cell) for cell in cells], dtype=kind)
        return _objects([self.restore(cell) for cell in cells])

    def categorical(self, kind: list[Any], cells: list[Any]) -> Any:
        import pandas as pd

        _, ordered, kind_of_all, categories = kind
        held = self.column(kind_of_all, categories)
        place = {json.dumps(cell): number for number, cell in enumerate(categories)}
        codes = [-1 if _is_missing(cell) else place[json.dumps(cell)] for cell in cells]
        return pd.Categorical.from_codes(
            codes, categories=pd.Index(held, dtype=held.dtype), ordered=ordered is True
        )


def _flat(data: Any, shape: list[int]) -> list[Any]:
    """The items of nested lists of exactly that shape."""
    items = [data]
    for size in shape:
        if type(size) is not int or not all(
            type(inner) is list and len(inner) == size for inner in items
        ):
            raise ValueError("lists that have not the shape")
        items = [item for inner in items for item in inner]
    return items


def _objects(items: list[Any]) -> Any:
    import numpy as np

    made: Any = np.empty(len(items), object)
    for number, item in enumerate(items):  # all at once, lists among them would become rows
        made[number] = item
    return made


def _nanoseconds(cell: Any) -> int | None:
    """A tagged instant's or duration's nanoseconds, an instant's since 1970 in UTC."""
    ((tag, inner),) = cell.items()
    if tag == "$missing":
        return None
    if tag == "$timedelta":
        days, seconds, micro, *nano = inner
        whole = (days * 86_400 + seconds) * 10**6 + micro
        return int(whole * 1000 + (nano[0] if nano else 0))
    if tag != "$datetime":
        raise ValueError("neither an instant nor a duration")
    import numpy as np

    found = _MOMENT.fullmatch(inner[0])
    if found is None:
        raise ValueError("no instant")
    text, part, sign, *offset = found.groups()
    hours, minutes, seconds = (int(number or 0) for number in offset)
    away = (hours * 60 + minutes) * 60 + seconds
    since = int(np.datetime64(text, "s").astype("i8")) + (away if sign == "-" else -away)
    return since * 10**9 + int((part or "").ljust(9, "0"))


def _dated(counts: Any, which: str, unit: str, zone: str | None) -> Any:
    import numpy as np
    import pandas as pd

    each = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}[unit]
    nothing = np.iinfo("i8").min
    whole = [nothing if count is None else count // each for count in counts]
    held = np.array(whole, "i8").view(f"{'M' if which == 'datetime' else 'm'}8[{unit}]")
    if zone is None:
        return pd.array(held, dtype=held.dtype)
    return pd.DatetimeIndex(held).tz_localize("UTC").tz_convert(_zone(zone)).array


def _zone(name: str) -> str | dt.tzinfo:
    """A zone as pandas takes it: the name of one that there is, or an offset."""
    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
        return dt.timezone(-offset if sign == "-" else offset)
    import zoneinfo

    zoneinfo.ZoneInfo(name)
    return name


def _text_or_nothing(cell: Any) -> str | None:
    if cell is not None and not (type(cell) is str and _PERIOD_TEXT.fullmatch(cell)):
        raise ValueError("no period")
    return cell


def _is_missing(cell: Any) -> bool:
    return cell is None or cell == {"$float": "nan"} or (type(cell) is dict and "$missing" in cell)


_UNITS = "Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as"
_ARRAY_KIND = re.compile(
    r"[<>|]?(?:b1|[iu][1248]|f[248]|c8|c16|[SU]\d{1,6}|[mM]8(?:\[(?:[1-9]\d{0,5})?(?:"
    + _UNITS
    + r")\])?|O)"
)
_ITEMS: dict[str, tuple[type, ...]] = {
    "b": (bool,),
    "i": (int,),
    "u": (int,),
    "f": (float, int),
    "c": (complex,),
    "S": (bytes,),
    "U": (str,),
    "M": (str,),
    "m": (int,),
}
_INSTANT = re.compile(
    r"NaT|(?:-\d{3,20}|\d{4,20})(?:-\d\d(?:-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\.\d{1,18})?)?)?)?)?)?"
)
_NUMBERS = re.compile(r"u?int(?:8|16|32|64)|float(?:16|32|64)|complex(?:64|128)|bool")
_NULLABLE = frozenset(
    "Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float32 Float64 boolean string str".split()
)
_DATED = re.compile(r"(datetime|timedelta)64\[(s|ms|us|ns)(?:, ([\w+:/-]{1,64}))?\]")
_PERIOD = re.compile(r"period\[([\w-]{1,12})\]")
_PERIOD_TEXT = re.compile(r"[\w:./ -]{1,64}")
_MOMENT = re.compile(
    r"(-?\d{3,6}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?"
)
_OFFSET = re.compile(r"UTC([+-])(\d\d):(\d\d)")
