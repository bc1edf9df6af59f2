"""A function's versions as its owner asks for them: listed, named, and held against each other."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from ..errors import FunctionNotFound
from .files import Folder
from .versions import Version


def versions(file: str, folder: Folder) -> list[Version]:
    """The versions of a function, the oldest first, with what is there now marked or added."""
    found = folder.versions.all(file)
    if not folder.exists(file):
        return found
    there = folder.read(file)
    at = next((i for i in reversed(range(len(found))) if found[i].sha256 == there.sha256), None)
    if at is not None and at == len(found) - 1:
        return [*found[:at], replace(found[at], record=there.record(), current=True)]
    if there.source == "" and there.broken:
        return found
    cause = "edited" if there.edited or there.broken else "saved"
    last = found[-1].number if found else 0
    now = Version(
        number=last + 1,
        sha256=there.sha256,
        at=there.updated,
        cause=cause,
        source=there.source,
        record=there.record(),
        current=True,
    )
    return [*found, now]


def chosen(known: Sequence[Version], name: str, wanted: str | int | None) -> Version:
    """The version of that number, id or hash; the last that says something else, where none is."""
    if wanted is None:
        now = known[-1].sha256 if known and known[-1].current else None
        found = next((version for version in reversed(known) if version.sha256 != now), None)
        if found is not None:
            return found
        raise FunctionNotFound(
            {
                "en": f"{name} has no version before the one that it is.",
                "zh": f"{name} 没有更早的版本。",
            },
            hint=_see(name),
        )
    said = str(wanted).strip().lower()
    fitting = [version for version in known if _is(version, said)]
    if len({version.sha256 for version in fitting}) == 1:
        return fitting[-1]
    listed = ", ".join(version.id for version in fitting or known)
    raise FunctionNotFound(
        {"en": f"{name} has several versions {said}.", "zh": f"{name} 有多个版本 {said}。"}
        if fitting
        else {"en": f"{name} has no version {said}.", "zh": f"{name} 没有版本 {said}。"},
        hint={"en": f"Versions: {listed}", "zh": f"现有版本：{listed}"} if listed else _see(name),
    )


def difference(
    known: Sequence[Version], name: str, a: str | int | None, b: str | int | None
) -> str:
    """The unified difference of two versions; empty where they are the same."""
    to = known[-1] if b is None else chosen(known, name, b)
    if a is None:
        before = [v for v in known[: known.index(to)] if v.sha256 != to.sha256]
        if not before:
            return ""
    start = before[-1] if a is None else chosen(known, name, a)
    lines = difflib.unified_diff(
        start.source.splitlines(keepends=True),
        to.source.splitlines(keepends=True),
        f"{name}@{start.number}",
        f"{name}@{to.number}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def _is(version: Version, said: str) -> bool:
    if said in (str(version.number), version.id):
        return True
    return len(said) >= 4 and not said.isdecimal() and version.sha256.startswith(said)


def _see(name: str) -> dict[str, str]:
    return {
        "en": f"See: funcsmith library history {name}",
        "zh": f"查看：funcsmith library history {name}",
    }
