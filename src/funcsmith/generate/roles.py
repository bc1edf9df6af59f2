"""What the words right beside a value say that it is: «墙高两米七», «去成都», "from Lyon".

A word counts only where it speaks of one parameter of the function and of no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..readers.names import words_of

Span = tuple[int, int]

_TOWARDS = {
    "to": "to", "into": "to", "from": "from", "between": "from", "by": "by", "at": "at",
    "per": "per", "old": "old", "new": "new", "到": "to", "至": "to", "成": "to", "去": "to",
    "往": "to", "飞": "to", "从": "from", "自": "from", "由": "from",
}  # fmt: skip
_NAME_TOWARDS = {
    "target": "to", "destination": "to", "end": "to", "finish": "to", "arrival": "to",
    "source": "from", "origin": "from", "start": "from", "begin": "from", "departure": "from",
}  # fmt: skip


def direction(text: str, at: int) -> str | None:
    """The direction that the word before a place gives: to, from, by, at, per, old, new.

    >>> direction("去成都", 1), direction("from Lyon", 5), direction("in Lyon", 3)
    ('to', 'from', None)
    """
    before = text[max(0, at - 40) : at].rstrip(" 了第:：=（(").lower()
    word = re.search(r"([a-z]+|[从自由到至成去往飞])$", before)
    return _TOWARDS.get(word.group(1)) if word else None


def directions_of(name: str) -> set[str]:
    """The directions that a parameter's name has.

    >>> directions_of("departureCity") - {""}
    {'from'}
    """
    parts = words_of(name)
    return {part if part in _TOWARDS.values() else _NAME_TOWARDS.get(part, "") for part in parts}


_BREAK = re.compile(r"[，,。．.！!？?；;：:、（）()\n]|\d|\band\b|\bor\b|[和与]")
_BEFORE_HAN, _BEFORE_WORDS = 5, 2
_AFTER_HAN, _AFTER_WORDS = 2, 1


def named_beside(text: str, place: Span, wanted: Mapping[str, dict[str, Any]]) -> str | None:
    """The one parameter that the words beside a place name; None where they name none or several.

    >>> wanted = {"width_m": {"description": "总宽，米"}, "height_m": {"description": "墙高，米"}}
    >>> named_beside("墙高两米七", (2, 5), wanted), named_beside("要两米七的", (1, 4), wanted)
    ('height_m', None)
    """
    towards = direction(text, place[0])
    if towards in ("to", "from"):
        ends = [name for name in wanted if towards in directions_of(name)]
        return ends[0] if len(ends) == 1 else None
    found = {
        name
        for beside in (_before(text, place[0]), _after(text, place[1]))
        for name, words in _own_words(wanted).items()
        if beside and not words.isdisjoint(_words(beside))
    }
    return found.pop() if len(found) == 1 else None


def _own_words(wanted: Mapping[str, dict[str, Any]]) -> dict[str, set[str]]:
    """The words of each parameter that no other parameter has."""
    said = {
        name: _words(f"{re.sub('[_.-]', ' ', name)} {schema.get('description') or ''}")
        for name, schema in wanted.items()
    }
    return {
        name: words - {w for other, theirs in said.items() if other != name for w in theirs}
        for name, words in said.items()
    }


def _words(said: str) -> set[str]:
    # Translations have too many neighbours: of 57 places they named the wrong parameter of 14.
    from ..library.terms import terms

    return set(terms(said))


def _before(text: str, at: int) -> str:
    said = _BREAK.split(text[max(0, at - 24) : at].rstrip(" 是为有约共"))[-1]
    if re.search("[\u4e00-\u9fff]", said):
        return said[-_BEFORE_HAN:]
    return " ".join(said.split()[-_BEFORE_WORDS:])


def _after(text: str, at: int) -> str:
    said = _BREAK.split(text[at : at + 24].lstrip(" 的"))[0]
    if re.match("[\u4e00-\u9fff]", said):
        return said[:_AFTER_HAN]
    return " ".join(said.split()[:_AFTER_WORDS])


__all__ = ["direction", "directions_of", "named_beside"]
