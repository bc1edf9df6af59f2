"""The public suites of functions to write, through the shipped pipeline or the model alone.

A problem is a request of mode "function" with the header that the suite gives; what is written is
judged by `trial.py`. With `raw` the same model answers its maker's prompt once (`raw.py`), judged
the same way, so that the difference is measured in one setting. The library is empty and nothing is
kept, so no problem helps another. Two suites of the same problems (HumanEval and HumanEval+) judge
the same functions: the second takes what the first had written, if nothing else differs.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..contract import Request, dumps
from ..errors import EngineFailed, RequestInvalid
from ..settings import settings
from . import function_report, machine, raw, report, texts
from .problems import Problem, read_suite, sample
from .rows import Row, Rows, kept_rows
from .trial import CpuSeconds, Trial

if TYPE_CHECKING:
    from ..models.engine import Engine

SHIPPED, RAW = "funcsmith", "raw"


def run(
    suite: str,
    *,
    model: str | None = None,
    limit: int | None = None,
    out: Path | None = None,
    seed: int = 0,
    alone: bool = False,
    languages: Sequence[str] | None = None,
    on_row: Callable[[Row], object] | None = None,
    engine: Engine | None = None,
    trial: Trial | None = None,
    at_once: int = 1,
) -> dict[str, Any]:
    """Run one suite; see `run_suite`. `alone` is the model without Funcsmith."""
    source = read_suite(suite)
    chosen = sample(_of(source.problems, languages), limit, seed)
    name = model or settings().model
    path = RAW if alone else SHIPPED
    trial = trial or Trial()
    facts = facts_of(
        suite,
        name,
        source.files,
        seed=seed,
        path=path,
        cpu_seconds=trial.cpu_seconds,
        at_once=at_once,
    )
    places = {
        one: default_out(
            suite, facts["model"], path=one, limit=limit, seed=seed, languages=languages
        )
        for one in (SHIPPED, RAW)
    }
    out = out or places[path]
    started = machine.now()
    with Rows(Path(f"{out}.rows.jsonl"), facts) as rows:
        tell = on_row or texts.Teller(len(chosen), rows)
        left = [problem for problem in chosen if (problem.id, path) not in rows.found]
        written = _written(suite, facts, limit=limit, languages=languages) if left else {}
        if left:
            lock = threading.Lock()

            def one(problem: Problem, runs: texts.Runs) -> None:
                made = written.get(_asked(problem))
                if made is None:
                    made = _alone(problem, runs) if alone else _shipped(problem, runs, seed)
                record = {**_heading(problem, path), **made, **_judged(problem, made, trial)}
                with lock:
                    rows.add(record)
                    tell(record)

            with texts.opened(None, name, engine=engine) as (runs, _):
                _each(left, lambda problem: one(problem, runs), at_once)
        records = [rows.found[problem.id, path] for problem in chosen]
        result = {
            "suite": suite,
            **facts,
            "limit": limit,
            "languages": list(languages) if languages else None,
            "date": {"started": started, "finished": machine.now()},
            "machine": machine.machine(),
            "totals": function_report.totals(records),
            "beside": beside(records, facts, places[SHIPPED if alone else RAW]),
            "rows": [function_report.short(record) for record in records],
        }
        report.write(result, out)
        rows.finish()
    return {**result, "out": str(out)}


def facts_of(
    suite: str,
    model: str,
    files: Mapping[str, str],
    *,
    seed: int,
    path: str,
    cpu_seconds: CpuSeconds,
    at_once: int = 1,
) -> dict[str, Any]:
    """What must be the same for two rows to belong to one measurement."""
    prompt = raw.raw_prompt("{problem}")
    return {
        "path": path,
        **machine.model_facts(model),
        "settings": {
            **machine.settings_facts(settings()),
            "seed": seed,
            "cpu_seconds": dataclasses.asdict(cpu_seconds),
            "at_once": at_once,
            "raw": {
                "prompt": prompt.messages[0].content,
                "prefix": prompt.prefix,
                "temperature": 0.0,
                "max_tokens": raw.MAX_TOKENS,
            }
            if path == RAW
            else None,
        },
        "code": machine.code(),
        "data": {"suite": suite, "files": dict(files)},
    }


def default_out(
    suite: str,
    model: str,
    *,
    path: str,
    limit: int | None,
    seed: int,
    languages: Sequence[str] | None,
) -> Path:
    """The result file of a suite on one path."""
    parts = [suite, model, *([RAW] if path == RAW else ()), *(languages or ())]
    return machine.result_file(*parts, limit=limit, seed=seed)


def beside(records: Sequence[Row], facts: Mapping[str, Any], other: Path) -> dict[str, Any] | None:
    """The same problems on the other path, if its result file is there: points, pairs, tokens.

    Only of the same model, data and seed. Its commit is said; the raw path does not depend on how
    the pipeline writes.
    """
    try:
        kept = json.loads(other.read_text("utf-8"))
        same = all(kept[key] == facts[key] for key in ("sha256", "data")) and (
            kept["settings"]["seed"] == facts["settings"]["seed"]
        )
        found = {row["id"]: row for row in kept["rows"]}
        commit, digest = kept["code"]["commit"], kept["code"]["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    mine = [record for record in records if record["id"] in found]
    if not same or not mine:
        return None
    return {
        "path": kept["path"],
        "file": other.name,
        "commit": commit,
        "same_code": digest == facts["code"]["sha256"],
        **function_report.compared(mine, [found[record["id"]] for record in mine]),
    }


def _of(problems: Sequence[Problem], languages: Sequence[str] | None) -> list[Problem]:
    known = list(dict.fromkeys(problem.language for problem in problems))
    for language in languages or ():
        if language not in known:
            raise RequestInvalid(
                {
                    "en": f"The suite has nothing in '{language[:20]}'.",
                    "zh": f"该评测集没有 «{language[:20]}» 的题目。",
                },
                hint={"en": f"Languages: {', '.join(known)}", "zh": f"语言：{'、'.join(known)}"},
            )
    return [problem for problem in problems if not languages or problem.language in languages]


def _each(problems: Sequence[Problem], do: Callable[[Problem], None], at_once: int) -> None:
    """Do it for every problem, so many at a time; the first failure ends it."""
    if at_once == 1:
        for problem in problems:
            do(problem)
        return
    with ThreadPoolExecutor(at_once) as pool:
        doing = [pool.submit(do, problem) for problem in problems]
        try:
            for future in as_completed(doing):
                future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _heading(problem: Problem, path: str) -> Row:
    return {
        "id": problem.id,
        "path": path,
        "language": problem.language,
        "asked": _asked(problem),
    }


_SAME_PROBLEMS = {"humaneval": "humaneval_plus", "humaneval_plus": "humaneval"}
_HEADING = ("id", "path", "language", "asked", "right", "why")
"""What a row says of its own suite."""


def _asked(problem: Problem) -> str:
    """What was asked, in short: the same for problems that are the same to the model."""
    told = json.dumps([problem.text, problem.prompt, problem.header])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _written(
    suite: str, facts: Mapping[str, Any], *, limit: int | None, languages: Sequence[str] | None
) -> dict[str, Row]:
    """What the suite of the same problems had written: same code, model and settings, by `asked`."""
    other = _SAME_PROBLEMS.get(suite)
    if other is None:
        return {}
    out = default_out(
        other,
        facts["model"],
        path=facts["path"],
        limit=limit,
        seed=facts["settings"]["seed"],
        languages=languages,
    )
    kept = kept_rows(Path(f"{out}.rows.jsonl"))
    same = json.loads(dumps({key: one for key, one in facts.items() if key != "data"}))
    if kept is None or any(kept[0].get(key) != one for key, one in same.items()):
        return {}
    return {
        row["asked"]: {key: one for key, one in row.items() if key not in _HEADING}
        for row in kept[1]
        if "asked" in row and not row["failed"]
    }


def _shipped(problem: Problem, runs: texts.Runs, seed: int) -> Row:
    """What the pipeline writes; a failure of ours is a problem not solved, with its error."""
    request = Request(
        id=problem.id, text=problem.text, mode="function", header=problem.header, seed=seed
    )
    started = time.perf_counter()
    try:
        outcome = runs.run(request)
    except (EngineFailed, RequestInvalid) as failure:
        return _failed(failure, started)
    seconds = time.perf_counter() - started
    function, error = outcome.function, outcome.error
    return {
        "kind": outcome.kind,
        "verdict": function and function.verdict,
        "probability": function and function.probability,
        "signs": (function and function.signs) or None,
        "source": (function and function.source) or None,
        "evidence": len(function.evidence) if function else 0,
        "error": error and f"{error.code}: {error.message}",
        "failed": error is not None,
        "seconds": round(seconds, 4),
        "steps": outcome.seconds.model_dump(),
        "tokens": outcome.tokens.model_dump(),
        "model_calls": outcome.cost.model_calls,
    }


def _alone(problem: Problem, runs: texts.Runs) -> Row:
    from ..pipeline import Pipeline

    assert isinstance(runs, Pipeline)
    started = time.perf_counter()
    try:
        answer = raw.answer_raw(runs.engine(), problem.prompt)
    except EngineFailed as failure:
        return _failed(failure, started)
    seconds = time.perf_counter() - started
    completion = answer.completion
    return {
        "kind": "function" if answer.source else "none",
        "verdict": None,
        "probability": None,
        "source": answer.source or None,
        "error": None,
        "failed": False,
        "seconds": round(seconds, 4),
        "finish": completion.finish,
        "tokens": {"prompt": completion.prompt_tokens, "generated": completion.generated_tokens},
        "model_calls": 1,
    }


def _failed(failure: EngineFailed | RequestInvalid, started: float) -> Row:
    return {
        "kind": "none",
        "verdict": None,
        "probability": None,
        "source": None,
        "error": f"{failure.code}: {failure.message()}",
        "failed": True,
        "seconds": round(time.perf_counter() - started, 4),
        "tokens": {"prompt": 0, "generated": 0},
        "model_calls": 0,
    }


def _judged(problem: Problem, made: Row, trial: Trial) -> Row:
    ruling = trial.judge(problem, made["source"])
    return {"right": ruling.passed, "why": ruling.why}
