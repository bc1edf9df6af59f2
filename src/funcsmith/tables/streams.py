"""Files of any size, row by row: CSV and its kin, JSON Lines, Parquet. Memory does not grow with them."""

from __future__ import annotations

import codecs
import hashlib
import io
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..errors import InputInvalid
from . import delimited, workbooks
from .encodings import encoding_of
from .files import TABLES, plain
from .table import Note, header_of, named

HEAD_BYTES = 2**20
HEAD_ROWS = 1_000
Format = Literal["csv", "jsonl", "parquet"]


def format_of(path: str) -> Format:
    """The format by a file's ending; InputInvalid where it is none that is streamed."""
    ending = Path(path).suffix.lower()
    if ending in TABLES:
        return "csv"
    if ending in (".jsonl", ".ndjson"):
        return "jsonl"
    if ending == ".parquet":
        return "parquet"
    raise InputInvalid(
        {
            "en": f"{path} is no CSV, JSON Lines or Parquet file by its ending.",
            "zh": f"按扩展名，{path} 不是 CSV、JSON Lines 或 Parquet 文件。",
        },
        hint={"en": "data.csv, data.tsv, data.jsonl, data.parquet"}
        | {"zh": "data.csv、data.tsv、data.jsonl、data.parquet"},
    )


@dataclass
class Source:
    """A file to go over, and what its beginning says of it."""

    path: Path
    format: Format
    columns: list[str]
    head: list[list[Any]]
    """The first rows, from which it is told how columns are written."""
    size: int
    encoding: str = "utf-8"
    delimiter: str = ","
    above: int = 0
    """Rows above the first one of data: a title, the header."""
    rows: int | None = None
    """How many there are, where the file itself says so."""
    notes: list[Note] = field(default_factory=list)
    position: int = 0
    """Bytes read so far, for a progress bar."""
    shown: str = ""
    """What an error calls it, where that is not its path."""

    @property
    def name(self) -> str:
        return self.shown or self.path.name

    @classmethod
    def opened(cls, path: str, *, shown: str | None = None) -> Source:
        """The source of a path, called `shown` in errors; InputInvalid where it cannot be read."""
        file, kind = Path(path).expanduser().absolute(), format_of(path)
        said_of = shown or path
        try:
            size = file.stat().st_size
            with file.open("rb") as stream:
                head = stream.read(HEAD_BYTES)
        except OSError as failure:
            said = failure.strerror or str(failure)
            raise unreadable(said_of, said, said) from failure
        if kind == "parquet":
            return _of_parquet(file, size, shown or "")
        encoding = encoding_of(head, whole=size <= HEAD_BYTES)
        if encoding is None:
            raise unreadable(said_of, "its encoding is not known", "编码无法识别")
        source = cls(file, kind, [], [], size, encoding, shown=shown or "")
        if encoding not in ("utf-8", "utf-8-sig"):
            source.notes.append({"en": f"read as {encoding}", "zh": f"按 {encoding} 编码读取"})
        text = codecs.getincrementaldecoder(encoding)().decode(head, final=size <= HEAD_BYTES)
        return _of_lines(source) if kind == "jsonl" else _of_delimited(source, text)

    def numbered(self, skip: int = 0) -> Iterator[list[Any]]:
        """The rows of data behind the first `skip`, each a list of cells."""
        return itertools.islice(self._all(), skip, None)

    def identity(self) -> dict[str, Any]:
        """What tells this file from another, or from itself changed."""
        with self.path.open("rb") as stream:
            first = stream.read(HEAD_BYTES)
            stream.seek(max(0, self.size - 65_536))
            last = stream.read()
        found = self.path.stat()
        return {
            "path": str(self.path),
            "bytes": found.st_size,
            "modified": found.st_mtime_ns,
            "ends": hashlib.sha256(first + last).hexdigest(),
        }

    def _all(self) -> Iterator[list[Any]]:
        if self.format == "parquet":
            yield from _parquet_rows(self)
            return
        with self.path.open("rb") as binary:
            text = io.TextIOWrapper(binary, self.encoding, newline="")
            try:
                if self.format == "jsonl":
                    yield from self._json_rows(text, binary)
                else:
                    yield from self._cells(text, binary)
            except UnicodeDecodeError as failure:
                raise unreadable(
                    self.shown or str(self.path),
                    f"behind byte {binary.tell() - 8192:,} it is no {self.encoding}",
                    f"第 {binary.tell() - 8192:,} 字节之后不是 {self.encoding}",
                ) from failure

    def _cells(self, text: io.TextIOWrapper, binary: Any) -> Iterator[list[Any]]:
        try:
            rows = delimited.numbered(text, self.delimiter)
            filled = (row for _, row in rows if any(row))
            for count, row in enumerate(itertools.islice(filled, self.above, None)):
                if not count % 1000:
                    self.position = binary.tell()
                yield row
        except delimited.Torn as torn:
            raise unreadable(
                self.shown or str(self.path),
                f"line {torn.line} cannot be read ({torn.why})",
                f"第 {torn.line} 行无法读取（{torn.why}）",
            ) from torn

    def _json_rows(self, text: io.TextIOWrapper, binary: Any) -> Iterator[list[Any]]:
        for number, line in enumerate(text, 1):
            if not number % 1000:
                self.position = binary.tell()
            if line.strip():
                yield [_object(line)]


def _object(line: str) -> Any:
    """The object of a line; what is none stays text, and is an error of its row."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return line.rstrip("\r\n")
    return value if isinstance(value, dict) else line.rstrip("\r\n")


def _of_delimited(source: Source, text: str) -> Source:
    ending = source.path.suffix.lower()
    source.delimiter = "\t" if ending in (".tsv", ".tab") else delimited.delimiter_of(text)
    rows = list(itertools.islice(source.numbered(), HEAD_ROWS))
    if not rows:
        raise unreadable(source.shown or str(source.path), "it is empty", "文件是空的")
    start, headed = header_of(rows)
    source.above = start + headed
    width = len(rows[start])
    source.columns = named(rows[start] if headed else [""] * width)
    source.head = rows[source.above :]
    if not headed:
        source.notes.append(
            {"en": "no header: column_1, column_2 …", "zh": "没有表头：column_1、column_2 …"}
        )
    return source


def _of_lines(source: Source) -> Source:
    for (one,) in itertools.islice(source.numbered(), HEAD_ROWS):
        if isinstance(one, dict):
            source.columns += [key for key in one if key not in source.columns]
    source.head = [
        [one.get(key) for key in source.columns]
        for (one,) in itertools.islice(source.numbered(), HEAD_ROWS)
        if isinstance(one, dict)
    ]
    return source


def _of_parquet(file: Path, size: int, shown: str) -> Source:
    parquet, errors = _pyarrow()
    try:
        opened = parquet.ParquetFile(file)
    except errors as failure:
        said = " ".join(str(failure).split())[:200]
        raise unreadable(
            shown or str(file), f"no Parquet: {said}", f"不是 Parquet：{said}"
        ) from failure
    with opened:
        source = Source(file, "parquet", list(opened.schema_arrow.names), [], size, shown=shown)
        source.rows = opened.metadata.num_rows
    source.head = list(itertools.islice(source.numbered(), HEAD_ROWS))
    return source


def _parquet_rows(source: Source) -> Iterator[list[Any]]:
    parquet, _ = _pyarrow()
    with parquet.ParquetFile(source.path) as opened:
        done = 0
        for batch in opened.iter_batches(batch_size=10_000):
            columns = [[plain(cell) for cell in column.to_pylist()] for column in batch.columns]
            yield from (list(row) for row in zip(*columns, strict=True))
            done += batch.num_rows
            source.position = source.size * done // max(1, source.rows or 1)


def _pyarrow() -> tuple[Any, Any]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise workbooks.needs_extra("Parquet", "pyarrow") from error
    return parquet, (ArrowException, OSError)


def unreadable(path: str, en: str, zh: str) -> InputInvalid:
    """A file that cannot be gone over."""
    return InputInvalid(
        {"en": f"{path[:300]} cannot be read: {en}.", "zh": f"无法读取 {path[:300]}：{zh}。"}
    )


def cells_by(columns: Sequence[str], row: Sequence[Any]) -> list[Any]:
    """A row of JSON Lines as cells in the order of columns."""
    one = row[0]
    return [one.get(key) for key in columns] if isinstance(one, dict) else []
