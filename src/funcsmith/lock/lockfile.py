"""The folder `_smithed/`: a lock with one line a function, and each body as a plain file.

    _smithed/funcsmith.lock        what was asked for, and what was locked, by hash
    _smithed/prices/含税价.py       the body, with its evidence above it

A line holds all of one function, so that git, which merges by lines, never mixes two of them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import FunctionNotLocked, HomeUnusable
from ..library.saved import VERDICTS, hashed
from ..settings import settings

FOLDER = "_smithed"
NAME = "funcsmith.lock"
_HEAD = (
    "# Bodies of functions decorated with @funcsmith.smith, made by `funcsmith lock`.\n"
    "# One line a function: where it stands, the hashes of what was asked and of the body beside this.\n"
)
_ATTRIBUTES = (
    "# Both sides' lines are right; where one function was locked on both, the body decides.\n"
    f"{NAME} merge=union\n"
)


@dataclass(frozen=True)
class Entry:
    """What was locked for one function."""

    asked: str
    body: str
    """The hash of the body's file."""
    verdict: str
    model: str | None = None
    """Who wrote it; None where it was edited by hand."""
    evidence: tuple[dict[str, str], ...] = field(default=())
    """Calls beyond the docstring's examples, with what they gave: `kind`, `call`, `got`."""


class Lock:
    """The lock of one folder of modules, as it is on disk now."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / FOLDER

    @classmethod
    def of(cls, module: Path) -> Lock:
        """The lock that a module's functions belong to: that of its outermost package."""
        folder = module.resolve().parent
        while (folder / "__init__.py").exists() and (folder.parent / "__init__.py").exists():
            folder = folder.parent
        return cls(folder)

    def key(self, module: Path, name: str) -> str:
        """How the lock calls a function: `prices.py::含税价`."""
        return f"{module.resolve().relative_to(self.root).as_posix()}::{name}"

    def body(self, key: str) -> Path:
        """Where a function's body lies."""
        module, _, name = key.partition("::")
        return self.folder / module.removesuffix(".py") / f"{name}.py"

    def source(self, key: str) -> str | None:
        """The body's file; None where there is none."""
        try:
            return self.body(key).read_bytes().decode("utf-8").replace("\r\n", "\n")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every function that is locked, by key."""
        try:
            text = (self.folder / NAME).read_text("utf-8")
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise _unreadable(self.folder / NAME, str(error)) from error
        found: dict[str, Entry] = {}
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            key, entry = _read(line, self.folder / NAME, number)
            # Two lines for one function: both sides of a merge locked it, and one body is left.
            if key not in found or self._fits(key, entry):
                found[key] = entry
        return found

    def _fits(self, key: str, entry: Entry) -> bool:
        source = self.source(key)
        return source is not None and hashed(source) == entry.body

    def keep(self, key: str, entry: Entry, source: str | None) -> None:
        """Lock one function; with a source its body is written first."""
        with self._alone():
            if source is not None:
                path = self.body(key)
                path.parent.mkdir(parents=True, exist_ok=True)
                _replace(path, source)
            self._write({**Lock(self.root).entries, key: entry})

    def drop(self, keys: list[str]) -> None:
        """Forget functions that are no longer declared, and their bodies."""
        with self._alone():
            for key in keys:
                self.body(key).unlink(missing_ok=True)
                with contextlib.suppress(OSError):
                    self.body(key).parent.rmdir()
            left = {k: v for k, v in Lock(self.root).entries.items() if k not in keys}
            self._write(left)

    def _write(self, entries: Mapping[str, Entry]) -> None:
        lines = [f"{_line(key, entries[key])}\n" for key in sorted(entries)]
        _replace(self.folder / NAME, _HEAD + "".join(lines))
        attributes = self.folder / ".gitattributes"
        if not attributes.exists():
            _replace(attributes, _ATTRIBUTES)
        self.__dict__.pop("entries", None)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, also among processes."""
        from filelock import FileLock

        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        waiting = settings().home / "locks" / f"{name}.lock"
        try:
            waiting.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(waiting):
                self.folder.mkdir(parents=True, exist_ok=True)
                yield
        except OSError as error:
            why = error.strerror or str(error)
            raise HomeUnusable(
                {
                    "en": f"{self.folder} cannot be written: {why}.",
                    "zh": f"无法写入 {self.folder}：{why}。",
                }
            ) from error


def _line(key: str, entry: Entry) -> str:
    """One line of TOML."""
    fields: dict[str, Any] = {
        "asked": entry.asked,
        "body": entry.body,
        "verdict": entry.verdict,
        "model": entry.model,
        "evidence": [dict(fact) for fact in entry.evidence] or None,
    }
    return f"{_toml(key)} = {_toml({k: v for k, v in fields.items() if v is not None})}"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_toml(one)}" for key, one in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    # JSON's strings are TOML's, but for DEL; and what some editor takes for the end of a line.
    said = json.dumps(str(value), ensure_ascii=False)
    return re.sub("[\x7f\x85\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", said)


def _read(line: str, path: Path, number: int) -> tuple[str, Entry]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    if re.match("<{7}|={7}|>{7}|[|]{7}", line):
        raise _unreadable(path, f"line {number} is a conflict of git")
    try:
        ((key, said),) = tomllib.loads(line).items()
        entry = Entry(
            asked=str(said["asked"]),
            body=str(said["body"]),
            verdict=str(said["verdict"]),
            model=str(said["model"]) if "model" in said else None,
            evidence=tuple(
                {str(k): str(v) for k, v in fact.items()} for fact in said.get("evidence", ())
            ),
        )
    except (tomllib.TOMLDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, f"line {number}: {error}") from error
    if entry.verdict not in VERDICTS or not _KEY.fullmatch(key):
        raise _unreadable(path, f"line {number}")
    return key, entry


_KEY = re.compile(r"(?!/)(?!.*(?:^|/)\.\.(?:/|::))[^:\\\0]+\.py::\w+")
"""A key becomes a path, and a lock comes with other people's branches."""


def _unreadable(path: Path, why: str) -> FunctionNotLocked:
    return FunctionNotLocked(
        {"en": f"{path} cannot be read: {why}.", "zh": f"无法读取 {path}：{why}。"},
        hint={
            "en": "Mend or delete the line, then: funcsmith lock",
            "zh": "请修正或删除该行，然后运行：funcsmith lock",
        },
    )


def _replace(path: Path, text: str) -> None:
    """Write a file in one step: whoever reads it finds the old or the new."""
    handle, writing = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "surrogatepass"))
            file.flush()
            os.fsync(file.fileno())
        Path(writing).chmod(0o644)
        Path(writing).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(writing).unlink()
        raise
