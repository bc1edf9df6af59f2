"""What users corrected, in the home: one JSON line each, only ever added to.

A line is written whole and synced before it counts; a torn one, after `kill -9`, is passed over.
What is said again later of the same run replaces what was said before.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..errors import HomeUnusable, InputInvalid

if TYPE_CHECKING:
    from .library import Library

What = Literal["arguments", "candidate", "rejected"]
FILE = "corrections.jsonl"


@dataclass(frozen=True)
class Correction:
    """One thing that a user says was wrong, and what is right."""

    text: str
    what: What
    """arguments: those of `function` as they should be; candidate: the `source` that is right;
    rejected: `function` is not what the text asks for."""
    function: str
    arguments: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    """The function's JSON Schema, so that the correction stands without the library."""
    source: str | None = None
    tests: tuple[str, ...] = ()
    run: int | None = None
    """The run in the library that it is about."""
    at: str = ""


def corrected(
    library: Library,
    text: str,
    what: What,
    function: str,
    *,
    arguments: dict[str, Any] | None = None,
    source: str | None = None,
    run: int | None = None,
) -> Correction:
    """Write down a correction of a function that is kept, or of one whose `source` is given.

    Raises `FunctionNotFound` where it is neither, `ArgumentsInvalid` where arguments do not fit.
    """
    from .arguments import fitting
    from .signature import signature_of

    if source is not None:
        declared = signature_of(source, function)
        signature, parameters = declared.text, declared.parameters
    else:
        saved = library.get(function)
        function, signature, parameters = saved.name, saved.signature, saved.parameters
    if what == "arguments":
        arguments = fitting(function, signature, parameters, arguments or {})
    return add_correction(
        library.settings.home,
        Correction(
            text=text,
            what=what,
            function=function,
            arguments=arguments or {},
            parameters=parameters,
            source=source if what == "candidate" else None,
            run=run,
        ),
    )


def add_correction(home: Path, correction: Correction) -> Correction:
    """Write it down; when this returns it survives `kill -9` and a power cut.

    Raises `InputInvalid` where it says too little, `HomeUnusable` where nothing can be written.
    """
    _check(correction)
    stamped = correction if correction.at else _stamped(correction)
    row = {**asdict(stamped), "tests": list(stamped.tests)}
    try:
        line = json.dumps(row, ensure_ascii=False, sort_keys=True, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise _wrong(f"no plain JSON: {error}", f"不是普通 JSON：{error}") from error
    try:
        home.mkdir(parents=True, exist_ok=True)
        # One write to a file opened for appending: two processes cannot mix their lines. What a
        # torn line left is ended first.
        descriptor = os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
            os.write(descriptor, (b"\n" if torn else b"") + line + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        why = error.strerror or str(error)
        raise HomeUnusable(
            {"en": f"{home} cannot be written: {why}.", "zh": f"无法写入 {home}：{why}。"},
            hint={"en": "Set FUNCSMITH_HOME.", "zh": "请设置 FUNCSMITH_HOME。"},
        ) from error
    return stamped


def corrections(home: Path) -> Iterator[Correction]:
    """Every correction, the oldest first; of several of one run and kind only the last."""
    try:
        content = (home / FILE).read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        why = error.strerror or str(error)
        raise HomeUnusable(
            {
                "en": f"{home / FILE} cannot be read: {why}.",
                "zh": f"无法读取 {home / FILE}：{why}。",
            }
        ) from error
    last: dict[tuple[Any, ...], Correction] = {}
    for line in content.split(b"\n"):
        try:
            row = json.loads(line)
            one = Correction(**{**row, "tests": tuple(row.get("tests") or ())})
            _check(one)
        except (ValueError, TypeError, AttributeError, InputInvalid):
            continue
        key = (one.run if one.run is not None else one.text, one.what, one.function)
        last.pop(key, None)
        last[key] = one
    yield from last.values()


def _stamped(correction: Correction) -> Correction:
    at = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return Correction(**{**vars(correction), "at": at})


def _check(one: Correction) -> None:
    said: dict[str, Any] = vars(one)  # a line of a file may hold anything
    if not isinstance(said["text"], str) or not one.text.strip():
        raise _wrong("it has no text", "没有文本")
    if one.what not in get_args(What):
        raise _wrong(f"no kind '{one.what}'", f"没有 «{one.what}» 这一种")
    if not isinstance(said["function"], str) or not one.function:
        raise _wrong("it names no function", "没有函数名")
    if one.what == "arguments" and not one.parameters.get("properties"):
        raise _wrong("it has no schema of its function", "缺少函数的参数结构")
    if one.what == "candidate" and not one.source:
        raise _wrong("it has no source", "缺少源码")


def _wrong(en: str, zh: str) -> InputInvalid:
    return InputInvalid(
        {"en": f"The correction cannot be kept: {en}.", "zh": f"无法保存该更正：{zh}。"},
        hint={
            "en": "It needs text, what (arguments, candidate or rejected) and function.",
            "zh": "需要 text、what（arguments、candidate 或 rejected）和 function。",
        },
    )


__all__ = ["Correction", "add_correction", "corrections"]
