"""Excel workbooks: one sheet as cells, merged ones filled. Formulas count with the value last seen."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ..errors import InputInvalid
from .table import Grid

UNPACKED_BYTES = 400 * 2**20
"""A workbook is a zip; what unpacks to more than this is refused before it is unpacked."""


def grid_of(content: bytes, name: str, sheet: str | None = None) -> Grid:
    """The cells of a sheet: the named one, else the first that holds anything."""
    openpyxl = _library()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
        if unpacked > UNPACKED_BYTES:
            raise InputInvalid(
                {
                    "en": f"{name} unpacks to {unpacked // 2**20:,} MB, more than is read.",
                    "zh": f"{name} 解压后有 {unpacked // 2**20:,} MB，超过可读取的大小。",
                },
                hint=_AS_CSV,
            )
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, TypeError) as error:
        raise InputInvalid(
            {
                "en": f"{name} is no Excel workbook, or a torn one.",
                "zh": f"{name} 不是 Excel 工作簿，或文件已损坏。",
            },
            hint=_AS_CSV,
        ) from error
    sheets = [one for one in book.worksheets if one.max_row and one.max_column]
    if sheet is not None:
        chosen = next((one for one in sheets if one.title == sheet), None)
        if chosen is None:
            titles = ", ".join(one.title for one in sheets)
            raise InputInvalid(
                {
                    "en": f"{name} has no sheet '{sheet[:60]}'. It has: {titles}",
                    "zh": f"{name} 里没有工作表 «{sheet[:60]}»。其中有：{titles}",
                }
            )
    else:
        chosen = next((one for one in sheets if _holds_anything(one)), None)
    if chosen is None:
        return Grid([])
    grid = Grid(_cells(chosen))
    others = [one.title for one in sheets if one is not chosen and _holds_anything(one)]
    if others and sheet is None:
        grid.notes.append(
            {
                "en": f"sheet “{chosen.title}”; others: {', '.join(others)} (FILE#SHEET)",
                "zh": f"工作表 «{chosen.title}»；另有：{'、'.join(others)}（用 文件#工作表 指定）",
            }
        )
    return grid


def _cells(sheet: Any) -> list[list[Any]]:
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    for area in sheet.merged_cells.ranges:
        # Cells merged downwards hold for each row; a title merged to the right is one cell.
        if area.max_row == area.min_row:
            continue
        value = rows[area.min_row - 1][area.min_col - 1]
        for row in range(area.min_row, min(area.max_row, len(rows)) + 1):
            rows[row - 1][area.min_col - 1] = value
    width = max(
        (at + 1 for row in rows for at, cell in enumerate(row) if cell is not None), default=0
    )
    return [row[:width] for row in rows]


def _holds_anything(sheet: Any) -> bool:
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _library() -> Any:
    try:
        import openpyxl
    except ImportError as error:
        raise needs_extra("Excel", "openpyxl") from error
    return openpyxl


def needs_extra(what: str, package: str) -> InputInvalid:
    """A kind of file whose library is not installed."""
    return InputInvalid(
        {
            "en": f"{what} files need the package {package}, which is not installed.",
            "zh": f"读写 {what} 文件需要 {package}，它还没有安装。",
        },
        hint={"en": "pip install 'funcsmith[data]'", "zh": "pip install 'funcsmith[data]'"},
    )


_AS_CSV = {"en": "Save it as CSV (UTF-8) and try again.", "zh": "请另存为 CSV（UTF-8）再试。"}
