"""A result written to a file by its ending: CSV, TSV, JSON, an Excel workbook, or a figure as PNG."""

from __future__ import annotations

import base64
import csv
import io
import os
from pathlib import Path
from typing import Any

from ..contract import Result, dumps
from ..errors import InputInvalid
from .shaped import Shaped, shaped
from .workbooks import needs_extra

ENDINGS = (".csv", ".tsv", ".json", ".xlsx", ".png")
_FIGURE = "data:image/png;base64,"


def checked_ending(path: str) -> str:
    """A file's ending, if something can be written to such a file."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise InputInvalid(
            {
                "en": f"--out {path[:200]}: by its ending nothing can be written to it.",
                "zh": f"--out {path[:200]}：不支持写入这种扩展名的文件。",
            },
            hint={"en": f"Endings: {' '.join(ENDINGS)}", "zh": f"扩展名：{' '.join(ENDINGS)}"},
        )
    return ending


def write_result(result: Result, path: str) -> Path:
    """Write a result that came to something; the file is there whole or not at all."""
    ending = checked_ending(path)
    target = Path(path).expanduser().absolute()
    if result.is_figure != (ending == ".png"):
        figure = result.is_figure
        raise InputInvalid(
            {
                "en": "The result is a figure." if figure else "The result is no figure.",
                "zh": "结果是一幅图。" if figure else "结果不是图。",
            },
            hint="--out plot.png" if figure else "--out table.csv",
        )
    content = _content(result, ending)
    new = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        new.write_bytes(content)
        os.replace(new, target)
    except OSError as failure:
        new.unlink(missing_ok=True)
        said = failure.strerror or str(failure)
        raise InputInvalid(
            {
                "en": f"{path[:200]} cannot be written: {said}.",
                "zh": f"无法写入 {path[:200]}：{said}。",
            }
        ) from failure
    return target


def _content(result: Result, ending: str) -> bytes:
    value = result.value
    if ending == ".png":
        return base64.b64decode(str(value).removeprefix(_FIGURE))
    if ending == ".json":
        return (dumps(value, indent=1) + "\n").encode()
    table = shaped(value) or Shaped(["value"], [[value]])
    if ending == ".xlsx":
        return _workbook(table)
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t" if ending == ".tsv" else ",", lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows([[_cell(cell) for cell in row] for row in table.rows])
    said = text.getvalue()
    # With the mark Excel reads Chinese as UTF-8; where there is none to be seen nothing needs it.
    return said.encode("utf-8" if said.isascii() else "utf-8-sig", "backslashreplace")


def _workbook(table: Shaped) -> bytes:
    try:
        import openpyxl
    except ImportError as error:
        raise needs_extra("Excel", "openpyxl") from error
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (table.names, *table.rows):
        sheet.append([_plain_text(_cell(cell)) for cell in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # what begins with = is text here, and no formula
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _cell(cell: Any) -> Any:
    if cell is None:
        return ""
    return dumps(cell) if isinstance(cell, (list, dict, bool)) else cell


def _plain_text(cell: Any) -> Any:
    """What a workbook can hold: no control characters, no number beyond a float."""
    if isinstance(cell, str):
        return "".join(c for c in cell if c >= " " or c in "\t\n")[:32_767]
    return str(cell) if isinstance(cell, int) and abs(cell) >= 10**15 else cell
