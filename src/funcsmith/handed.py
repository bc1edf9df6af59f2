"""Values that the user hands in beside the text: JSON as it is, or a file by its path.

Only their shape reaches a model; the values themselves go to the function as arguments.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from .errors import InputInvalid

LIMIT = 50 * 2**20
"""Bytes of one file."""


def handed(inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs with files read: CSV as records, JSON and JSON Lines as what they hold, else text."""
    return {
        name: _read(name, value["path"])
        if isinstance(value, dict) and set(value) == {"path"} and isinstance(value["path"], str)
        else value
        for name, value in inputs.items()
    }


def _read(name: str, path: str) -> Any:
    file = Path(path).expanduser()
    try:
        if file.stat().st_size > LIMIT:
            raise _invalid(name, path, f"more than {LIMIT:,} bytes", f"超过 {LIMIT:,} 字节")
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise _invalid(name, path, "it is not UTF-8 text", "不是 UTF-8 文本") from failure
    except OSError as failure:
        said = failure.strerror or str(failure)
        raise _invalid(name, path, said, said) from failure
    ending = file.suffix.lower()
    try:
        if ending == ".json":
            return json.loads(text)
        if ending in (".jsonl", ".ndjson"):
            return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as failure:
        raise _invalid(name, path, f"not JSON: {failure}", f"不是 JSON：{failure}") from failure
    if ending in (".csv", ".tsv"):
        rows = csv.DictReader(io.StringIO(text), delimiter="\t" if ending == ".tsv" else ",")
        return [{key: _cell(cell) for key, cell in row.items() if key is not None} for row in rows]
    return text


def _cell(cell: Any) -> Any:
    """A cell as a number where it is written as one; 007 and 1e5 stay text."""
    if not isinstance(cell, str):
        return cell
    said = cell.strip()
    digits = said.lstrip("+-")
    if digits.isdecimal() and digits.isascii() and (digits == "0" or digits[0] != "0"):
        return int(said) if len(digits) <= 18 else cell
    whole, dot, part = digits.partition(".")
    if dot and whole.isdecimal() and part.isdecimal() and digits.isascii():
        return float(said)
    return cell


def _invalid(name: str, path: str, en: str, zh: str) -> InputInvalid:
    return InputInvalid(
        {
            "en": f"The input {name} cannot be read from {path}: {en}.",
            "zh": f"无法从 {path} 读取输入 {name}：{zh}。",
        },
        hint={
            "en": "Give a CSV, JSON, JSON Lines or text file in UTF-8.",
            "zh": "请给出 UTF-8 的 CSV、JSON、JSON Lines 或文本文件。",
        },
    )
