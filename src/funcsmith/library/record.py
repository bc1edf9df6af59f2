"""The .json beside a function as text: one item a line, so that git merges it without a conflict.

`.gitattributes` asks git for the union of both sides' lines. `read` makes sense of what that gives:
a comma that is missing or left over, and a key that came from both sides. Of two verdicts the weaker
counts; where both sides changed the function itself, `BOTH` has the two hashes, and what was proven
is looked up by hash among the versions. Conflict markers are read the same way, side by side.
"""

from __future__ import annotations

import json
from typing import Any

from .saved import VERDICTS, dumps

BOTH = "sha256_of_both"
"""The key of a merged record that names two sources; it is never written."""
ATTRIBUTES = """\
# Records and versions of functions merge line by line.
*.json text eol=lf merge=union
*.py text eol=lf
"""


def written(record: dict[str, Any]) -> str:
    """The record as a file says it: keys in order, every value and every list item on its line."""
    entries: list[str] = []
    for key in sorted(record):
        value = record[key]
        if isinstance(value, list):
            items = ",\n".join(f"    {_line(item)}" for item in value)
            said = "[\n" + (f"{items}\n" if items else "") + "  ]"
        else:
            said = _line(value)
        entries.append(f"  {_line(key)}: {said}")
    return "{\n" + ",\n".join(entries) + "\n}\n"


def read(text: str) -> Any:
    """What a record says, also one that git merged; ValueError where it cannot be made out."""
    sides = _sides(text)
    if sides is None:
        return _parsed(text)
    both = [_parsed(side) for side in sides]
    if not all(isinstance(side, dict) for side in both):
        raise ValueError("a merge conflict that is no record")
    return _joined([pair for side in both for pair in side.items()])


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_joined)
    except ValueError:
        return json.loads(_with_commas(text), object_pairs_hook=_joined)


def _joined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """One object of pairs in which a key may stand twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key not in found or found[key] == value:
            found[key] = value
        else:
            found[key] = _both(key, found[key], value)
            if key == "sha256":
                found[BOTH] = [*found.get(BOTH, [found[key]]), value]
    return found


def _both(key: str, one: Any, other: Any) -> Any:
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *(item for item in other if item not in one)]
    if key == "verdict" and one in VERDICTS and other in VERDICTS:
        return min(one, other, key=VERDICTS.index)
    if key in ("updated", "created") and isinstance(one, str) and isinstance(other, str):
        return max(one, other) if key == "updated" else min(one, other)
    if key == "verified":  # each speaks of its own run, so neither does of what was merged
        return {}
    return one if key == "sha256" else other


def _with_commas(text: str) -> str:
    """The lines with a comma where one is missing, and none before a bracket that closes."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip()]
    for at, line in enumerate(lines[:-1]):
        closes = lines[at + 1].lstrip().startswith(("]", "}"))
        if closes:
            lines[at] = line.rstrip(",")
        elif not line.endswith((",", "[", "{")):
            lines[at] = f"{line},"
    return "\n".join(lines)


def _sides(text: str) -> tuple[str, str] | None:
    """Both sides of a text with conflict markers; None where it has none."""
    if not text.startswith("<<<<<<< ") and "\n<<<<<<< " not in text:
        return None
    sides: tuple[list[str], list[str]] = ([], [])
    to: tuple[int, ...] = (0, 1)
    for line in text.split("\n"):
        if line.startswith("<<<<<<< "):
            to = (0,)
        elif line.startswith("||||||| "):
            to = ()
        elif line == "=======":
            to = (1,)
        elif line.startswith(">>>>>>> "):
            to = (0, 1)
        else:
            for side in to:
                sides[side].append(line)
    return "\n".join(sides[0]), "\n".join(sides[1])


def _line(value: Any) -> str:
    return dumps(value, ordered=True)
