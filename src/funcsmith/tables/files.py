"""A file, or bytes without a name, as the value that a function gets, with what was found on the way.

Tables are rows (a list of dictionaries), JSON what it holds, everything else text. The kind is told by
the ending, or by the bytes themselves where there is none.
"""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import InputInvalid
from . import delimited, workbooks
from .encodings import encoding_of
from .table import Grid, Note, Ragged, Table, table_of

LIMIT = 50 * 2**20
"""Bytes of one file that is handed over whole; `funcsmith apply` reads files of any size."""
SHEETS = (".xlsx", ".xlsm")
TABLES = (".csv", ".tsv", ".tab")


@dataclass(frozen=True)
class Read:
    """What a file holds, and what is to be said of how it was read."""

    value: Any
    notes: tuple[Note, ...] = ()


def read_path(name: str, path: str, sheet: str | None = None) -> Read:
    """The content of a file that is the input `name`; InputInvalid says what is wrong with it."""
    file = Path(path).expanduser()
    try:
        size = file.stat().st_size
        if size > LIMIT:
            raise _too_large(name, str(file))
        content = file.read_bytes()
    except OSError as failure:
        said = failure.strerror or str(failure)
        raise invalid(name, path, said, said) from failure
    return read_bytes(name, content, file.suffix.lower(), shown=path, sheet=sheet)


def read_bytes(
    name: str, content: bytes, ending: str = "", *, shown: str = "<stdin>", sheet: str | None = None
) -> Read:
    """The same of bytes; `ending` says the kind (".csv"), else the bytes do."""
    if len(content) > LIMIT:
        raise _too_large(name, shown)
    ending = ending or _ending_of(content)
    if ending in SHEETS:
        return _tabled(name, shown, workbooks.grid_of(content, shown, sheet))
    if ending == ".xls":
        raise invalid(
            name,
            shown,
            "the old .xls form is not read; save it as .xlsx",
            "不支持旧的 .xls 格式，请另存为 .xlsx",
        )
    if ending == ".parquet":
        return Read(_parquet(name, shown, content))
    encoding = encoding_of(content)
    if encoding is None:
        raise invalid(
            name,
            shown,
            "its encoding is none that is known here (UTF-8, UTF-16, GBK/GB18030, Big5, Windows-1252)",
            "编码无法识别（支持 UTF-8、UTF-16、GBK/GB18030、Big5、Windows-1252）",
        )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as failure:
        raise invalid(
            name,
            shown,
            f"byte {failure.start} is no {encoding}",
            f"第 {failure.start} 字节不是 {encoding}",
        ) from failure
    notes: tuple[Note, ...] = ()
    if encoding not in ("utf-8", "utf-8-sig"):
        notes = ({"en": f"read as {encoding}", "zh": f"按 {encoding} 编码读取"},)
    return _of_text(name, shown, text, ending, notes)


def _of_text(name: str, shown: str, text: str, ending: str, notes: tuple[Note, ...]) -> Read:
    if ending == ".json":
        return Read(_json(name, shown, text), notes)
    if ending in (".jsonl", ".ndjson"):
        return Read(_json_lines(name, shown, text), notes)
    if ending in TABLES or (not ending and delimited.looks_delimited(text)):
        mark = "\t" if ending in (".tsv", ".tab") else None
        try:
            grid = delimited.grid_of(text, delimiter=mark)
        except delimited.Torn as torn:
            raise invalid(
                name,
                shown,
                f"line {torn.line} cannot be read ({torn.why}); is a quotation mark left open?",
                f"第 {torn.line} 行无法读取（{torn.why}）；是否有引号没有闭合？",
            ) from torn
        return _tabled(name, shown, grid, notes)
    return Read(text, notes)


def _ending_of(content: bytes) -> str:
    """What bytes without a name are: a workbook, Parquet, JSON, JSON Lines; "" leaves it to the text."""
    if content.startswith(b"PK\x03\x04") and b"xl/" in content[:4096] + content[-8192:]:
        return ".xlsx"
    if content.startswith(b"PAR1"):
        return ".parquet"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return ".xls"
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        try:
            json.loads(content, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            lines = [line for line in content.splitlines() if line.strip()]
            if len(lines) > 1 and all(line.lstrip()[:1] in (b"{", b"[") for line in lines):
                return ".jsonl"
            return ""
        return ".json"
    try:
        json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return ""
    return ".json"


def _tabled(name: str, shown: str, grid: Grid, notes: tuple[Note, ...] = ()) -> Read:
    try:
        table: Table = table_of(grid)
    except Ragged as ragged:
        raise invalid(
            name,
            shown,
            f"line {ragged.line} has {ragged.cells} cells, the header {ragged.columns}; "
            "put cells with the delimiter in them in quotation marks",
            f"第 {ragged.line} 行有 {ragged.cells} 个单元格，表头有 {ragged.columns} 个；"
            "含分隔符的单元格请加引号",
        ) from ragged
    return Read(table.rows, (*notes, *table.notes))


def _json(name: str, shown: str, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as failure:
        raise invalid(name, shown, f"not JSON: {failure}", f"不是 JSON：{failure}") from failure


def _json_lines(name: str, shown: str, text: str) -> list[Any]:
    found: list[Any] = []
    for number, line in enumerate(io.StringIO(text), 1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line, parse_constant=_no_constant))
        except (ValueError, RecursionError) as failure:
            raise invalid(
                name,
                shown,
                f"line {number} is not JSON: {failure}",
                f"第 {number} 行不是 JSON：{failure}",
            ) from failure
    return found


def _no_constant(said: str) -> Any:
    raise ValueError(f"{said} is not JSON")


def _parquet(name: str, shown: str, content: bytes) -> list[dict[str, Any]]:
    try:
        from pyarrow import ArrowException, BufferReader, parquet
    except ImportError as error:
        raise workbooks.needs_extra("Parquet", "pyarrow") from error
    try:
        table = parquet.read_table(BufferReader(content))
    except (ArrowException, OSError) as failure:
        said = " ".join(str(failure).split())[:200]
        raise invalid(name, shown, f"no Parquet: {said}", f"不是 Parquet：{said}") from failure
    return [{key: plain(cell) for key, cell in row.items()} for row in table.to_pylist()]


def plain(cell: Any) -> Any:
    """A stored cell as JSON has it: days and moments as ISO text, decimals as numbers.

    >>> plain(Decimal("1.50")), plain(date(2024, 3, 5))
    (1.5, '2024-03-05')
    """
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return (
            int(cell)
            if cell == cell.to_integral_value() and cell.as_tuple().exponent == 0
            else float(cell)
        )
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    if isinstance(cell, float) and math.isnan(cell):
        return None
    if isinstance(cell, dict):
        return {str(key): plain(one) for key, one in cell.items()}
    if isinstance(cell, (list, tuple)):
        return [plain(one) for one in cell]
    return cell


def invalid(name: str, path: str, en: str, zh: str) -> InputInvalid:
    """A file that cannot be the input that it was given as."""
    return InputInvalid(
        {
            "en": f"The input {name} cannot be read from {path}: {en}.",
            "zh": f"无法从 {path} 读取输入 {name}：{zh}。",
        },
        hint={
            "en": "CSV, TSV, JSON, JSON Lines, Excel (.xlsx), Parquet and text are read.",
            "zh": "可以读取 CSV、TSV、JSON、JSON Lines、Excel（.xlsx）、Parquet 和文本。",
        },
    )


def _too_large(name: str, shown: str) -> InputInvalid:
    return InputInvalid(
        {
            "en": f"The input {name} ({shown}) has more than {LIMIT // 2**20} MB.",
            "zh": f"输入 {name}（{shown}）超过 {LIMIT // 2**20} MB。",
        },
        hint={
            "en": "A saved function runs over the rows of any file: funcsmith apply NAME FILE --out OUT",
            "zh": "已保存的函数可以逐行处理任意大的文件：funcsmith apply 名称 文件 --out 输出",
        },
    )
