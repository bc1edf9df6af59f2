"""What a function was before: one file a version, `.versions/<name>/0002-1f3a9c0b.py`.

A version's first lines are its record as a comment, then its source follows as it was. The number
says which change it was and the hash what it holds, so two clones that both changed a function have
two files and git merges them. A file whose source is not what its record says is passed over.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .record import written
from .saved import hashed, now

_MARK = "#| "
_NAME = re.compile(r"(\d+)-([0-9a-f]{8})\.py")


@dataclass(frozen=True)
class Version:
    """One state of a function's source, with what was known of it when it was replaced."""

    number: int
    sha256: str
    at: str
    cause: str
    """`saved`, `edited` (by hand), `rollback` or `restored` (after it was removed)."""
    source: str
    record: dict[str, Any]
    of: int | None = None
    """The number of the version that a rollback returned to."""
    current: bool = False

    @property
    def id(self) -> str:
        """The number and the beginning of the hash, as in the file's name."""
        return f"{self.number}-{self.sha256[:8]}"

    def facts(self) -> dict[str, Any]:
        """What `history --json` says of it."""
        return {
            "version": self.number,
            "id": self.id,
            "at": self.at,
            "cause": self.cause,
            "of": self.of,
            "verdict": self.record.get("verdict"),
            "model": self.record.get("model"),
            "sha256": self.sha256,
            "current": self.current,
        }


class Versions:
    """The versions of every function of a folder; the caller holds the lock where it writes."""

    def __init__(self, path: Path, put: Callable[[Path, str], None]) -> None:
        self.path = path
        self._put = put

    def all(self, file: str) -> list[Version]:
        """A function's versions, the oldest first."""
        found = [self._read(path) for path in self._paths(file)]
        return sorted(
            (version for version in found if version is not None),
            key=lambda version: (version.number, version.at, version.sha256),
        )

    def record_of(self, file: str, sha256: str) -> dict[str, Any] | None:
        """What is known of a source, by its hash; None where it is no version."""
        named = [p for p in self._paths(file) if p.name.endswith(f"-{sha256[:8]}.py")]
        for path in sorted(named, reverse=True):
            version = self._read(path)
            if version is not None and version.sha256 == sha256:
                return {**version.record, "cause": version.cause}
        return None

    def keep(
        self, file: str, source: str, record: dict[str, Any], *, cause: str, of: int | None = None
    ) -> None:
        """Keep a source as the newest version; where it is that already, only its record."""
        sha256 = hashed(source)
        paths = self._paths(file)
        newest = max(map(_number, paths), default=0)
        for path in paths:
            version = self._read(path) if _number(path) == newest else None
            if version is not None and version.sha256 == sha256:
                if version.record != record:
                    self._write(path, version.cause, version.at, version.of, record, source)
                return
        place = self.path / file / f"{newest + 1:04d}-{sha256[:8]}.py"
        place.parent.mkdir(parents=True, exist_ok=True)
        self._write(place, cause, now(), of, record, source)

    def refresh(self, file: str, record: dict[str, Any]) -> None:
        """Say of a version what was last known of it, before the next one takes its place."""
        sha256 = str(record.get("sha256"))
        for path in sorted(self._paths(file), reverse=True):
            version = self._read(path) if path.name.endswith(f"-{sha256[:8]}.py") else None
            if version is not None and version.sha256 == sha256:
                if version.record != record:
                    self._write(path, version.cause, version.at, version.of, record, version.source)
                return

    def _paths(self, file: str) -> list[Path]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return [p for p in (self.path / file).iterdir() if _NAME.fullmatch(p.name)]
        return []

    def _read(self, path: Path) -> Version | None:
        try:
            text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            return None
        lines = text.split("\n")
        end = next((at for at, line in enumerate(lines) if line == f"{_MARK}}}"), None)
        if end is None or not all(line.startswith(_MARK) for line in lines[:end]):
            return None
        source = "\n".join(lines[end + 1 :])
        try:
            head = json.loads("\n".join(line[len(_MARK) :] for line in lines[: end + 1]))
        except ValueError:
            return None
        version = head.pop("version", None)
        if not isinstance(version, dict) or head.get("sha256") != hashed(source):
            return None
        return Version(
            number=_number(path),
            sha256=head["sha256"],
            at=str(version.get("at", "")),
            cause=str(version.get("cause", "saved")),
            of=version["of"] if isinstance(version.get("of"), int) else None,
            source=source,
            record=head,
        )

    def _write(
        self,
        path: Path,
        cause: str,
        at: str,
        of: int | None,
        record: dict[str, Any],
        source: str,
    ) -> None:
        said = {"at": at, "cause": cause} | ({} if of is None else {"of": of})
        head = written({**record, "version": said})
        comment = "".join(f"{_MARK}{line}\n" for line in head.rstrip("\n").split("\n"))
        self._put(path, comment + source)


def _number(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match[1]) if match else 0
