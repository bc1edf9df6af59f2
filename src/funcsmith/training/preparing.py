"""Records made into data to train on: proven, multiplied, cleaned, balanced, split by function.

What takes long (running code, reading texts, asking a model) is written down as it is done, so a
run that was killed goes on. All else is computed again from that, always the same way, so the end
is the same however often it was interrupted.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputInvalid
from ..evaluate import machine
from ..evaluate.rows import Rows
from ..settings import settings
from .balancing import NEGATIVE, Balance, balanced
from .card import card_of, write_card
from .collecting import Collected, collect_into
from .decontamination import decontaminated, evaluation_sets, report
from .deduplication import Doubles, without_doubles
from .negatives import with_other_tools, without_a_value
from .offering import SIDES, on_one_side, pools, side_of
from .paraphrasing import answer_of, from_answer
from .phrasing import in_chinese_words
from .proof import Proven, prove
from .record import Record, from_row, read_records, to_row, write_records
from .rewriting import rewritten

if TYPE_CHECKING:
    from ..evaluate.trial import Trial
    from ..models.engine import Engine

WORK = ".work"
"""The folder beside the data where an unfinished run keeps what it has done."""
_AHEAD = 2
"""So many times what a function may have are looked at: some fall away."""
_SAID_OTHERWISE = ("phrasebook", "snips")
"""Sources with Chinese of their own, or names of parameters that say too little."""
_HELD_OUT = 600
"""The most records of dev, and of test."""


@dataclass(frozen=True)
class Plan:
    """What is to be prepared."""

    sources: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    """User files; of records where `collect` wrote them."""
    packages: tuple[str, ...] = ()
    licence: str = "own"
    balance: Balance = field(default_factory=Balance)
    augment: bool = True
    seed: int = 0
    model: str | None = None
    """A model of this machine that says requests in other words."""
    paraphrases: int = 200
    """How many it is asked for."""

    def facts(self) -> dict[str, Any]:
        """What the end depends on, beside the code and the collected records."""
        plain = asdict(self)
        plain["files"] = [str(path) for path in self.files]
        return plain


@dataclass
class Counts:
    """How many records went which way."""

    collected: Collected = field(default_factory=Collected)
    left: Counter[str] = field(default_factory=Counter)
    """Left out after they were collected, by reason."""
    made: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Made records that were kept and refused, by how they were made."""
    contaminated: Counter[str] = field(default_factory=Counter)
    doubles: Doubles = field(default_factory=lambda: Doubles(0, 0))
    balanced_away: int = 0


Told = Callable[[str, int, int], object]
"""Told of each step: its name, how far it is, and of how many."""


def prepare(
    out: Path,
    plan: Plan,
    *,
    trial: Trial | None = None,
    engine: Engine | None = None,
    told: Told = lambda *_: None,
) -> dict[str, Any]:
    """Write train.jsonl, dev.jsonl, test.jsonl, card.json and card.md; the card is returned.

    Raises `InputInvalid` where a source or file cannot be read, or nothing is left.
    """
    counts = Counts()
    out.mkdir(parents=True, exist_ok=True)
    work = out / WORK
    collected = work / "collected.jsonl"
    told("collect", 0, 0)
    counts.collected = collect_into(
        collected,
        sources=plan.sources,
        files=plan.files,
        packages=plan.packages,
        licence=plan.licence,
    )
    facts = {
        "plan": plan.facts(),
        "code": machine.code()["sha256"],
        "collected": hashlib.sha256(collected.read_bytes()).hexdigest(),
    }
    with Rows(work / "rows.jsonl", facts) as rows, contextlib.ExitStack() as stack:
        if trial is None:
            from ..evaluate.trial import Trial as OwnTrial

            trial = OwnTrial()
        bench = _Bench(rows, trial)
        proven = _proven(collected, plan, bench, counts, told)
        made = _made(proven, plan, bench, counts, told) if plan.augment else []
        if plan.model is not None:
            engine = engine or stack.enter_context(_opened(plan.model))
            made += _paraphrased(proven, plan, engine, bench, counts, told)
        kept = _cleaned([*proven, *made], plan, counts, told)
    sides = _sides(kept, plan, counts)
    if not sides["train"]:
        raise InputInvalid(
            {"en": "No record is left to train on.", "zh": "没有留下可用于训练的记录。"},
            hint={
                "en": f"Why: {_most(counts)}.",
                "zh": f"原因：{_most(counts)}。",
            },
        )
    sets = evaluation_sets(settings().data)
    written = [one for side in SIDES for one in sides[side]]
    card = card_of(plan.facts(), counts, sides, report(written, sets))
    for side in SIDES:
        write_records(out / f"{side}.jsonl", sides[side])
    write_card(out, card)
    shutil.rmtree(work)
    told("done", len(written), len(written))
    return card


class _Bench:
    """Proofs and answers, each done once and written down."""

    def __init__(self, rows: Rows, trial: Trial) -> None:
        self._rows = rows
        self._trial = trial

    def prove(self, record: Record) -> Proven:
        known = self._rows.found.get((record.id, "proof"))
        if known is None:
            found = prove(record, trial=self._trial)
            said = to_row(found.record) if found.record is not None else None
            known = {"id": record.id, "path": "proof", "record": said, "reason": found.reason}
            self._rows.add(known)
        said = known["record"]
        if said is None:
            return Proven(None, known["reason"])
        # Equal content may come from two places; each keeps its own name for where.
        own = {"origin": record.origin, "group": record.group, "made": record.made}
        return Proven(from_row({**said, **own}), known["reason"])

    def answer(self, engine: Engine, record: Record) -> str:
        known = self._rows.found.get((record.id, "answer"))
        if known is None:
            known = {"id": record.id, "path": "answer", "said": answer_of(engine, record)}
            self._rows.add(known)
        return str(known["said"])


def _proven(path: Path, plan: Plan, bench: _Bench, counts: Counts, told: Told) -> list[Record]:
    records = list(_enough(list(read_records(path)), plan, counts))
    found: list[Record] = []
    for at, record in enumerate(records):
        told("prove", at, len(records))
        one = bench.prove(record)
        if one.record is not None:
            found.append(one.record)
        if one.reason:
            counts.left[one.reason] += 1
    return found


def _enough(records: Sequence[Record], plan: Plan, counts: Counts) -> Iterator[Record]:
    """Those of each function that may be used, by their ids; what nobody takes need no proof."""
    most = _AHEAD * plan.balance.per_group
    seen: Counter[tuple[str, str, str]] = Counter()
    for record in sorted(records, key=lambda one: one.id):
        key = (record.group, record.language, record.kind)
        seen[key] += 1
        if seen[key] <= most:
            yield record
        else:
            counts.left["more of one function than is taken"] += 1


def _made(
    proven: Sequence[Record], plan: Plan, bench: _Bench, counts: Counts, told: Told
) -> list[Record]:
    """By rule: in Chinese, otherwise written, without a value, with other functions."""
    found: list[Record] = []
    many = len(proven)
    chinese: list[Record] = []
    for at, record in enumerate(proven):
        told("multiply", at, many)
        if record.origin.startswith(_SAID_OTHERWISE):
            continue
        for one in in_chinese_words(record):
            chinese += _kept(one, bench, counts)
    sources = [*proven, *chinese]
    for at, record in enumerate(sources):
        told("rewrite", at, len(sources))
        if _drawn(record, 0.4):
            for one in rewritten(record):
                found += _kept(one, bench, counts)
        if _drawn(record, 0.5):
            for one in list(without_a_value(record))[:1]:
                found += _kept(one, bench, counts)
    offered = pools(proven, seed=plan.seed)
    for record in sources:
        if _drawn(record, 0.5):
            pool = offered[side_of(record.group, seed=plan.seed)]
            other = with_other_tools(record, pool.tools)
            if other is not None:
                counts.made[_first(other.made)]["kept"] += 1
                found.append(other)
    return [*chinese, *found]


def _kept(record: Record, bench: _Bench, counts: Counts) -> list[Record]:
    """A made record where it is proven, with the same kind and values as it was made with."""
    one = bench.prove(record)
    same = one.record is not None and one.record.kind == record.kind
    counts.made[_last(record.made)]["kept" if same else f"refused: {one.reason}"] += 1
    return [one.record] if same and one.record is not None else []


def _paraphrased(
    proven: Sequence[Record],
    plan: Plan,
    engine: Engine,
    bench: _Bench,
    counts: Counts,
    told: Told,
) -> list[Record]:
    calls = [one for one in proven if one.kind == "parameters" and len(one.text) <= 240]
    chosen = sorted(calls, key=lambda one: one.id)[: plan.paraphrases]
    found: list[Record] = []
    for at, record in enumerate(chosen):
        told("paraphrase", at, len(chosen))
        one = from_answer(record, bench.answer(engine, record), plan.model or "")
        if one is None:
            counts.made[f"said by {plan.model}"]["refused: nothing of use"] += 1
        else:
            found += _kept(one, bench, counts)
    return found


def _cleaned(records: Sequence[Record], plan: Plan, counts: Counts, told: Told) -> list[Record]:
    told("clean", 0, 0)
    sided = [on_one_side(one, seed=plan.seed) for one in records]
    ordered = sorted(sided, key=lambda one: (bool(one.made), one.id))
    kept, counts.doubles = without_doubles(ordered)
    kept, counts.contaminated = decontaminated(kept, evaluation_sets(settings().data))
    return kept


def _sides(records: Sequence[Record], plan: Plan, counts: Counts) -> dict[str, list[Record]]:
    """The records of each side, balanced, each with the functions that are offered with it."""
    offered = pools(records, seed=plan.seed)
    sides: dict[str, list[Record]] = {}
    for side in SIDES:
        mine = [one for one in records if side_of(one.group, seed=plan.seed) == side]
        balance = plan.balance
        if side != "train":
            most = min(_HELD_OUT, balance.limit or _HELD_OUT)
            balance = Balance(balance.per_group, balance.negatives, balance.chinese, most)
        taken = balanced(mine, balance)
        counts.balanced_away += len(mine) - len(taken)
        found = {one.id: one for one in map(offered[side].offered, taken)}
        sides[side] = [found[number] for number in sorted(found)]
    return sides


def _drawn(record: Record, share: float) -> bool:
    return int(record.id[:8], 16) / 16**8 < share


def _first(made: str) -> str:
    return made.partition("; ")[0]


def _last(made: str) -> str:
    return made.rpartition("; ")[2]


def _most(counts: Counts) -> str:
    said = [f"{reason} ({count})" for reason, count in counts.left.most_common(3)]
    return ", ".join(said) or "nothing was collected"


@contextlib.contextmanager
def _opened(model: str) -> Iterator[Engine]:
    from ..starting import start

    engine = start(model, settings(), None)
    try:
        yield engine
    finally:
        engine.close()


__all__ = ["NEGATIVE", "Counts", "Plan", "prepare"]
