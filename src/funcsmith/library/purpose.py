"""How much a text speaks of what a function is for, in either language.

The search goes by how much of a text a function covers; a long text about something else shares
units and everyday words with nearly every function. Here it is asked the other way round.
"""

from __future__ import annotations

import re

from .lexicon import meanings, translations
from .terms import TRANSLATED, terms

# What nearly every function measures or gives says nothing of what it is for.
_ANYTHING = re.compile(
    r"\b(?:times?|hours?|minutes?|seconds?|days?|weeks?|months?|years?|totals?|amounts?|numbers?"
    r"|values?|results?|costs?|prices?|money|many|long|takes?|needed|metres?|meters?|km|kg|cm"
    r"|percent)\b"
    r"|时间|小时|分钟|秒|天数|总数|总共|总|金额|数量|多少|多久|几|需要|百分[之数比]|[年月日天元]",
    re.IGNORECASE,
)


def spoken_of(text: str, name: str, summary: str) -> float:
    """The share of a function's name, or of its first line, that a text says: 0 to 1.

    1 as well where neither says what the function is for.

    >>> spoken_of("订一张去广州的火车票", "book_train", "Book a train.")
    0.8
    >>> spoken_of("24 和 90 的最小公倍数是几", "book_train", "订火车票。")
    0.0
    """
    said = terms(text)
    asked = {**dict.fromkeys(translations(text), TRANSLATED + 0.2), **dict.fromkeys(said, 1.0)}
    shares = [
        share
        for own in (name.replace("_", " "), summary)
        if (share := _share(_ANYTHING.sub(" ", own), said, asked)) is not None
    ]
    return round(max(shares, default=1.0), 3)


def _share(own: str, said: dict[str, float], asked: dict[str, float]) -> float | None:
    """How much of these words the text has; None where there are none."""
    wanted = terms(own)
    whole = sum(wanted.values())
    if not whole:
        return None
    there = {term: asked[term] for term in wanted if term in asked}
    for meaning in meanings(own):
        if any(all(term in said for term in other) for other in meaning.others):
            for term in meaning.own & wanted.keys():
                there[term] = max(there.get(term, 0.0), TRANSLATED + 0.2)
    return sum(wanted[term] * share for term, share in there.items()) / whole


__all__ = ["spoken_of"]
