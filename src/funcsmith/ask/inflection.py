"""English words in the form that a sentence needs: she reads, 1 day. Regular forms by rule."""

from __future__ import annotations

import re

from .spoken import Said

VERBS = frozenset(
    "arrive ask bake begin bring build buy carry charge collect contain cook cost cover cycle deliver"
    " drink drive earn eat end equal fill find finish fit get give grow have hold keep last leave lend"
    " lift lose make measure meet need occur open owe paint pay plant print produce reach read receive"
    " remain ride run save see sell send serve share sleep spend start stay swim take travel use visit"
    " wait walk weigh win work write".split()
)
"""Verbs of reckoning, as they stand behind does and will: where one stands, the subject ends."""


def inflected(verb: str) -> str:
    """A verb as it stands behind he, she and it; the first word of several.

    >>> inflected("carry"), inflected("need to buy")
    ('carries', 'needs to buy')
    """
    first, _, more = verb.partition(" ")
    irregular = {"have": "has", "do": "does", "go": "goes", "be": "is"}
    if first in irregular:
        first = irregular[first]
    elif re.search(r"[^aeiou]y$", first):
        first = f"{first[:-1]}ies"
    else:
        first += "es" if re.search(r"(?:s|x|z|ch|sh|o)$", first) else "s"
    return f"{first} {more}".strip()


_ONE = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "inches": "inch", "leaves": "leaf", "halves": "half", "mice": "mouse", "teeth": "tooth",
    "movies": "movie", "cookies": "cookie", "boxes": "box",
}  # fmt: skip


def agreeing(noun: str, said: Said) -> str | None:
    """The noun as it stands behind the number: 1 day, 2 days."""
    if not said.one:
        return noun
    before, _, last = noun.rpartition(" ")
    if last in _ONE:
        single = _ONE[last]
    elif last.endswith("ies"):
        single = f"{last[:-3]}y"
    elif re.search(r"(?:ss|x|ch|sh)es$", last):
        single = last[:-2]
    elif last.endswith("s") and not last.endswith("ss"):
        single = last[:-1]
    else:
        return None
    return f"{before} {single}".strip()
