"""The .json beside a function as text: one item a line, so that git merges it without a conflict.

`.gitattributes` asks git for the union of both sides' lines. `read` makes sense of what that gives:
commas that are missing, keys that came from both sides, items behind the end of their list. Of two
verdicts the weaker counts; where both sides changed the function itself, `BOTH` has the two hashes, and what was proven
is looked up by hash among the versions. Conflict markers are read the same way, side by side.
"""

from __future__ import annotations

import json
import re
from typing import Any

from .saved import VERDICTS, dumps

BOTH = "sha256_of_both"
"""The key of a merged record that names two sources; it is never written."""
ATTRIBUTES = """\
# Records and versions of functions merge line by line.
*.json text eol=lf merge=union
*.py text eol=lf
"""

_ENTRY = re.compile(r'  ("(?:[^"\\]|\\.)*"): (.*)')


def written(record: dict[str, Any]) -> str:
    """The record as a file says it: keys in order, every value and every list item on its line."""
    entries: list[str] = []
    for key in sorted(record, key=_place):
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
        return _joined(_pairs(text))


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


def _pairs(text: str) -> list[tuple[str, Any]]:
    """The keys and values of lines as `written` makes them, in whatever order a union left them."""
    pairs: list[tuple[str, Any]] = []
    inside: str | None = None
    last = ""
    for line in text.split("\n"):
        line = line.rstrip()
        entry = _ENTRY.fullmatch(line)
        if entry:
            key, said = json.loads(entry[1]), entry[2].rstrip(",")
            inside = key if said == "[" else None
            last = inside or last
            pairs.append((key, [] if inside else json.loads(said)))
        elif line.startswith("    "):
            item = json.loads(line.strip().rstrip(","))
            pairs.append((inside or _list_of(item) or last, [item]))
        elif line in ("  ]", "  ],"):
            inside = None
        elif line not in ("", "{", "}"):
            raise ValueError(f"no line of a record: {line[:40]}")
    return pairs


def _list_of(item: Any) -> str | None:
    """The list that an item behind the end of its own came from, by what it is."""
    if isinstance(item, str):
        return "aliases"
    if isinstance(item, dict):
        return "texts" if "text" in item and "arguments" in item else "evidence"
    return None


def _place(key: str) -> tuple[str, str]:
    """In order, but `updated`, which every change changes, is no neighbour of the verdict."""
    return ("created", "updated") if key == "updated" else (key, "")


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
