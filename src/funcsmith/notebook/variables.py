"""A notebook's variables as inputs: frames as rows, arrays as lists, days as ISO text.

No file is read here, and pandas and numpy are never imported: their values bring what is needed.
"""

from __future__ import annotations

from typing import Any

from ..errors import InputInvalid
from ..tables.files import plain


def as_input(name: str, value: Any) -> Any:
    """The value as JSON has it. InputInvalid for what is no data."""
    if hasattr(value, "columns") and hasattr(value, "to_dict"):
        value = _rows(name, value)
    elif hasattr(value, "to_frame") and hasattr(value, "index"):
        named = any(one is not None for one in value.index.names)
        frame = value.to_frame(name=value.name if value.name is not None else "value")
        rows = _rows(name, frame)
        value = rows if named else [row[next(reversed(row))] for row in rows]
    elif hasattr(value, "tolist") and hasattr(value, "dtype"):
        value = value.tolist()
    made = plain(value)
    if not _is_data(made):
        raise InputInvalid(
            {
                "en": f"{name} holds something that is no data ({type(value).__name__}).",
                "zh": f"{name} 中含有不是数据的内容（{type(value).__name__}）。",
            },
            hint={
                "en": "A frame, an array, a list, a dict, a text or a number can be an input.",
                "zh": "可以是 DataFrame、数组、列表、字典、文本或数字。",
            },
        )
    return made


def _rows(name: str, frame: Any) -> list[dict[str, Any]]:
    """A frame's rows; an index with a name is a column of it."""
    if any(one is not None for one in frame.index.names):
        frame = frame.reset_index()
    if not frame.columns.is_unique:
        raise InputInvalid(
            {
                "en": f"{name} has two columns of one name.",
                "zh": f"{name} 有重名的列。",
            }
        )
    # What is missing has many forms there (NaN, NaT, NA), and one here.
    filled = frame.astype(object).where(frame.notna(), None)
    rows: list[dict[Any, Any]] = filled.to_dict("records")
    return [{str(key): cell for key, cell in row.items()} for row in rows]


def _is_data(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_data(one) for key, one in value.items())
    if isinstance(value, list):
        return all(map(_is_data, value))
    return value is None or isinstance(value, (str, int, float))
