"""What a text's terms count, and which functions are worth showing together. No index is asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .terms import TRANSLATED

if TYPE_CHECKING:
    from .lexicon import Meaning


def rarities(
    wanted: dict[str, float], known: list[Meaning], common: dict[str, int], total: int
) -> dict[str, float]:
    """What each term of a text counts: the rarer it is, in either language, the more."""
    seen = {term: common.get(term, 0) for term in wanted}
    for meaning in known:
        most = max(
            (min(common.get(term, 0) for term in other) for other in meaning.others), default=0
        )
        for term in meaning.own & seen.keys():
            seen[term] = max(seen[term], most)
    return {
        term: counts * math.log(1 + (total - seen[term] + 0.5) / (seen[term] + 0.5))
        for term, counts in wanted.items()
    }


def had_of(
    there: dict[str, float], rarity: dict[str, float], known: list[Meaning]
) -> dict[str, float]:
    """Of a text's terms those that a function has, in its words or in the other language's."""
    best = {term: there[term] for term in there if term in rarity}
    for meaning in known:
        translated = TRANSLATED * max(
            sum(there.get(term, 0.0) for term in other) / len(other) for other in meaning.others
        )
        if translated:
            for term in meaning.own & rarity.keys():
                best[term] = max(best.get(term, 0.0), translated)
    return best


_SATURATION, _LENGTH = 1.2, 0.75
"""k1 and b of Okapi BM25, as usual."""
_AGAIN = 0.7
"""What a term counts once more for each function before that had it."""


def spread(
    order: Sequence[str],
    had: dict[str, dict[str, float]],
    rarity: dict[str, float],
    words: dict[str, int],
    limit: int,
) -> set[str]:
    """The first of `order`, then by BM25 (Robertson and Zaragoza 2009) those that add most to it.

    `words` says how many terms each function has; long is what is longer than these are on average.
    """
    usual = max(1.0, sum(words.values()) / len(words))
    worth = {
        file: {
            term: rarity[term]
            * weight
            * (_SATURATION + 1)
            / (weight + _SATURATION * (1 - _LENGTH + _LENGTH * words[file] / usual))
            for term, weight in had[file].items()
        }
        for file in order
    }
    chosen: list[str] = []
    counts = dict.fromkeys(rarity, 1.0)
    while len(chosen) < min(limit, len(order)):
        best = (
            max(
                (file for file in order if file not in chosen),
                key=lambda file: sum(value * counts[term] for term, value in worth[file].items()),
            )
            if chosen
            else order[0]
        )
        chosen.append(best)
        for term in worth[best]:
            counts[term] *= _AGAIN
    return set(chosen)


__all__ = ["had_of", "rarities", "spread"]
