"""Rows of evaluation sets kept out of training: by a shared run of words, or the same text.

The sets are read only to be compared with. What is taken out is counted per set, and the finished
data are looked through again: their report must show none.
"""

from __future__ import annotations

import ast
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import InputInvalid
from ..evaluate import machine
from .deduplication import grams, tokens_of
from .record import Record

GRAM = 10
"""Words of a run that two texts do not share by chance."""
_SHORTEST = 4
"""Tokens under which an equal text («你好») is no sign of anything."""
_TEST_IDS = range(1, 601)
"""MBPP's prompt, test and validation rows; of the others only the clean ones are offered at all."""

FILES = (
    "humaneval/HumanEval*.jsonl*",
    "humaneval_xl/python_*.jsonl*",
    "mbpp/mbpp.jsonl*",
    "mbpp/sanitized-mbpp.json*",
    "bfcl_v4/*.jsonl*",
    "tool_eval/*.jsonl*",
    "toolalpaca/*.json*",
    "routing/clinc150_small.json*",
    "train/glaive_toolcall_zh.jsonl*",
)
_OURS = ("benchmarks/texts", "benchmarks/data", "benchmarks/development", "benchmarks/reuse")


@dataclass
class Sets:
    """What is held against: runs of words, whole texts and code, and the set that each is of."""

    grams: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    code: dict[str, str] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    """How many texts of each set were read."""

    def add(self, name: str, text: str) -> None:
        """One evaluation text."""
        tokens = tokens_of(text)
        if len(tokens) < _SHORTEST:
            return
        self.rows[name] += 1
        self.texts.setdefault(" ".join(tokens), name)
        if len(tokens) >= GRAM:
            for gram in grams(tokens, GRAM):
                self.grams.setdefault(gram, name)

    def add_code(self, name: str, source: str) -> None:
        """One solution; equal but for names of nothing and layout."""
        key = _code(source)
        if key:
            self.code.setdefault(key, name)

    def of(self, record: Record) -> str | None:
        """The set that a record shares something with; None where none."""
        for said in (record.text, _docstring(record.source)):
            tokens = tokens_of(said)
            if len(tokens) < _SHORTEST:
                continue
            whole = self.texts.get(" ".join(tokens))
            if whole is not None:
                return whole
            if len(tokens) >= GRAM:
                for gram in grams(tokens, GRAM):
                    if gram in self.grams:
                        return self.grams[gram]
        return self.code.get(_code(record.source)) if record.source else None


def evaluation_sets(data: Path | None) -> Sets:
    """Every evaluation set of the data folder, and of the checkout if there is one.

    Raises `InputInvalid` where a file is there that cannot be read.
    """
    sets = Sets()
    for pattern in FILES if data is not None else ():
        assert data is not None
        for path in sorted(data.glob(pattern)):
            name = path.relative_to(data).as_posix().partition(".")[0]
            for row in _rows(path):
                _add(sets, name, row)
    root = machine.checkout()
    for folder in _OURS if root is not None else ():
        assert root is not None
        for path in sorted((root / folder).glob("*.jsonl")):
            for row in _rows(path):
                sets.add(folder, str(row.get("text") or ""))
        for path in sorted([*(root / folder).glob("*.tsv"), *(root / folder).glob("*.txt")]):
            for line in path.read_text("utf-8").split("\n"):
                for cell in line.split("\t"):
                    sets.add(folder, cell)
    return sets


def decontaminated(records: Iterable[Record], sets: Sets) -> tuple[list[Record], Counter[str]]:
    """The records that share nothing with a set, and how many others there were of each."""
    kept: list[Record] = []
    out: Counter[str] = Counter()
    for record in records:
        name = sets.of(record)
        if name is None:
            kept.append(record)
        else:
            out[name] += 1
    return kept, out


def report(records: Iterable[Record], sets: Sets) -> dict[str, Any]:
    """Rows of finished data that each set shares something with; all must be 0."""
    _, found = decontaminated(records, sets)
    return {
        "rows": sum(found.values()),
        "sets": {
            name: {"texts": count, "rows": found[name]} for name, count in sorted(sets.rows.items())
        },
    }


def _rows(path: Path) -> list[Any]:
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        text = content.decode("utf-8")
        if ".jsonl" in path.name:
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        whole = json.loads(text)
    except (OSError, EOFError, ValueError) as error:
        raise InputInvalid(
            {
                "en": f"The evaluation set {path} cannot be read: {error}.",
                "zh": f"无法读取评测集 {path}：{error}。",
            },
            hint={
                "en": "Without it nothing says that the data hold none of it.",
                "zh": "读不到评测集，就无法确认训练数据里没有它。",
            },
        ) from error
    if isinstance(whole, dict):
        return [{"text": one[0]} for part in ("test", "oos_test") for one in whole.get(part) or ()]
    return list(whole)


def _add(sets: Sets, name: str, row: Mapping[str, Any]) -> None:
    if name == "mbpp/mbpp" and int(row.get("task_id", 0)) not in _TEST_IDS:
        return
    for text in _texts(row):
        sets.add(name, text)
    for key in ("code", "canonical_solution"):
        if row.get(key):
            sets.add_code(name, f"{row['prompt'] if key == 'canonical_solution' else ''}{row[key]}")


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    """What is asked in a row, whatever the set calls it."""
    for key in ("text", "prompt", "query", "question", "Instructions", "instruction"):
        yield from _said(row.get(key))
    turns = row.get("conversations") or ()
    yield from (turn["value"] for turn in turns if turn.get("from") == "human")


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield _docstring(value) or value
    elif isinstance(value, list):
        for one in value:
            yield from _said(one)
    elif isinstance(value, dict) and value.get("role") in ("user", None):
        yield from _said(value.get("content") or value.get("text"))


def _docstring(source: str | None) -> str:
    """The docstring of the last function of a source, a header alone included; "" for no Python."""
    if not source or "def " not in source:
        return ""
    for said in (source, f"{source.rstrip()}\n    pass\n"):
        try:
            tree = ast.parse(said)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found = [ast.get_docstring(one) for one in tree.body if isinstance(one, ast.FunctionDef)]
        return next((one for one in reversed(found) if one), "")
    return ""


def _code(source: str | None) -> str:
    """Code as it is compared: without docstrings, names of functions and layout."""
    try:
        tree = ast.parse(source or "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            if ast.get_docstring(node) and len(node.body) > 1:
                node.body = node.body[1:]
            node.name = "f"
    try:
        return ast.dump(tree)
    except RecursionError:
        return ""


__all__ = ["FILES", "GRAM", "Sets", "decontaminated", "evaluation_sets", "report"]
