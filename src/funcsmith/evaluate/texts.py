"""The suite of `benchmarks/texts`: texts with the answers expected, through the whole pipeline.

    function    the value asked for comes out (or the function written passes the row's checks)
    parameters  the right library function is called with the right arguments
    missing     what is not in the text is asked for, by its name, and not invented
    none        nothing is computed

The library of the suite lies in a home of its own, the model files where the user has them.
Nothing that is made is kept, so the rows do not help each other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..contract import Outcome, Request, Result
from ..errors import EngineFailed, RequestInvalid
from ..settings import Settings, settings
from . import judge, machine, report
from .measurement import Way, measure
from .rows import Row, Rows

if TYPE_CHECKING:
    from ..library import Library
    from ..models.engine import Engine

GROUPS = ("function", "parameters", "missing", "none")
PATH = "funcsmith"
"""What the rows of the shipped pipeline are called, beside those of "naive"."""

Check = Callable[[str, str, Sequence[Any], str | None], Result]


class Runs(Protocol):
    """What of a `Pipeline` is used here."""

    def run(self, request: Request) -> Outcome: ...
    def warm(self) -> None: ...
    def close(self) -> None: ...


OpenPipeline = Callable[["Settings", "Library"], Runs]


def run(
    *,
    model: str | None = None,
    limit: int | None = None,
    out: Path | None = None,
    seed: int = 0,
    texts: Path | None = None,
    groups: Sequence[str] | None = None,
    on_row: Callable[[Row], object] | None = None,
    pipeline: OpenPipeline | None = None,
) -> dict[str, Any]:
    """Run the suite; see `run_suite`. `pipeline` opens another pipeline than the shipped one."""
    folder = find_folder(texts)
    chosen = sample(read_rows(folder, groups), limit, seed)
    name = model or settings().model
    facts = facts_of(folder, name, seed)
    out = out or default_out(folder, f"texts-{facts['model']}", limit=limit, groups=groups)

    @contextlib.contextmanager
    def ways() -> Iterator[dict[str, Way]]:
        with opened(folder, name, pipeline) as (runs, library):
            schemas = {saved.name: saved.parameters for saved in library.list()}
            yield {PATH: lambda row: measured(row, runs, schemas, seed=seed)}

    return measure(
        "texts",
        facts,
        chosen,
        paths=[PATH],
        ways=ways,
        tell=lambda rows: on_row or Teller(len(chosen), rows),
        totals=lambda by_path: {"totals": report.totals(by_path[PATH])},
        about={"limit": limit, "groups": list(groups or GROUPS)},
        out=out,
    )


def find_folder(texts: Path | None = None) -> Path:
    """The folder of texts: as given, else FUNCSMITH_TEXTS, else the checkout's own."""
    root = machine.checkout()
    told = texts or os.environ.get("FUNCSMITH_TEXTS") or (root and root / "benchmarks" / "texts")
    folder = Path(told).expanduser() if told else None
    if folder is None or not all((folder / f"{group}.jsonl").is_file() for group in GROUPS):
        raise RequestInvalid(
            {
                "en": f"The texts of the suite are not in {folder}."
                if folder
                else "The texts of the suite do not come with the installed package.",
                "zh": f"{folder} 里没有评测文本。" if folder else "安装包不含评测文本。",
            },
            hint={
                "en": "Set FUNCSMITH_TEXTS to the folder benchmarks/texts of the repository.",
                "zh": "请把 FUNCSMITH_TEXTS 设为代码仓库的 benchmarks/texts 文件夹。",
            },
        )
    return folder.absolute()


def read_rows(folder: Path, groups: Sequence[str] | None = None) -> list[Row]:
    """The rows of the groups, in the order of the files."""
    unknown = [group for group in groups or () if group not in GROUPS]
    if unknown:
        raise RequestInvalid(
            {"en": f"There is no group '{unknown[0]}'.", "zh": f"没有 «{unknown[0]}» 这一组。"},
            hint={"en": f"Groups: {', '.join(GROUPS)}", "zh": f"分组：{'、'.join(GROUPS)}"},
        )
    return [
        json.loads(line)
        for group in GROUPS
        if not groups or group in groups
        for line in (folder / f"{group}.jsonl").read_text("utf-8").split("\n")
        if line.strip()
    ]


def sample(rows: Sequence[Row], limit: int | None, seed: int) -> list[Row]:
    """A seeded sample with the shares of group, language and level kept; in the rows' order."""
    if limit is None or limit >= len(rows):
        return list(rows)
    strata: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        strata[row["group"], row["language"], row.get("level", "")].append(row)
    shares = {key: limit * len(some) / len(rows) for key, some in strata.items()}
    counts = {key: int(share) for key, share in shares.items()}
    by_rest = sorted(shares, key=lambda key: (counts[key] - shares[key], key))
    for key in by_rest[: limit - sum(counts.values())]:
        counts[key] += 1
    chosen: set[str] = set()
    for key, some in strata.items():
        draw = random.Random(f"{seed}:{key}")  # noqa: S311 - a sample, not a secret
        chosen |= {row["id"] for row in draw.sample(some, counts[key])}
    return [row for row in rows if row["id"] in chosen]


def facts_of(folder: Path, model: str, seed: int) -> dict[str, Any]:
    """What must be the same for two rows to belong to one measurement."""
    return facts_over([*folder.glob("*.jsonl"), *(folder / "library").glob("*.py")], model, seed)


def facts_over(files: Sequence[Path], model: str, seed: int) -> dict[str, Any]:
    """The same of a suite whose texts are in these files."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return {
        **machine.model_facts(model),
        "settings": {**machine.settings_facts(settings()), "seed": seed},
        "code": machine.code(),
        "texts": {"sha256": digest.hexdigest()},
    }


def default_out(
    folder: Path, stem: str, *, limit: int | None = None, groups: Sequence[str] | None = None
) -> Path:
    """The result file beside the texts; a part of the suite never takes the whole one's place."""
    parts = [stem, *(groups or ()), *([f"limit{limit}"] if limit else ())]
    return folder.parent / "results" / f"{'-'.join(parts)}.json"


@contextlib.contextmanager
def opened(
    folder: Path | None,
    model: str,
    pipeline: OpenPipeline | None = None,
    engine: Engine | None = None,
) -> Iterator[tuple[Runs, Library]]:
    """A warm pipeline and the suite's library, in a home that is gone afterwards.

    Without a folder the library is empty.
    """
    from ..library import Library

    with tempfile.TemporaryDirectory(prefix="funcsmith-evaluate-") as home:
        own = dataclasses.replace(settings(), home=Path(home), database_url=None, runs_kept=0)
        library = Library.open(own)
        try:
            if folder is not None:
                library.add_path(folder / "library")
            runs = pipeline(own, library) if pipeline else _shipped(own, library, model, engine)
            try:
                runs.warm()
                yield runs, library
            finally:
                runs.close()
        finally:
            library.close()


def measured(
    row: Row, runs: Runs, schemas: Mapping[str, Mapping[str, Any]], *, seed: int = 0
) -> Row:
    """Run one row and judge what came; a failure of ours is a wrong row with its error."""
    request = Request.model_validate(
        {"id": row["id"], "text": row["text"], "now": row.get("now"), "seed": seed}
    )
    outcome, seconds = answered(runs, request)
    return {
        **heading(row),
        **judged(row, outcome, schemas),
        **came(outcome, seconds),
        "question": outcome.question,
        "steps": outcome.seconds.model_dump(),
    }


def came(outcome: Outcome, seconds: float) -> Row:
    """What a record says of any outcome, right or wrong."""
    result, function = outcome.result, outcome.function
    return {
        "path": PATH,
        "kind": outcome.kind,
        "function": function and function.name,
        "origin": function and function.origin,
        "verdict": function and function.verdict,
        "probability": function and function.probability,
        "source": function and function.source,
        "status": result and result.status,
        "error": (outcome.error and f"{outcome.error.code}: {outcome.error.message}")
        or (result and result.error),
        "failed": outcome.error is not None,
        "seconds": round(seconds, 4),
        "tokens": outcome.tokens.model_dump(),
        "model_calls": outcome.cost.model_calls,
    }


def answered(runs: Runs, request: Request) -> tuple[Outcome, float]:
    """An outcome and its seconds; a failure of ours is an outcome with that error."""
    started = time.perf_counter()
    try:
        outcome = runs.run(request)
    except (EngineFailed, RequestInvalid) as failure:
        outcome = Outcome.model_validate(
            {"id": request.id, "error": {"code": failure.code, "message": failure.message()}}
        )
    return outcome, time.perf_counter() - started


def heading(row: Row) -> Row:
    """What a record repeats of its row."""
    return {
        "id": row["id"],
        "group": row["group"],
        "language": row["language"],
        "level": row.get("level"),
        "expected": _expected(row),
    }


def judged(
    row: Row,
    outcome: Outcome,
    schemas: Mapping[str, Mapping[str, Any]],
    check: Check | None = None,
) -> Row:
    """Whether an outcome is right for its row, and what it gave; `check` runs written functions."""
    if outcome.error is not None:
        missed = {"values": len(row["missing"]), "values_asked": 0} if "missing" in row else {}
        return {"right": False, "got": None, **missed}
    if row["group"] == "function":
        return _function_judged(row, outcome, check or _executed)
    if row["group"] == "parameters":
        return _parameters_judged(row, outcome, schemas)
    if row["group"] == "missing":
        return _missing_judged(row, outcome)
    return {
        "right": outcome.kind == "none" and not outcome.calls,
        "got": {"kind": outcome.kind, "value": outcome.value, "question": outcome.question},
    }


class Teller:
    """A line on standard error for each finished row."""

    def __init__(self, count: int, rows: Rows) -> None:
        self._count = count
        self._done = len(rows.found)
        self._right = sum(bool(row["right"]) for row in rows.found.values())
        if rows.set_aside is not None:
            self._say(f"rows of another or a finished run were set aside: {rows.set_aside}")
        if self._done:
            self._say(f"going on after {self._done} rows")

    def __call__(self, record: Row) -> None:
        self._done += 1
        self._right += bool(record["right"])
        mark = "right" if record["right"] else "WRONG" if record["right"] is False else "NOT JUDGED"
        self._say(
            f"{self._done}/{self._count} {record['id']} {record['path']} {mark} "
            f"{record['kind']} {record['seconds']:.1f} s ({self._right} right)"
        )

    def _say(self, words: str) -> None:
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()


def _shipped(own: Settings, library: Library, model: str, engine: Engine | None) -> Runs:
    from ..pipeline import Pipeline

    return Pipeline(settings=own, model=model, engine=engine, library=library, save=False)


def _expected(row: Row) -> Any:
    if row["group"] == "parameters":
        return {"function": row["function"], "arguments": row["arguments"]}
    if row["group"] == "missing":
        return {"function": row["function"], "missing": row["missing"]}
    return row.get("expected", row.get("checks"))


def _function_judged(row: Row, outcome: Outcome, check: Check) -> Row:
    if "checks" not in row:
        ok = outcome.result is not None and outcome.result.status == "ok"
        return {"right": ok and judge.value_right(outcome.value, row), "got": outcome.value}
    function = outcome.function
    if function is None:
        return {"right": False, "got": None}
    got: list[Any] = []
    right = True
    for one in row["checks"]:
        result = check(function.source, function.name, one["args"], row.get("now"))
        got.append(result.value if result.status == "ok" else {"error": result.error})
        right = right and result.status == "ok" and judge.value_right(result.value, {**row, **one})
    return {"right": right, "got": got}


def _executed(source: str, name: str, args: Sequence[Any], now: str | None) -> Result:
    from ..execute import execute

    return execute(source, name, positional=args, now=now)


def _parameters_judged(row: Row, outcome: Outcome, schemas: Mapping[str, Mapping[str, Any]]) -> Row:
    calls = outcome.calls
    name_right = bool(calls) and calls[-1].function == row["function"]
    arguments_right = (
        name_right
        and len(calls) == 1
        and judge.arguments_right(calls[0].arguments, row, schemas[row["function"]])
    )
    result = outcome.result
    return {
        "right": outcome.kind == "parameters" and arguments_right,
        "name_right": name_right,
        "arguments_right": arguments_right,
        # Whatever way it was reached: a written function may give it too.
        "result_right": result is not None
        and result.status == "ok"
        and judge.same(result.value, row["expected"]),
        "got": {
            "calls": [{"function": c.function, "arguments": c.arguments} for c in calls],
            "value": outcome.value,
            "missing": outcome.missing,
        },
    }


def _missing_judged(row: Row, outcome: Outcome) -> Row:
    asked = outcome.kind == "ask"
    count, exact = judge.values_named(row["missing"], outcome.missing, outcome.question)
    # A call of anything else, or of a function written for it, answers without the value.
    invented = any(
        call.function != row["function"]
        or any(call.arguments.get(name) is not None for name in row["missing"])
        for call in outcome.calls
    )
    return {
        "right": asked and exact and not invented,
        "asked": asked,
        "named": asked and exact,
        "invented": invented,
        "values": len(row["missing"]),
        "values_asked": count if asked else 0,
        "got": {
            "kind": outcome.kind,
            "missing": outcome.missing,
            "calls": [{"function": c.function, "arguments": c.arguments} for c in outcome.calls],
        },
    }
