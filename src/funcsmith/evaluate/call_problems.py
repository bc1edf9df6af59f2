"""The public suites of calls to make: texts with functions to choose from, and the calls expected.

What is expected has one form for all, that of BFCL: the calls in order, each a function's name and
for each argument the values that are right, "" among them where it may be left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Literal

from ..language import language_of
from ..readers import read
from .files import DataFile, Source, drawn, read_files

Expected = Mapping[str, Mapping[str, Sequence[Any]]]
"""One call: {function: {argument: values that are right}}."""


@dataclass(frozen=True)
class CallProblem:
    """One text, the functions given with it, and the calls that it asks for; () asks for none."""

    id: str
    part: str
    language: Literal["zh", "en"]
    text: str
    functions: tuple[Mapping[str, Any], ...]
    expected: tuple[Expected, ...]
    now: str | None = None
    """The day that the text's own instructions say it is, as ISO."""


@dataclass(frozen=True)
class Figure:
    """A figure of a suite: its parts, and how they come together."""

    parts: tuple[str, ...]
    equal: bool = False
    """Whether each part counts the same, however many problems it has."""


_NON_LIVE = ("simple_python", "multiple", "parallel", "parallel_multiple")
_LIVE = ("live_simple", "live_multiple", "live_parallel", "live_parallel_multiple")
FIGURES: dict[str, dict[str, Figure]] = {
    "bfcl": {
        "non_live_ast": Figure(_NON_LIVE, equal=True),
        "live_ast": Figure(_LIVE),
        "irrelevance": Figure(("irrelevance",)),
        "live_irrelevance": Figure(("live_irrelevance",)),
        "live_relevance": Figure(("live_relevance",)),
    },
    "toolalpaca": {"toolalpaca": Figure(("toolalpaca",))},
    "apibank": {"apibank_l1": Figure(("apibank_l1",)), "apibank_l2": Figure(("apibank_l2",))},
    "glaive_zh": {"glaive_zh": Figure(("glaive_zh",))},
}
SUITES = tuple(FIGURES)


def read_suite(suite: str) -> Source[CallProblem]:
    """The problems of a suite, in the order of its files; a row that is there twice counts twice."""
    source = read_files(suite, _FILES[suite])
    seen: Counter[str] = Counter()
    problems: list[CallProblem] = []
    for problem in source.problems:
        seen[problem.id] += 1
        again = seen[problem.id]
        problems.append(replace(problem, id=f"{problem.id}-{again}") if again > 1 else problem)
    return Source(tuple(problems), source.files)


def sample(
    suite: str, problems: Sequence[CallProblem], limit: int | None, seed: int
) -> list[CallProblem]:
    """For each figure of the suite `limit` problems, drawn by the seed, in their order."""
    if limit is None:
        return list(problems)
    chosen: set[str] = set()
    for figure in FIGURES[suite].values():
        groups = [(part,) for part in figure.parts] if figure.equal else [figure.parts]
        for at, parts in enumerate(groups):
            # What does not divide goes to the first parts.
            share = limit // len(groups) + (at < limit % len(groups))
            chosen |= drawn((p.id for p in problems if p.part in parts), share, seed)
    return [problem for problem in problems if problem.id in chosen]


def _bfcl(part: str) -> Callable[[Mapping[str, Any]], Iterator[CallProblem]]:
    def read_row(row: Mapping[str, Any]) -> Iterator[CallProblem]:
        said = row["question"][0]
        text = "\n".join(one["content"] for one in said if one["role"] == "user")
        told = " ".join(one["content"] for one in said if one["role"] == "system")
        yield CallProblem(
            id=row["id"],
            part=part,
            language=language_of(text),
            text=text,
            functions=tuple(row["function"]),
            expected=tuple(row["ground_truth"] or ()),
            now=_day(told),
        )

    return read_row


def _day(told: str) -> str | None:
    """The only day that instructions state, such as the current date; not one told from today."""
    found = [
        {value.value for value in read(told, now=now) if value.kind == "date"}
        for now in (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (1990, 2090))
    ]
    days = set.intersection(*found)
    return str(days.pop()) if len(days) == 1 else None


def _flat(part: str) -> Callable[[Mapping[str, Any]], Iterator[CallProblem]]:
    """Rows of {query, tools, answers}, whose parameters stand without a schema around them."""

    def read_row(row: Mapping[str, Any]) -> Iterator[CallProblem]:
        functions = tuple(
            {
                "name": tool["name"],
                "description": tool.get("description", ""),
                "parameters": _schema(tool.get("parameters") or {}),
            }
            for tool in row["tools"]
        )
        text = _said(row["query"])
        yield CallProblem(
            id=_number(part, row),
            part=part,
            language=language_of(text),
            text=text,
            functions=functions,
            expected=tuple(_only(one["name"], one["arguments"]) for one in row["answers"]),
        )

    return read_row


def _number(part: str, row: Mapping[str, Any]) -> str:
    """A name for a row that has none."""
    said = json.dumps([row["query"], row["answers"]], ensure_ascii=False)
    return f"{part}_{hashlib.sha256(said.encode()).hexdigest()[:10]}"


def _schema(flat: Mapping[str, Any]) -> dict[str, Any]:
    stated = [name for name, one in flat.items() if "required" in one]
    properties = {
        name: {key: value for key, value in one.items() if key != "required"}
        for name, one in flat.items()
    }
    # Where a set never says which are required, its calls have them all.
    required = [name for name in flat if flat[name].get("required")] if stated else list(flat)
    return {"type": "object", "properties": properties, "required": required}


_COMMAND = re.compile(r"\s*Generate API Request:\s*$")


def _said(query: Any) -> str:
    """A conversation as one text: what was said and what tools gave, without the calls."""
    if isinstance(query, str):
        return query
    turns = [one["content"] for one in query if one["role"] != "assistant"]
    return _COMMAND.sub("", "\n".join(_COMMAND.sub("", turn) for turn in turns)).strip()


def _only(name: str, arguments: Mapping[str, Any]) -> Expected:
    return {name: {key: [value] for key, value in arguments.items()}}


def _glaive(row: Mapping[str, Any]) -> Iterator[CallProblem]:
    """A problem for each call of a conversation: what the user said since the call before it."""
    functions = tuple(json.loads(row["tools"])) if row.get("tools") else ()
    said: list[str] = []
    turns = row["conversations"]
    for before, turn in zip([None, *turns], turns, strict=False):
        if turn["from"] == "human":
            said.append(turn["value"])
        elif turn["from"] == "function_call" and before and before["from"] == "human":
            call = json.loads(turn["value"])
            expected = (_only(call["name"], call["arguments"] or {}),)
            text = "\n".join(said)
            number = _number("glaive_zh", {"query": text, "answers": call})
            yield CallProblem(number, "glaive_zh", language_of(text), text, functions, expected)
            said = []


_BFCL = "https://pypi.org/project/bfcl-eval (bfcl_eval/data/BFCL_v4_{part}.json + possible_answer)"
_FILES: dict[str, tuple[DataFile[CallProblem], ...]] = {
    "bfcl": tuple(
        DataFile((f"bfcl_v4/{part}.jsonl.gz",), _BFCL.format(part=part), _bfcl(part))
        for figure in FIGURES["bfcl"].values()
        for part in figure.parts
    ),
    "toolalpaca": (
        DataFile(
            ("tool_eval/toolalpaca.jsonl.gz",),
            "https://github.com/MadeAgents/Hammer (data/test/original/toolalpaca.json)",
            _flat("toolalpaca"),
        ),
    ),
    "apibank": tuple(
        DataFile(
            (f"tool_eval/{part}.jsonl.gz",),
            f"https://github.com/MadeAgents/Hammer (data/test/original/{part}.json)",
            _flat(part),
        )
        for part in ("apibank_l1", "apibank_l2")
    ),
    "glaive_zh": (
        DataFile(
            ("train/glaive_toolcall_zh.jsonl.gz",),
            "https://github.com/hiyouga/LLaMA-Factory (data/glaive_toolcall_zh_demo.json)",
            _glaive,
        ),
    ),
}
