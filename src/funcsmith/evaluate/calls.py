"""The public suites of calls, through the shipped pipeline: which function, with which arguments.

A problem is a request of mode "parameters" with the suite's own functions; what comes is judged by
BFCL's own checker, or for the other sets by ours. With `missing` each text is asked twice, as it is
and without the value of one required parameter (`deletion.py`): what is then asked for, what is
made up, and how often is asked although the value is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..contract import Outcome, Request
from ..errors import RequestInvalid
from ..settings import settings
from . import call_report, machine, report, texts
from .call_judge import Judges, Official, Own
from .call_problems import CallProblem, read_suite, sample
from .deletion import Deletion, deletion
from .rows import Row, Rows

if TYPE_CHECKING:
    from ..models.engine import Engine

WHOLE, WITHOUT = "funcsmith", "without"
"""The paths of rows: the text as it is, and without one value."""


def run(
    suite: str,
    *,
    model: str | None = None,
    limit: int | None = None,
    out: Path | None = None,
    seed: int = 0,
    missing: bool = False,
    parts: Sequence[str] | None = None,
    on_row: Callable[[Row], object] | None = None,
    engine: Engine | None = None,
    judges: Judges | None = None,
) -> dict[str, Any]:
    """Run one suite; see `run_suite`. `judges` judges in the place of the suite's own judge."""
    source = read_suite(suite)
    problems = _of(source.problems, parts)
    taken: dict[str, Deletion] = {}
    if missing:
        found = ((one.id, deletion(one, seed)) for one in problems)
        taken = {number: made for number, made in found if made is not None}
        problems = [one for one in problems if one.id in taken]
    chosen = sample(suite, problems, limit, seed)
    facts: dict[str, Any] = {
        **machine.model_facts(model or settings().model),
        "settings": {**machine.settings_facts(settings()), "seed": seed, "missing": missing},
        "code": machine.code(),
        "data": {"suite": suite, "files": dict(source.files)},
    }
    named = [suite, facts["model"], *(["missing"] if missing else []), *(parts or ())]
    out = out or machine.result_file(*named, limit=limit, seed=seed)
    asked = [(one, path) for one in chosen for path in ((WHOLE, WITHOUT) if missing else (WHOLE,))]
    started = machine.now()
    judges = judges or (Official() if suite == "bfcl" else Own())
    try:
        with Rows(Path(f"{out}.rows.jsonl"), facts) as rows:
            tell = on_row or texts.Teller(len(asked), rows)
            left = [(one, path) for one, path in asked if (one.id, path) not in rows.found]
            if left:
                with texts.opened(None, model or settings().model, engine=engine) as (runs, _):
                    for problem, path in left:
                        without = taken[problem.id] if path == WITHOUT else None
                        record = _measured(problem, without, runs, judges, seed)
                        rows.add(record)
                        tell(record)
            records = [rows.found[one.id, path] for one, path in asked]
            result = {
                "suite": suite,
                "path": WHOLE,
                **facts,
                "limit": limit,
                "parts": list(parts) if parts else None,
                "date": {"started": started, "finished": machine.now()},
                "machine": machine.machine(),
                "totals": call_report.totals(suite, records, missing=missing),
                "rows": [call_report.short(record) for record in records],
            }
            report.write(result, out)
            rows.finish()
    finally:
        judges.close()
    return {**result, "out": str(out)}


def _of(problems: Sequence[CallProblem], parts: Sequence[str] | None) -> list[CallProblem]:
    known = list(dict.fromkeys(problem.part for problem in problems))
    for part in parts or ():
        if part not in known:
            raise RequestInvalid(
                {
                    "en": f"The suite has no part '{part[:40]}'.",
                    "zh": f"该评测集没有 «{part[:40]}» 这一部分。",
                },
                hint={"en": f"Parts: {', '.join(known)}", "zh": f"各部分：{'、'.join(known)}"},
            )
    return [problem for problem in problems if not parts or problem.part in parts]


def _measured(
    problem: CallProblem, taken: Deletion | None, runs: texts.Runs, judges: Judges, seed: int
) -> Row:
    """One problem run and judged, as it is or without a value; a failure of ours is one not solved."""
    request = Request.model_validate(
        {
            "id": problem.id,
            "text": taken.text if taken else problem.text,
            "mode": "parameters",
            "functions": list(problem.functions),
            "now": problem.now,
            "seed": seed,
        }
    )
    outcome, seconds = texts.answered(runs, request)
    calls = [{call.function: call.arguments} for call in outcome.calls]
    if taken is None:
        ruling = judges.judge(problem, calls)
        judged: Row = {"right": ruling.right, "why": ruling.why}
    else:
        judged = _asked(problem, taken.parameter, outcome)
    return {
        "id": problem.id,
        "path": WITHOUT if taken else WHOLE,
        "part": problem.part,
        "language": problem.language,
        **judged,
        "kind": outcome.kind,
        "calls": calls,
        "missing": outcome.missing,
        "probability": outcome.detection.probability,
        "error": outcome.error and f"{outcome.error.code}: {outcome.error.message}",
        "failed": outcome.error is not None,
        "seconds": round(seconds, 4),
        "tokens": outcome.tokens.model_dump(),
        "model_calls": outcome.cost.model_calls,
    }


def _asked(problem: CallProblem, parameter: str, outcome: Outcome) -> Row:
    """What became of a value that is not there: asked for by its name, made up, or neither."""
    wanted: Mapping[str, Any] = problem.expected[0]
    named = [name.partition(".")[0] for name in outcome.missing]
    asked = outcome.kind == "ask"
    # A call of another function answers without the value too.
    invented = any(
        call.function not in wanted or call.arguments.get(parameter) is not None
        for call in outcome.calls
    )
    return {
        "right": asked and parameter in named,
        "parameter": parameter,
        "asked": asked,
        "named": asked and parameter in named,
        "exact": asked and set(named) == {parameter},
        "invented": invented,
        "why": "invented" if invented else None if asked else outcome.kind,
    }
