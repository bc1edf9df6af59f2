"""Values that the user hands in beside the text: JSON as it is, or a file by its path.

Only their shape reaches a model; the values themselves go to the function as arguments.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import InputInvalid


@dataclass(frozen=True)
class Handed:
    """The values by name, and what is to be said of how their files were read, by language."""

    values: dict[str, Any]
    notes: tuple[dict[str, str], ...] = ()


def handed(inputs: dict[str, Any]) -> Handed:
    """The inputs with files read, whatever their kind and encoding.

    A file is `{"path": …}`, of a workbook also `{"path": …, "sheet": …}`.
    """
    values: dict[str, Any] = {}
    notes: list[dict[str, str]] = []
    for name, value in inputs.items():
        if not is_file(value):
            values[name] = value
            continue
        from .tables.files import read_path

        read = read_path(name, value["path"], value.get("sheet"))
        values[name] = read.value
        notes += [
            {"en": f"{name}: {note['en']}", "zh": f"{name}：{note['zh']}"} for note in read.notes
        ]
    return Handed(values, tuple(notes))


def is_file(value: Any) -> bool:
    """Whether an input is a file by its path, and no value itself."""
    if not isinstance(value, dict) or not {"path"} <= set(value) <= {"path", "sheet"}:
        return False
    if not all(isinstance(one, str) for one in value.values()):
        return False
    if "\0" in value["path"]:
        raise InputInvalid({"en": "A path holds a null character.", "zh": "路径中含有空字符。"})
    return True
