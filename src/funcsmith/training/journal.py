"""What was measured while training: JSON Lines, one line a step or an evaluation.

A training that goes on behind a checkpoint takes back the lines behind it, so that the file of an
interrupted training is the file of one that was not, but for times.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .checkpoint import write

FILE = "metrics.jsonl"


class Journal:
    """Appends lines to `metrics.jsonl` of a folder; `silent` ones write nothing."""

    def __init__(self, folder: Path, *, after: int, silent: bool = False) -> None:
        """Lines of steps behind `after` are taken back; 0 begins anew."""
        self._path = folder / FILE
        self._silent = silent
        if silent:
            return
        kept = [line for line in read(self._path) if line["step"] <= after]
        text = "".join(f"{_line(one)}\n" for one in kept)
        write(self._path, lambda file: file.write(text.encode()))
        self._file = self._path.open("a", encoding="utf-8")

    def add(self, kind: str, step: int, values: Mapping[str, Any]) -> None:
        """One line. It is on the disk once `keep` was called."""
        if not self._silent:
            self._file.write(_line({"kind": kind, "step": step, **values}) + "\n")
            self._file.flush()

    def keep(self) -> None:
        if not self._silent:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        if not self._silent:
            self.keep()
            self._file.close()


def read(path: Path) -> list[dict[str, Any]]:
    """Every whole line of a file of metrics; a line that was cut off is left out."""
    try:
        text = path.read_text("utf-8", "replace")
    except FileNotFoundError:
        return []
    found: list[dict[str, Any]] = []
    for line in text.split("\n"):
        try:
            one = json.loads(line)
        except ValueError:
            continue
        if isinstance(one, dict) and isinstance(one.get("step"), int):
            found.append(one)
    return found


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True)


__all__ = ["FILE", "Journal", "read"]
