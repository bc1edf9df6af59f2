"""Where rows with results go: CSV, JSON Lines or Parquet, each so that a torn end can be cut off.

`position` is how far what was written is whole: bytes of a file, parts of a Parquet file. What lies
behind the last position that was written down is dropped when a run goes on.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from ..contract import dumps
from .streams import Format, _pyarrow

Written = tuple[Sequence[Any], Any, Any]
"""A row's cells, its result, its error."""


class Sink(Protocol):
    """Rows in, a position out."""

    def write(self, rows: Sequence[Written]) -> None: ...
    def sync(self) -> int:
        """Have what was written on the disk; the position."""

    def finish(self) -> None:
        """Put the whole file in its place."""

    def close(self) -> None: ...


def sink_for(
    kind: Format, out: Path, columns: Sequence[str], names: tuple[str, str], position: int
) -> Sink:
    """The sink of an output file that is whole up to `position`; 0 begins anew."""
    if kind == "parquet":
        return _Parquet(out, columns, names, position)
    return _Lines(out, columns, names, position, kind=kind)


def partial_of(out: Path) -> Path:
    """Where the output lies until it is whole."""
    return out.with_name(f"{out.name}.partial")


class _Lines:
    """CSV or JSON Lines, appended to."""

    def __init__(
        self,
        out: Path,
        columns: Sequence[str],
        names: tuple[str, str],
        position: int,
        *,
        kind: Format,
    ) -> None:
        self._out, self._partial = out, partial_of(out)
        self._columns, self._names, self._kind = list(columns), names, kind
        self._file = self._partial.open("r+b" if position else "wb")
        self._file.truncate(position)
        self._file.seek(position)
        self._mark = "\t" if out.suffix.lower() in (".tsv", ".tab") else ","
        if not position and kind == "csv":
            self._csv([[*self._columns, *names]])

    def write(self, rows: Sequence[Written]) -> None:
        if self._kind == "csv":
            self._csv([[*map(_cell, cells), _cell(result), error] for cells, result, error in rows])
            return
        result_name, error_name = self._names
        lines: list[str] = []
        for cells, result, error in rows:
            one = dict(zip(self._columns, cells, strict=False))
            lines.append(dumps({**one, result_name: result, error_name: error}))
        self._file.write(("\n".join(lines) + "\n").encode("utf-8") if lines else b"")

    def sync(self) -> int:
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._file.tell()

    def finish(self) -> None:
        self.sync()
        self._file.close()
        os.replace(self._partial, self._out)

    def close(self) -> None:
        self._file.close()

    def _csv(self, rows: Sequence[Sequence[Any]]) -> None:
        text = io.StringIO()
        csv.writer(text, delimiter=self._mark, lineterminator="\n").writerows(rows)
        self._file.write(text.getvalue().encode("utf-8", "backslashreplace"))


class _Parquet:
    """Parts beside the output, put together in the end: a Parquet file cannot be appended to."""

    def __init__(
        self, out: Path, columns: Sequence[str], names: tuple[str, str], position: int
    ) -> None:
        self._out, self._folder = out, partial_of(out)
        self._columns, self._names, self._parts = list(columns), names, position
        _pyarrow()
        if not position and self._folder.exists():
            shutil.rmtree(self._folder)
        self._folder.mkdir(exist_ok=True)
        for path in self._folder.iterdir():
            if path.suffix != ".parquet" or int(path.stem) >= position:
                path.unlink()

    def write(self, rows: Sequence[Written]) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        if not rows:
            return
        held: dict[str, list[Any]] = {
            name: [cells[at] if at < len(cells) else None for cells, _, _ in rows]
            for at, name in enumerate(self._columns)
        }
        held[self._names[0]] = [result for _, result, _ in rows]
        arrays = {
            name: pa.array([None if one is None else dumps(one) for one in values], pa.string())
            for name, values in held.items()
        }
        arrays[self._names[1]] = pa.array([error for _, _, error in rows], pa.string())
        path = self._folder / f"{self._parts:08d}.parquet"
        parquet.write_table(pa.table(arrays), path.with_suffix(".new"))
        os.replace(path.with_suffix(".new"), path)
        self._parts += 1

    def sync(self) -> int:
        return self._parts

    def finish(self) -> None:
        """One file of the parts; a column is of numbers, yes or no, or text where all of it is."""
        import pyarrow as pa
        from pyarrow import parquet

        paths = sorted(self._folder.glob("*.parquet"))
        names = [*self._columns, *self._names]
        kinds: dict[str, set[type]] = {name: set() for name in names}
        for path in paths:
            for name, values in parquet.read_table(path).to_pydict().items():
                if name != self._names[1]:
                    kinds[name] |= {type(json.loads(one)) for one in values if one is not None}
        types = {name: _arrow_type(pa, found) for name, found in kinds.items()}
        types[self._names[1]] = pa.string()
        schema = pa.schema([(name, types[name]) for name in names])
        new = self._out.with_name(f"{self._out.name}.new")
        with parquet.ParquetWriter(new, schema) as writer:
            for path in paths:
                said = parquet.read_table(path).to_pydict()
                held = {
                    name: said[name]
                    if name == self._names[1]
                    else [_of_type(one, types[name], pa) for one in said[name]]
                    for name in names
                }
                writer.write_table(pa.table(held, schema=schema))
        os.replace(new, self._out)
        shutil.rmtree(self._folder)

    def close(self) -> None:
        pass


def _arrow_type(pa: Any, kinds: set[type]) -> Any:
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        return pa.int64()
    if kinds and kinds <= {int, float}:
        return pa.float64()
    return pa.string()


def _of_type(said: str | None, kind: Any, pa: Any) -> Any:
    """A stored value in the column's type; what is no text in a column of text stays JSON."""
    if said is None:
        return None
    value = json.loads(said)
    if kind == pa.string():
        return value if isinstance(value, str) else said
    return float(value) if kind == pa.float64() else value


def _cell(value: Any) -> Any:
    """A value as a cell of CSV: text as it is, nothing as nothing, the rest as JSON writes it."""
    kind = type(value)
    if kind is str or kind is float or kind is int:
        return value
    return "" if value is None else dumps(value)
