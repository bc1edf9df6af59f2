"""What is trained on, as batches: texts in a row for pretraining, answers behind prompts for tasks.

Both are sources as `trainer.py` wants them: every batch follows from its number, whoever asks.
Texts come from records, from files of the user's own, and from the Python that runs: functions of
its standard library that have a docstring. Where no licence or no hub is at hand, that is what a
machine has.
"""

from __future__ import annotations

import ast
import hashlib
import json
import random
import sysconfig
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from ..errors import InputInvalid
from ..models.transformers import conversation_text
from ..syntax import parse
from .decontamination import GRAM, Sets
from .deduplication import grams, tokens_of
from .record import Record
from .rendering import Rendered, Way, render
from .tokenizer import END
from .trainer import Batch

_LEAST_CHARACTERS, _MOST_CHARACTERS = 80, 6_000
_TEXT_FILES = (".py", ".txt", ".md", ".rst")
_SORTED_BATCHES = 16
"""Answers of alike length are put together within so many batches: padding is computed for nothing."""


class Packed:
    """Texts one behind the other, cut into blocks; every token counts."""

    def __init__(self, ids: Sequence[int], *, block: int, rows: int, seed: int = 0) -> None:
        """`ids` of all texts with ends between them; a block foretells `block` tokens."""
        self._ids = torch.tensor(ids if len(ids) > block else [*ids, *[0] * (block + 1)])
        self._block, self._rows, self._seed = block, rows, seed
        self._blocks = max(1, (len(self._ids) - 1) // block)
        self._hash = hashlib.sha256(array("q", ids).tobytes()).hexdigest()

    @property
    def fingerprint(self) -> str:
        return f"packed:{self._hash}:{self._block}:{self._rows}:{self._seed}"

    @property
    def tokens(self) -> int:
        return len(self._ids)

    def batch(self, step: int) -> Batch:
        wanted = [
            _nth(step * self._rows + row, self._blocks, self._seed) for row in range(self._rows)
        ]
        tokens = torch.stack(
            [self._ids[at * self._block : (at + 1) * self._block + 1] for at in wanted]
        )  # (rows, block + 1)
        counted = torch.ones_like(tokens, dtype=torch.bool)
        counted[:, 0] = False
        lengths = torch.full((self._rows,), self._block + 1)
        return Batch(tokens, counted, lengths)


@dataclass(frozen=True)
class Example:
    """A prompt and its answer in tokens; the answer ends with the end of a turn."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]


class Answers:
    """Answers behind their prompts; of a row only the answer counts."""

    def __init__(
        self, examples: Sequence[Example], *, rows: int, seed: int = 0, whole: bool = False
    ) -> None:
        """`whole`: prompts count as well. Raises `InputInvalid` where there are no examples."""
        if not examples:
            raise InputInvalid(
                {"en": "There is no example to train on.", "zh": "没有可训练的样本。"},
                hint={
                    "en": "Prepare data first: funcsmith data prepare",
                    "zh": "请先准备数据：funcsmith data prepare",
                },
            )
        self._examples, self._rows = examples, min(rows, len(examples))
        self._seed, self._whole = seed, whole
        self._order = lru_cache(maxsize=2)(self._ordered)
        said = json.dumps([[one.prompt, one.answer] for one in examples])
        self._hash = hashlib.sha256(said.encode()).hexdigest()

    @property
    def fingerprint(self) -> str:
        return f"answers:{self._hash}:{self._rows}:{self._seed}:{self._whole}"

    @property
    def batches(self) -> int:
        """Batches of one round over all examples; a last one that is not full is left out."""
        return max(1, len(self._examples) // self._rows)

    @property
    def tokens(self) -> int:
        """Tokens of one round."""
        return sum(len(one.prompt) + len(one.answer) for one in self._examples)

    def batch(self, step: int) -> Batch:
        rounds, place = divmod(step, self.batches)
        chosen = [self._examples[at] for at in self._order(rounds)[place]]
        lengths = torch.tensor([len(one.prompt) + len(one.answer) for one in chosen])
        tokens = torch.zeros(len(chosen), int(lengths.max()), dtype=torch.int64)
        counted = torch.zeros_like(tokens, dtype=torch.bool)
        for row, one in enumerate(chosen):
            end = len(one.prompt) + len(one.answer)
            tokens[row, :end] = torch.tensor([*one.prompt, *one.answer])
            counted[row, 1 if self._whole else len(one.prompt) : end] = True
        counted[:, 0] = False
        return Batch(tokens, counted, lengths)

    def _ordered(self, rounds: int) -> list[list[int]]:
        """The batches of a round: shuffled, then those of alike length together."""
        shuffled = list(range(len(self._examples)))
        order = random.Random(f"{self._seed}:{rounds}")  # noqa: S311 - the order of data
        order.shuffle(shuffled)
        batches: list[list[int]] = []
        window = self._rows * _SORTED_BATCHES
        for start in range(0, self.batches * self._rows, window):
            some = shuffled[start : min(start + window, self.batches * self._rows)]
            some.sort(key=self._length)
            batches += [some[at : at + self._rows] for at in range(0, len(some), self._rows)]
        order.shuffle(batches)
        return batches

    def _length(self, at: int) -> int:
        return len(self._examples[at].prompt) + len(self._examples[at].answer)


def example_of(tokenizer: Any, rendered: Rendered, *, chatml: bool = False) -> Example:
    """A rendered record in tokens, split where serving splits: the prompt by itself, as it is asked."""
    asked = conversation_text(tokenizer, rendered.prompt, chatml=chatml)
    end = tokenizer.eos_token_id
    answer = _ids(tokenizer, rendered.answer)
    return Example(tuple(_ids(tokenizer, asked)), (*answer, *(() if end is None else (int(end),))))


def examples_of_records(
    tokenizer: Any,
    records: Iterable[Record],
    *,
    ways: Sequence[Way],
    context_tokens: int,
    chatml: bool = False,
) -> tuple[list[Example], dict[str, int]]:
    """The examples of records in each way, and how many were left out for which reason."""
    found: list[Example] = []
    left_out = {"too long": 0, "not sayable": 0}
    for record in records:
        for way in ways:
            try:
                rendered = render(record, way=way)
            except InputInvalid:
                left_out["not sayable"] += 1
                continue
            one = example_of(tokenizer, rendered, chatml=chatml)
            if len(one.prompt) + len(one.answer) > context_tokens:
                left_out["too long"] += 1
                continue
            found.append(one)
    return found, left_out


def texts_of_records(records: Iterable[Record]) -> Iterator[str]:
    """What records say, in plain texts: the request, its functions, their values, its code."""
    for record in records:
        parts = [record.text]
        for tool in record.tools:
            shape = json.dumps(tool.parameters.get("properties") or {}, ensure_ascii=False)
            parts.append(f"{tool.name}: {tool.description}\n{shape}")
        if record.arguments:
            parts.append(json.dumps(record.arguments, ensure_ascii=False))
        if record.source:
            parts.append(record.source)
        yield "\n\n".join(part for part in parts if part)


def texts_of_conversations(
    tokenizer: Any, records: Iterable[Record], ways: Sequence[Way]
) -> Iterator[str]:
    """Whole conversations as texts, so that pretraining has seen their form."""
    for record in records:
        for way in ways:
            try:
                rendered = render(record, way=way)
            except InputInvalid:
                continue
            yield conversation_text(tokenizer, rendered.prompt) + rendered.answer + "<|im_end|>\n"


def standard_library(folder: Path | None = None) -> Iterator[str]:
    """Functions with a docstring of the standard library of this Python (PSF licence), in order."""
    root = folder or Path(sysconfig.get_paths()["stdlib"])
    seen: set[str] = set()
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if any(part in _NOT_THE_LIBRARY or part.startswith("test") for part in parts):
            continue
        try:
            source = path.read_text("utf-8")
            tree = parse(source)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef) or not ast.get_docstring(node):
                continue
            text = _dedented(ast.get_source_segment(source, node, padded=True) or "")
            if _LEAST_CHARACTERS <= len(text) <= _MOST_CHARACTERS and text not in seen:
                seen.add(text)
                yield text


def texts_of_files(paths: Iterable[Path]) -> Iterator[str]:
    """The user's own texts and code: files, or folders of them. Raises `InputInvalid`."""
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for one in inside:
            if path.is_dir() and (not one.is_file() or one.suffix not in _TEXT_FILES):
                continue
            try:
                yield one.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise InputInvalid(
                    {"en": f"{one} cannot be read: {error}", "zh": f"无法读取 {one}：{error}"},
                    hint={
                        "en": "Give text files in UTF-8, or folders of them.",
                        "zh": "请给出 UTF-8 文本文件或文件夹。",
                    },
                ) from error


def decontaminated_texts(texts: Iterable[str], sets: Sets) -> tuple[list[str], dict[str, int]]:
    """The texts that share no run of words with an evaluation set, and how many did with each."""
    kept: list[str] = []
    out: Counter[str] = Counter()
    for text in texts:
        tokens = tokens_of(text)
        found = sets.texts.get(" ".join(tokens)) or next(
            (sets.grams[gram] for gram in grams(tokens, GRAM) if gram in sets.grams), None
        )
        if found is None:
            kept.append(text)
        else:
            out[found] += 1
    return kept, dict(sorted(out.items()))


def ids_of(tokenizer: Any, texts: Iterable[str]) -> list[int]:
    """The tokens of texts with an end behind each."""
    end = int(tokenizer.convert_tokens_to_ids(END))
    found: list[int] = []
    for text in texts:
        found += _ids(tokenizer, text)
        found.append(end)
    return found


def mixed(kinds: Sequence[tuple[Sequence[str], int]], *, seed: int = 0) -> list[str]:
    """Texts of several kinds in one order, each kind so many times over."""
    every = [text for texts, times in kinds for text in list(texts) * times]
    random.Random(seed).shuffle(every)  # noqa: S311 - the order of data
    return every


_NOT_THE_LIBRARY = (
    "site-packages",
    "dist-packages",
    "idlelib",
    "lib2to3",
    "turtledemo",
    "__pycache__",
)


def _ids(tokenizer: Any, text: str) -> list[int]:
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return [int(n) for n in tokenizer(clean, add_special_tokens=False, verbose=False)["input_ids"]]


def _dedented(text: str) -> str:
    import textwrap

    return textwrap.dedent(text).strip()


@lru_cache(maxsize=4)
def _shuffled(count: int, seed: int, rounds: int) -> list[int]:
    order = list(range(count))
    random.Random(f"{seed}:{rounds}").shuffle(order)  # noqa: S311 - the order of data
    return order


def _nth(number: int, count: int, seed: int) -> int:
    """The block that comes at a place: every round has each once, in an order of its own."""
    rounds, place = divmod(number, count)
    return _shuffled(count, seed, rounds)[place]


__all__ = [
    "Answers",
    "Example",
    "Packed",
    "decontaminated_texts",
    "example_of",
    "examples_of_records",
    "ids_of",
    "mixed",
    "standard_library",
    "texts_of_conversations",
    "texts_of_files",
    "texts_of_records",
]
