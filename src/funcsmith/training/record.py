"""One labelled text, and files of them: JSON Lines, one record a line, sorted keys.

A record is checked when it is made or read (`consistency.py`): spans lie in the text, names are
those of the tools, what a kind must have is there. Whether it is true is told by `proof.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from ..contract import Kind, Tool
from ..errors import InputInvalid
from ..language import language_of
from .consistency import KINDS, check, name_of, pointer, required_of, wrong

Span = tuple[int, int]
Language = Literal["zh", "en"]
_ID_DIGITS = 20


@dataclass(frozen=True)
class Record:
    """What a user says, and what is right for it."""

    id: str
    """sha256 of the content, its first digits; where a row came from is no part of it."""
    text: str
    language: Language
    kind: Kind
    tools: tuple[Tool, ...] = ()
    """The functions offered with the text; empty for new functions."""
    function: str | None = None
    """The name of the function that is right (kinds parameters, ask), or of the new one."""
    source: str | None = None
    """Python, kind function."""
    arguments: dict[str, Any] = field(default_factory=dict)
    """The right values; of kind ask those that are there, of kind function those of its call."""
    spans: dict[str, list[Span]] = field(default_factory=dict)
    """JSON Pointer into the arguments → characters of the text."""
    missing: tuple[str, ...] = ()
    """Required parameters that the text does not state, kind ask."""
    tests: tuple[str, ...] = ()
    """Lines of `assert`, kind function."""
    origin: str = ""
    """Importer and row: "seal_tools/dev:17"."""
    licence: str = ""
    group: str = ""
    """The function that it belongs to: no group stands on two sides of a split."""
    made: str = ""
    """"" as collected; else which augmentation made it."""
    now: str | None = None
    """ISO, what relative days of the text are told from, where that matters."""

    @classmethod
    def of(cls, *, text: str, kind: Kind, language: Language | None = None, **rest: Any) -> Record:
        """A checked record with its id; the language is the text's unless said.

        Raises `InputInvalid` with what is wrong.
        """
        if not isinstance(text, str):
            raise wrong("text is no string", "text 不是字符串")
        plain = {"language": language or language_of(text), "text": text, "kind": kind, **rest}
        return from_row(plain)

    @property
    def tool(self) -> Tool | None:
        """The offered function that is right."""
        return next((tool for tool in self.tools if tool.name == self.function), None)

    def but(self, **changes: Any) -> Record:
        """The same with other content, checked again, under its own id."""
        mine = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "id"}
        return Record.of(**{**mine, **changes})


def to_row(record: Record) -> dict[str, Any]:
    """The record as plain JSON."""
    row: dict[str, Any] = {one.name: getattr(record, one.name) for one in fields(record)}
    row["tools"] = [tool.model_dump() for tool in record.tools]
    row["missing"], row["tests"] = list(record.missing), list(record.tests)
    row["spans"] = {at: [list(span) for span in spans] for at, spans in record.spans.items()}
    return row


def from_row(row: Mapping[str, Any]) -> Record:
    """The record that plain JSON says. Raises `InputInvalid` with what is wrong."""
    known = {one.name for one in fields(Record)}
    unknown = sorted(map(str, row.keys() - known))
    if unknown:
        named = ", ".join(unknown[:5])
        raise wrong(f"unknown fields: {named}", f"未知字段：{named}")
    try:
        record = Record(
            id="",
            text=_a(str, row, "text"),
            language=_a(str, row, "language"),
            kind=_a(str, row, "kind"),
            tools=tuple(map(_tool, row.get("tools") or ())),
            function=_a(str, row, "function", None),
            source=_a(str, row, "source", None),
            arguments=_a(dict, row, "arguments", {}),
            spans={
                at: [(int(start), int(end)) for start, end in spans]
                for at, spans in _a(dict, row, "spans", {}).items()
            },
            missing=tuple(row.get("missing") or ()),
            tests=tuple(row.get("tests") or ()),
            origin=_a(str, row, "origin", ""),
            licence=_a(str, row, "licence", ""),
            group=_a(str, row, "group", ""),
            made=_a(str, row, "made", ""),
            now=_a(str, row, "now", None),
        )
    except (TypeError, ValueError) as error:
        raise wrong(str(error)[:200], str(error)[:200]) from error
    check(record)
    try:
        f"{record.origin}{record.licence}{record.group}{record.made}".encode()
        whole = {**vars(record), "id": _id(record)}
    except (ValueError, TypeError, RecursionError) as error:
        raise wrong(f"no plain JSON: {error}"[:200], f"不是普通 JSON：{error}"[:200]) from error
    said = row.get("id")
    if said and said != whole["id"]:
        raise wrong("id is not that of the content", "id 与内容不符")
    return Record(**whole)


def line_of(record: Record) -> str:
    """The record as one line, without its end."""
    return json.dumps(to_row(record), ensure_ascii=False, sort_keys=True, allow_nan=False)


def read_records(
    path: Path, *, on_bad: Callable[[int, InputInvalid], object] | None = None
) -> Iterator[Record]:
    """The records of a file, in order.

    A bad row raises `InputInvalid` with its number, or goes to `on_bad` and costs only itself.
    """
    for number, row in read_rows(path, on_bad=on_bad):
        try:
            record = from_row(row)
        except InputInvalid as error:
            bad = _at(path, number, error)
            if on_bad is None:
                raise bad from error
            on_bad(number, bad)
            continue
        yield record


def read_rows(
    path: Path, *, on_bad: Callable[[int, InputInvalid], object] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file of lines with their numbers from 1; blank lines are passed over."""
    try:
        content = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise InputInvalid(
            {"en": f"{path} cannot be read: {why}.", "zh": f"无法读取 {path}：{why}。"},
            hint={"en": "Give a file of JSON Lines.", "zh": "请给出 JSON Lines 文件。"},
        ) from error
    # Not splitlines: JSON text may hold other line separators as they are.
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise TypeError("an object is wanted")
        except (TypeError, ValueError, RecursionError) as error:
            bad = _at(
                path, number, wrong(f"no JSON object ({error})", f"不是 JSON 对象（{error}）")
            )
            if on_bad is None:
                raise bad from error
            on_bad(number, bad)
            continue
        yield number, row


def write_records(path: Path, records: Iterable[Record]) -> int:
    """Write a file whole or not at all; how many there were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    count = 0
    with partial.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(line_of(record) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return count


def _id(record: Record) -> str:
    row = to_row(record)
    for name in ("id", "origin", "licence", "group", "made"):
        del row[name]
    said = json.dumps(row, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return hashlib.sha256(said.encode()).hexdigest()[:_ID_DIGITS]


def _tool(value: Any) -> Tool:
    return value if isinstance(value, Tool) else Tool.model_validate(value)


_NEEDED: Any = object()


def _a(kind: type, row: Mapping[str, Any], name: str, default: Any = _NEEDED) -> Any:
    value = row.get(name)
    if value is None:
        if default is _NEEDED:
            raise ValueError(f"{name} is missing")
        return default
    if not isinstance(value, kind):
        raise TypeError(f"{name} is no {kind.__name__}")
    return value


def _at(path: Path, number: int, error: InputInvalid) -> InputInvalid:
    return InputInvalid(
        {
            "en": f"{path}, line {number}: {error.message('en')}",
            "zh": f"{path} 第 {number} 行：{error.message('zh')}",
        },
        hint=error.hint("en")
        or {
            "en": "The fields of a record are in docs/teaching.md.",
            "zh": "记录的字段见 docs/teaching.zh-CN.md。",
        },
    )


def group_of(name: str) -> str:
    """The group of a function: its name, however it is written.

    >>> group_of("getWeather") == group_of("get_weather")
    True
    """
    return "".join(c for c in name.casefold() if c.isalnum())


__all__ = [
    "KINDS",
    "Language",
    "Record",
    "Span",
    "from_row",
    "group_of",
    "line_of",
    "name_of",
    "pointer",
    "read_records",
    "read_rows",
    "required_of",
    "to_row",
    "write_records",
]
