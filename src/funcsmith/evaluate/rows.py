"""The rows of one measurement, written down as they finish, so that a stopped run goes on.

The first line says what was measured: code, model, settings. A file with other facts is set aside,
never mixed; so is one that is finished, because asking again means measuring again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from ..contract import dumps
from ..errors import RequestInvalid

Row = dict[str, Any]


class Rows:
    """The file of rows: `found` is what an earlier run left, by (id, path)."""

    def __init__(self, path: Path, facts: Mapping[str, Any]) -> None:
        self.path = path
        self.found: dict[tuple[str, str], Row] = {}
        self.set_aside: Path | None = None
        try:
            self._file = self._opened(json.loads(dumps(dict(facts))))
        except OSError as error:
            why = error.strerror or str(error)
            raise RequestInvalid(
                {
                    "en": f"The results cannot be written to {path.parent}: {why}.",
                    "zh": f"无法把结果写入 {path.parent}：{why}。",
                },
                hint={"en": "Give another file with out.", "zh": "请用 out 指定其他文件。"},
            ) from error

    def add(self, row: Row) -> None:
        """Write one finished row."""
        self.found[row["id"], row["path"]] = row
        self._write(row)

    def finish(self) -> None:
        """Say that the measurement is whole."""
        self._write({"finished": True})

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Rows:  # noqa: PYI034  # Self needs Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _opened(self, facts: dict[str, Any]) -> TextIO:
        path = self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = kept_rows(path, finished=False)
        if kept is not None and kept[0] == facts:
            self.found = {(row["id"], row["path"]): row for row in kept[1]}
        elif path.exists() and path.stat().st_size:
            self.set_aside = _free(path)
            path.replace(self.set_aside)
        # Written anew, so that a torn last line is gone.
        partial = path.with_name(f"{path.name}.{os.getpid()}")
        lines = [{"facts": facts}, *self.found.values()]
        partial.write_text("".join(dumps(line) + "\n" for line in lines), "utf-8")
        partial.replace(path)
        return path.open("a", encoding="utf-8")

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(dumps(line) + "\n")
        self._file.flush()


def kept_rows(path: Path, *, finished: bool = True) -> tuple[dict[str, Any], list[Row]] | None:
    """The facts and rows of a file; None where there is none, or only a whole one and not wanted."""
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    lines: list[dict[str, Any]] = []
    # Not splitlines: JSON text may hold other line separators as they are.
    for line in text.rstrip("\n").split("\n"):
        try:
            lines.append(json.loads(line))
        except ValueError:
            break
    if not lines or "facts" not in lines[0]:
        return None
    if not finished and any("finished" in line for line in lines):
        return None
    return lines[0]["facts"], [row for row in lines[1:] if {"id", "path"} <= row.keys()]


def _free(path: Path) -> Path:
    number = 1
    while (other := path.with_name(f"{path.name}.old{number}")).exists():
        number += 1
    return other
