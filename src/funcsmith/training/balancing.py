"""Which of the proven records are taken: so many of a function, of a language, of what is refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .record import Record

NEGATIVE = ("ask", "none")


@dataclass(frozen=True)
class Balance:
    """What the data are to be made of."""

    per_group: int = 24
    """The most positive records of a function, in a language."""
    negatives: float = 0.2
    """The share of records that ask or leave alone."""
    chinese: float = 0.36
    """The least share of Chinese records."""
    limit: int | None = None
    """The most records of all."""
    tokens: int | None = None
    """The most tokens of all, prompt and answer, about (see `tokens_of`)."""


def balanced(records: Iterable[Record], balance: Balance) -> list[Record]:
    """The records that are taken, in the order of their ids, which is none.

    Every choice is by id, so that a larger limit has all of a smaller one's but for rounding.
    """
    taken = _of_groups(sorted(records, key=lambda one: one.id), balance.per_group)
    taken = _with_share(taken, balance.chinese)
    taken = _refusing(taken, balance.negatives)
    taken = _with_share(taken, balance.chinese)
    if balance.tokens is not None:
        total = sum(map(tokens_of, taken)) or 1
        most = int(len(taken) * balance.tokens / total)
        balance = Balance(limit=min(most, balance.limit or most))
    if balance.limit is not None and balance.limit < len(taken):
        taken = _part(taken, balance.limit)
    return sorted(taken, key=lambda one: one.id)


def _of_groups(records: Sequence[Record], most: int) -> list[Record]:
    """So many of a group; what was collected comes before what was made."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    kept: list[Record] = []
    for record in sorted(records, key=lambda one: (bool(one.made), one.id)):
        key = (record.group, record.language, record.kind in NEGATIVE)
        if counts[key] < most:
            counts[key] += 1
            kept.append(record)
    return sorted(kept, key=lambda one: one.id)


def _refusing(records: Sequence[Record], share: float) -> list[Record]:
    """Negatives cut down to their share, questions and idle texts of each language alike."""
    positive = [one for one in records if one.kind not in NEGATIVE]
    wanted = round(len(positive) * share / (1 - share)) if share < 1 else len(records)
    strata: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.kind in NEGATIVE:
            strata[record.kind, record.language].append(record)
    return [*positive, *_evenly(list(strata.values()), wanted)]


def _evenly(strata: Sequence[list[Record]], count: int) -> list[Record]:
    """So many in all, the same number of each as far as they go."""
    kept: list[Record] = []
    left = [list(one) for one in sorted(strata, key=len)]
    while left:
        share = max(0, count - len(kept)) // len(left)
        kept += left.pop(0)[:share]
    return kept


def _with_share(records: Sequence[Record], chinese: float) -> list[Record]:
    """English records cut down, kind by kind alike, until Chinese has its share."""
    zh = [one for one in records if one.language == "zh"]
    en = [one for one in records if one.language != "zh"]
    most = int(len(zh) * (1 - chinese) / chinese) if chinese > 0 else len(en)
    return [*zh, *(_part(en, most) if most < len(en) else en)]


def _part(records: Sequence[Record], count: int) -> list[Record]:
    """So many, each kind and language in proportion."""
    strata: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda one: one.id):
        strata[record.kind, record.language].append(record)
    share = count / max(1, len(records))
    kept = [one for some in strata.values() for one in some[: int(len(some) * share)]]
    rest = [one for some in strata.values() for one in some[int(len(some) * share) :]]
    return [*kept, *sorted(rest, key=lambda one: one.id)[: max(0, count - len(kept))]]


def tokens_of(record: Record) -> int:
    """About how many tokens a record is in the direct way: Qwen's, within a tenth or so."""
    from .rendering import render

    rendered = render(record, way="direct")
    said = "".join(message.content for message in rendered.prompt.messages) + rendered.answer
    han = sum("\u3400" <= c <= "\u9fff" for c in said)
    return round(han * 0.65 + (len(said) - han) / 3.6) + 12


__all__ = ["NEGATIVE", "Balance", "balanced", "tokens_of"]
