"""The functions offered with a text: the right one among others, drawn from its own side alone.

So no function of the test side is ever seen in training, not even as one that was not meant.
"""

from __future__ import annotations

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence

from ..contract import Tool
from ..readers.names import words_of
from .record import Record, group_of

SIDES = ("train", "dev", "test")
_MOST = 4
"""Functions beside the right one."""


def side_of(group: str, *, seed: int = 0, dev: float = 0.05, test: float = 0.08) -> str:
    """The side of a group, by its hash: adding data moves no function to another side."""
    digest = hashlib.sha256(f"funcsmith split {seed} {group}".encode()).digest()
    at = int.from_bytes(digest[:8], "big") / 2**64
    return "dev" if at < dev else "test" if at < dev + test else "train"


class Pool:
    """The functions of one side."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        by_name: dict[str, Tool] = {}
        for tool in tools:
            by_name.setdefault(tool.name, tool)
        self.tools: Sequence[Tool] = [by_name[name] for name in sorted(by_name)]
        self._by_word: dict[str, list[Tool]] = defaultdict(list)
        for tool in self.tools:
            for word in words_of(tool.name):
                self._by_word[word].append(tool)

    def offered(self, record: Record) -> Record:
        """The record with others beside its function; one that came with several keeps them.

        Half of the others share a word with the right function, as near ones of a library do.
        """
        tool = record.tool
        if len(record.tools) > 1 or (record.kind not in ("parameters", "ask", "none")):
            return record
        draw = random.Random(f"offered {record.id}")  # noqa: S311 - a sample, not a secret
        if record.kind == "none":
            if record.tools or draw.random() < 0.4 or not self.tools:
                return record
            count = draw.randint(1, _MOST)
            return record.but(tools=draw.sample(self.tools, min(count, len(self.tools))))
        if tool is None:
            return record
        chosen: list[Tool] = []
        near = [one for word in words_of(tool.name) for one in self._by_word.get(word, ())]
        for at in range(draw.randint(0, _MOST)):
            among = near if at % 2 == 0 and near else self.tools
            if not among:
                break
            one = draw.choice(among)
            known = {tool.name, *(other.name for other in chosen)}
            if one.name not in known and group_of(one.name) != record.group:
                chosen.append(one)
        tools = [*chosen, tool]
        draw.shuffle(tools)
        return record.but(tools=tools)


def pools(records: Iterable[Record], *, seed: int = 0) -> dict[str, Pool]:
    """The functions of each side, those of texts that have no call too."""
    found: dict[str, list[Tool]] = {side: [] for side in SIDES}
    for record in records:
        for tool in record.tools:
            found[side_of(group_of(tool.name), seed=seed)].append(tool)
    return {side: Pool(tools) for side, tools in found.items()}


def on_one_side(record: Record, *, seed: int = 0) -> Record:
    """The record without offered functions of other sides; the right one is always of its own."""
    side = side_of(record.group, seed=seed)
    kept = [
        tool
        for tool in record.tools
        if tool.name == record.function or side_of(group_of(tool.name), seed=seed) == side
    ]
    return record if len(kept) == len(record.tools) else record.but(tools=kept)


__all__ = ["SIDES", "Pool", "on_one_side", "pools", "side_of"]
