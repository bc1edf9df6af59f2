"""Answers behind prompts, in rounds: batches whose prompts begin alike, and tokens counted.

`corpus.py` makes batches of examples; here examples are put together by the beginning that their
prompts share (`beginnings.py`), so that a batch needs one beginning only.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from ..errors import InputInvalid
from .beginnings import shared
from .corpus import Answers, Example, example_of
from .record import Record
from .rendering import Rendered
from .trainer import Batch

Kind = TypeVar("Kind", bound=Example)


@dataclass(frozen=True)
class Said(Example):
    """An example, and the record that it says."""

    record: Record | None = None


class Rounds:
    """A `Source` over kinds of prompts, every batch of one kind; each round has all of them."""

    def __init__(self, kinds: Sequence[Sequence[Example]], *, rows: int, seed: int = 0) -> None:
        """Raises `InputInvalid` where there are no examples."""
        some = [kind for kind in kinds if kind]
        # An empty source says itself what is wrong.
        self._sources = [Answers(kind, rows=rows, seed=seed) for kind in some or [[]]]
        self.beginnings = [shared([one.prompt for one in kind]) for kind in some]
        self._seed = seed
        self._order = lru_cache(maxsize=4)(self._ordered)
        self.batches = sum(source.batches for source in self._sources)

    @property
    def fingerprint(self) -> str:
        said = "\0".join(source.fingerprint for source in self._sources)
        return f"rounds:{hashlib.sha256(said.encode()).hexdigest()}:{self._seed}"

    def batch(self, step: int) -> Batch:
        kind, place = self._place(step)
        return self._sources[kind].batch(place)

    def trained(self, step: int) -> int:
        """Tokens of a step that gradients flow through: its rows without their shared beginning."""
        kind, place = self._place(step)
        batch = self._sources[kind].batch(place)
        return int(batch.lengths.sum()) - len(self.beginnings[kind]) * len(batch.lengths)

    def steps_for(self, tokens: int) -> int:
        """How many steps take at most so many tokens; at least one."""
        steps, left = 0, tokens - self.trained(0)
        while left >= 0:
            steps += 1
            left -= self.trained(steps)
        return max(1, steps)

    def _place(self, step: int) -> tuple[int, int]:
        """Which kind's batch a step has, and its number there."""
        number, place = divmod(step, self.batches)
        kind, at = self._order(number)[place]
        return kind, number * self._sources[kind].batches + at

    def _ordered(self, number: int) -> list[tuple[int, int]]:
        places = [
            (kind, at) for kind, source in enumerate(self._sources) for at in range(source.batches)
        ]
        random.Random(f"{self._seed}:{number}").shuffle(places)  # noqa: S311 - the order of data
        return places


def kinds_of(
    rendered: Sequence[tuple[Record, Rendered]], tokenizer: Any, *, chatml: bool, longest: int = 0
) -> list[list[Said]]:
    """Examples by the instructions that stand before their texts.

    What has more than `longest` tokens without them (0: any) is left out: a prompt that is cut
    short is another one than is served.
    """
    kinds: dict[object, list[Said]] = {}
    for record, one in rendered:
        example = example_of(tokenizer, one, chatml=chatml)
        said = Said(example.prompt, example.answer, record)
        kinds.setdefault(one.prompt.messages[:-1], []).append(said)
    found: list[list[Said]] = []
    for kind in kinds.values():
        beginning = len(shared([one.prompt for one in kind]))
        found.append(
            [
                one
                for one in kind
                if not longest or len(one.prompt) + len(one.answer) - beginning <= longest
            ]
        )
    return [kind for kind in found if kind]


def tokens_of(kinds: Sequence[Sequence[Example]]) -> int:
    """Tokens of all examples without their shared beginnings."""
    total = 0
    for kind in kinds:
        beginning = len(shared([one.prompt for one in kind]))
        total += sum(len(one.prompt) + len(one.answer) - beginning for one in kind)
    return total


def cut_to(kinds: Sequence[Sequence[Kind]], tokens: int) -> list[list[Kind]]:
    """As many examples of each kind, from the first on, as fit into so many tokens in all.

    Raises `InputInvalid` where not one fits.
    """
    whole = tokens_of(kinds)
    if whole <= tokens:
        return [list(kind) for kind in kinds]
    share = tokens / whole
    found = [list(kind[: int(len(kind) * share)]) for kind in kinds]
    if not any(found):
        raise InputInvalid(
            {
                "en": f"Not one example fits into {tokens} tokens.",
                "zh": f"{tokens} 个 token 放不下一个样本。",
            },
            hint={"en": "Give more: --tokens", "zh": "请调大 --tokens。"},
        )
    return [kind for kind in found if kind]


__all__ = ["Rounds", "Said", "cut_to", "kinds_of", "tokens_of"]
