"""Equal and nearly equal records, found by one-permutation MinHash; the first of each stays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..readers.characters import fold, lower
from .record import Record

_BINS = 64
_BANDS = 16
_SHINGLE = 4
"""Tokens of a shingle: words, and Chinese characters."""


@dataclass(frozen=True)
class Doubles:
    """What was left out: equal content, and texts that are nearly equal for the same function."""

    exact: int
    near: int


def without_doubles(
    records: Iterable[Record], *, threshold: float = 0.85
) -> tuple[list[Record], Doubles]:
    """The records in their order without those that an earlier one is equal or near to.

    Near: the same kind and function, and Jaccard similarity of the texts' shingles from
    `threshold` on; found among those that share a band of their signatures, then counted exactly.
    """
    kept: list[Record] = []
    ids: set[str] = set()
    bands: dict[tuple[int, str, tuple[int, ...]], list[int]] = {}
    sets: list[frozenset[int]] = []
    exact = near = 0
    for record in records:
        if record.id in ids:
            exact += 1
            continue
        ids.add(record.id)
        shingles = shingles_of(record.text)
        keys = [(at, _about(record), band) for at, band in enumerate(_banded(shingles))]
        others = {place for key in keys for place in bands.get(key, ())}
        if any(similarity(shingles, sets[place]) >= threshold for place in sorted(others)):
            near += 1
            continue
        for key in keys:
            bands.setdefault(key, []).append(len(kept))
        kept.append(record)
        sets.append(shingles)
    return kept, Doubles(exact, near)


def _about(record: Record) -> str:
    """What two records must have in common to be near; the values of a call are part of it."""
    said = f"{record.kind} {record.group if record.function else ''} {sorted(record.missing)}"
    return f"{said} {sorted(map(str, record.arguments.values()))}"


def tokens_of(text: str) -> list[str]:
    """Words and Chinese characters, folded; punctuation is none.

    >>> tokens_of("寄 3kg, Please!")
    ['寄', '3kg', 'please']
    """
    found: list[str] = []
    word = ""
    for c in lower(fold(text)):
        if "\u3400" <= c <= "\u9fff":
            if word:
                found.append(word)
                word = ""
            found.append(c)
        elif c.isalnum():
            word += c
        elif word:
            found.append(word)
            word = ""
    return [*found, word] if word else found


def grams(tokens: Sequence[str], size: int) -> Iterator[str]:
    """Every run of so many tokens; the whole where there are fewer."""
    if len(tokens) <= size:
        yield " ".join(tokens)
        return
    for at in range(len(tokens) - size + 1):
        yield " ".join(tokens[at : at + size])


def shingles_of(text: str) -> frozenset[int]:
    """The hashes of a text's shingles."""
    return frozenset(_hash(one) for one in grams(tokens_of(text), _SHINGLE))


def similarity(one: frozenset[int], other: frozenset[int]) -> float:
    """Jaccard's: what is common, of all.

    >>> similarity(frozenset([1, 2]), frozenset([2, 3]))
    0.3333333333333333
    """
    both = len(one & other)
    return both / (len(one) + len(other) - both) if one or other else 1.0


def _banded(shingles: frozenset[int]) -> list[tuple[int, ...]]:
    """The signature in bands: of each bin the least hash; an empty bin takes the next one's."""
    bins: list[int | None] = [None] * _BINS
    for value in shingles:
        at, rest = value % _BINS, value // _BINS
        known = bins[at]
        if known is None or rest < known:
            bins[at] = rest
    full = [
        next(one for step in range(_BINS) if (one := bins[(at + step) % _BINS]) is not None)
        for at in range(_BINS)
    ]
    rows = _BINS // _BANDS
    return [tuple(full[at * rows : (at + 1) * rows]) for at in range(_BANDS)]


def _hash(said: str) -> int:
    return int.from_bytes(hashlib.blake2b(said.encode(), digest_size=8).digest(), "big")


__all__ = ["Doubles", "grams", "shingles_of", "similarity", "tokens_of", "without_doubles"]
