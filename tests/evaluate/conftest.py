"""A small suite of texts, and a pipeline that answers what it is told."""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from funcsmith.contract import Outcome, Request
from funcsmith.evaluate import machine
from funcsmith.library import Library
from funcsmith.settings import Settings

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

ROWS: dict[str, list[dict[str, Any]]] = {
    "function": [
        {"id": "f-1", "language": "zh", "level": "easy", "text": "三加四", "expected": 7},
        {"id": "f-2", "language": "en", "level": "hard", "text": "Half of 3", "expected": 1.5},
        {
            "id": "f-3",
            "language": "en",
            "level": "easy",
            "text": "Write a function that doubles a number",
            "checks": [{"args": [2], "expected": 4}, {"args": [0], "expected": 0}],
        },
    ],
    "parameters": [
        {
            "id": "p-1",
            "language": "en",
            "text": "Order two teas",
            "function": "order",
            "arguments": {"drink": "tea", "count": 2},
            "accept": {"drink": ["teas"]},
            "expected": "2 x tea, hot",
        }
    ],
    "missing": [
        {
            "id": "m-1",
            "language": "en",
            "text": "Order two of them",
            "function": "order",
            "missing": ["drink"],
            "present": {"count": 2},
        },
        {
            "id": "m-2",
            "language": "zh",
            "text": "火车几点到？",
            "function": None,
            "missing": [["departure", "出发"]],
            "present": {},
        },
    ],
    "none": [{"id": "n-1", "language": "zh", "text": "你好"}],
}

ORDER = '''def order(drink: str, count: int, hot: bool = True) -> str:
    """Order drinks.

    drink: what to drink
    count: how many
    hot: whether hot
    """
    return f"{count} x {drink}, {'hot' if hot else 'cold'}"
'''

ANSWERS: dict[str, dict[str, Any]] = {
    "f-1": {
        "kind": "function",
        "function": {"name": "add", "verdict": "agreed", "source": "def add(): return 7"},
        "calls": [{"function": "add"}],
        "result": {"status": "ok", "value": 7},
        "tokens": {"prompt": 100, "generated": 20},
        "cost": {"model_calls": 1},
    },
    "f-2": {
        "kind": "function",
        "function": {"name": "half", "verdict": "runs", "source": "def half(): return 1"},
        "calls": [{"function": "half"}],
        "result": {"status": "ok", "value": 1},
        "tokens": {"prompt": 100, "generated": 40},
        "cost": {"model_calls": 3},
    },
    "f-3": {
        "kind": "function",
        "function": {
            "name": "double",
            "verdict": "agreed",
            "source": "def double(x: float) -> float:\n    return 2 * x\n",
        },
        "calls": [{"function": "double", "arguments": {"x": 5}}],
        "result": {"status": "ok", "value": 10},
    },
    "p-1": {
        "kind": "parameters",
        "function": {"name": "order", "origin": "library", "verdict": "unverified"},
        "calls": [{"function": "order", "arguments": {"drink": "Teas", "count": 2.0}}],
        "result": {"status": "ok", "value": "2 x tea, hot"},
    },
    "m-1": {"kind": "ask", "missing": ["drink"], "question": "Which drink?"},
    "m-2": {"kind": "ask", "missing": ["start"], "question": "几点出发？"},
    "n-1": {"kind": "none"},
}


class Fake:
    """A pipeline that gives the answers above; `stop_after` breaks off like Ctrl-C."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.asked: list[str] = []
        self.closed = False
        self.warmed = False
        self.stop_after = stop_after
        self.names: list[str] = []
        self.settings: Settings | None = None

    def open(self, settings: Settings, library: Library) -> Fake:
        self.settings = settings
        self.names = [saved.name for saved in library.list()]
        return self

    def warm(self) -> None:
        self.warmed = True

    def run(self, request: Request) -> Outcome:
        if len(self.asked) == self.stop_after:
            raise KeyboardInterrupt
        assert request.id is not None
        self.asked.append(request.id)
        return Outcome.model_validate({"id": request.id, **ANSWERS[request.id]})

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small suite, in a place of its own, with a home that is not the user's."""
    monkeypatch.setenv("FUNCSMITH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FUNCSMITH_TEXTS", raising=False)
    monkeypatch.setenv("FUNCSMITH_MODEL", "small")
    # Whoever edits the package while the tests run must not change what they say.
    code = {"commit": None, "dirty": None, "sha256": "0" * 64}
    monkeypatch.setattr(machine, "code", lambda: code)
    texts = tmp_path / "benchmarks" / "texts"
    (texts / "library").mkdir(parents=True)
    (texts / "library" / "order.py").write_text(ORDER, "utf-8")
    for group, rows in ROWS.items():
        lines = [json.dumps({"group": group, **row}, ensure_ascii=False) for row in rows]
        (texts / f"{group}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return texts


@pytest.fixture(scope="session")
def script() -> Callable[[str], ModuleType]:
    """A script of benchmarks/ as a module."""

    def loaded(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCHMARKS / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        # Dataclasses look their own module up by name.
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        return module

    return loaded


TRIPLE = '''def triple(n: int) -> int:
    """ Three times the number.
    >>> triple(2)
    6
    """
'''
JOIN = '''from typing import List

SEPARATOR = "-"


def joined(words: List[str]) -> str:
    """ All the words, with the separator between them. """
'''
TRIPLE_TEST = """
def check(candidate):
    assert candidate(2) == 6
    assert candidate(-1) == -3, "below zero"
"""
JOIN_TEST = """
def check(candidate):
    assert candidate(["a", "b"]) == "a" + SEPARATOR + "b"
    assert candidate([]) == ""
"""


def _humaneval(prefix: str) -> list[dict[str, Any]]:
    return [
        {
            "task_id": f"{prefix}/0",
            "prompt": TRIPLE,
            "entry_point": "triple",
            "canonical_solution": "    return 3 * n\n",
            "test": TRIPLE_TEST,
        },
        {
            "task_id": f"{prefix}/1",
            "prompt": JOIN,
            "entry_point": "joined",
            "canonical_solution": "    return SEPARATOR.join(words)\n",
            "test": JOIN_TEST,
        },
    ]


def write_lines(path: Path, rows: list[dict[str, Any]], *, packed: bool = False) -> None:
    """JSON Lines, as gzip where the suite is published so."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(content) if packed else content)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Suites of functions in the published forms, made up; results go into a temporary checkout."""
    monkeypatch.setenv("FUNCSMITH_MODEL", "small")
    monkeypatch.setattr(machine, "code", lambda: {"commit": "c0", "dirty": False, "sha256": "0"})
    monkeypatch.setattr(machine, "checkout", lambda: tmp_path / "checkout")
    for name in ("XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE"):
        monkeypatch.setenv(name, str(tmp_path / "caches"))
    monkeypatch.delenv("HUMANEVAL_OVERRIDE_PATH", raising=False)
    folder = tmp_path / "data"
    monkeypatch.setenv("FUNCSMITH_DATA", str(folder))
    write_lines(folder / "humaneval" / "HumanEval.jsonl.gz", _humaneval("Made"), packed=True)
    plus = [
        {**row, "base_input": base, "plus_input": more, "atol": 0}
        for row, base, more in zip(
            _humaneval("Made"),
            ([[2], [-1]], [[["a", "b"]], [[]]]),
            ([[0], [10**30]], [[["", ""]]]),
            strict=True,
        )
    ]
    write_lines(folder / "humaneval" / "HumanEvalPlus.jsonl.gz", plus, packed=True)
    mbpp = [
        {
            "task_id": number,
            "prompt": f"Write a function to add {number} to a number.",
            "code": f"def helper(x):\n  return x\ndef add_it(x):\n  return helper(x) + {number}",
            "test_imports": ["import math"],
            "test_list": [f"assert add_it(1) == {number + 1}", "assert add_it(math.inf) > 0"],
        }
        for number in (10, 11, 12, 510, 511)
    ]
    write_lines(folder / "mbpp" / "sanitized-mbpp.jsonl", mbpp)
    train = [
        {
            "task_id": number,
            "text": f"Write a function to add {number} to a number. ",
            "code": f"def add_it(x):\n\treturn x + {number}",
            "test_setup_code": "",
            "test_list": [f"assert add_it(1) == {number + 1}", f"assert add_it(0) == {number}"],
        }
        for number in (601, 602, 603)
    ]
    write_lines(folder / "mbpp" / "mbpp_train_clean.jsonl", train)
    for name, said in (("Chinese", "该数的三倍。"), ("English", "Three times the number.")):
        rows = [
            {**row, "prompt": row["prompt"].replace("Three times the number.", said)}
            for row in _humaneval("python")
        ]
        write_lines(folder / "humaneval_xl" / f"python_{name}.jsonl", rows)
    return folder
