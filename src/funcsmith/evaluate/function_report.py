"""Figures of written functions: pass@1, what each verdict is worth, calibration, what it cost."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from . import report
from .calibration import calibration
from .report import Record

_SHORT = (
    "id",
    "language",
    "right",
    "why",
    "kind",
    "verdict",
    "probability",
    "signs",
    "seconds",
    "tokens",
    "model_calls",
    "error",
)
_VERDICTS = ("proven", "tested", "agreed", "runs", "unverified")


def totals(records: Sequence[Record]) -> dict[str, Any]:
    """The figures of all problems, and of each language where there is more than one."""
    parts = {"all": list(records)}
    languages = report.parted(records, lambda record: record["language"])
    if len(languages) > 1:
        parts |= languages
    return {part: _figures(some) for part, some in parts.items()}


def short(record: Record) -> dict[str, Any]:
    """What the result file keeps of a record: nothing of the benchmark, and not the function."""
    return {key: record[key] for key in _SHORT if record.get(key) is not None or key == "right"}


def compared(mine: Sequence[Record], others: Sequence[Record]) -> dict[str, Any]:
    """Two paths on the same problems, in the same order: points, pairs, and tokens to tokens."""
    judged = [
        (one, other)
        for one, other in zip(mine, others, strict=True)
        if one["right"] is not None and other["right"] is not None
    ]
    if not judged:
        return {"n": 0}
    first, second = [one for one, _ in judged], [other for _, other in judged]
    tokens = [
        statistics.fmean(record["tokens"]["generated"] for record in some)
        for some in (first, second)
    ]
    return {
        **report.paired(first, second),
        "mean_generated_tokens": [round(mean, 2) for mean in tokens],
        "tokens_ratio": round(tokens[0] / tokens[1], 4) if tokens[1] else None,
    }


def table(result: Mapping[str, Any]) -> str:
    """The whole result as plain text."""
    groups = result["totals"]
    blocks = [report.title(result), _figures_table(groups, result["path"])]
    if result["path"] != "raw":
        blocks += [_verdicts_table(groups["all"]), _calibration_table(groups["all"])]
    if result["beside"] and result["beside"]["n"]:
        blocks.append(_beside_said(result))
    blocks.append(_failing_table(result["rows"]))
    if result.get("out"):
        blocks.append(f"written to {result['out']}")
    return "\n\n".join(block for block in blocks if block)


def _figures(records: Sequence[Record]) -> dict[str, Any]:
    judged = [record for record in records if record["right"] is not None]
    stated = [
        (float(record["probability"]), bool(record["right"]))
        for record in judged
        if record.get("probability") is not None
    ]
    return {
        "pass_at_1": report.share_of(report.counted(judged, "right"), len(judged)),
        "verdicts": _verdicts(judged),
        "calibration": calibration(stated),
        "generated_tokens": _middle([record["tokens"]["generated"] for record in records]),
        "prompt_tokens": _middle([record["tokens"]["prompt"] for record in records]),
        "seconds": _middle([record["seconds"] for record in records]),
        "model_calls": _middle([record["model_calls"] for record in records]),
        "failed": report.counted(records, "failed"),
        "failing": [record["id"] for record in judged if not record["right"]],
        "not_judged": [record["id"] for record in records if record["right"] is None],
    }


def _verdicts(judged: Sequence[Record]) -> dict[str, Any]:
    """Of each verdict: its share of all problems (coverage), and how often it is right."""
    parts = report.parted(judged, report.verdict_of)
    order = [*_VERDICTS, *sorted(set(parts) - set(_VERDICTS))]
    return {
        name: {
            **report.share_of(report.counted(parts[name], "right"), len(parts[name])),
            "coverage": round(len(parts[name]) / len(judged), 6),
        }
        for name in order
        if name in parts
    }


def _middle(numbers: Sequence[float]) -> dict[str, float]:
    if not numbers:
        return {"mean": 0.0, "median": 0.0}
    return {
        "mean": round(statistics.fmean(numbers), 4),
        "median": round(statistics.median(numbers), 4),
    }


def _figures_table(groups: Mapping[str, Any], path: str) -> str:
    header = (
        *("path", "part", "n", "right", "pass@1 %", "95 %", "mean tokens", "median tokens"),
        *("mean s", "median s", "calls", "not judged"),
    )
    lines = [
        (
            path,
            part,
            str(one["pass_at_1"]["n"]),
            str(one["pass_at_1"]["right"]),
            report.percent(one["pass_at_1"]["share"]),
            report.interval(one["pass_at_1"]["interval"]),
            f"{one['generated_tokens']['mean']:.1f}",
            f"{one['generated_tokens']['median']:.0f}",
            f"{one['seconds']['mean']:.2f}",
            f"{one['seconds']['median']:.2f}",
            f"{one['model_calls']['mean']:.2f}",
            str(len(one["not_judged"])),
        )
        for part, one in groups.items()
    ]
    return report.aligned(header, lines, left=2)


def _verdicts_table(figures: Mapping[str, Any]) -> str:
    lines = [
        (
            name,
            str(one["n"]),
            report.percent(one["coverage"]),
            str(one["right"]),
            report.percent(one["share"]),
            report.interval(one["interval"]),
        )
        for name, one in figures["verdicts"].items()
    ]
    header = ("verdict", "n", "coverage %", "right", "precision %", "95 %")
    return report.aligned(header, lines, left=1) if lines else ""


def _calibration_table(figures: Mapping[str, Any]) -> str:
    found = figures["calibration"]
    if not found["n"]:
        return ""
    lines = [
        (
            f"{one['from']:.1f}–{one['to']:.1f}",
            str(one["n"]),
            report.percent(one["probability"]),
            report.percent(one["share"]),
            report.interval(one["interval"]),
        )
        for one in found["bins"]
    ]
    said = (
        f"calibration over {found['n']}: expected error {found['error']:.3f}, "
        f"Brier {found['brier']:.3f}"
    )
    return f"{said}\n\n" + report.aligned(
        ("probability", "n", "stated %", "right %", "95 %"), lines, left=1
    )


def _beside_said(result: Mapping[str, Any]) -> str:
    one, mine = result["beside"], result["path"]
    other = one["path"]
    ratio = "–" if one["tokens_ratio"] is None else f"{one['tokens_ratio']:.2f}"
    header = ("beside", "n", f"{mine} %", f"{other} %", "points", f"only {mine}", f"only {other}")
    line = (
        other,
        str(one["n"]),
        report.percent(one["share"][0]),
        report.percent(one["share"][1]),
        f"{one['points']:+.1f}",
        str(one["paired"]["only_first"]),
        str(one["paired"]["only_second"]),
        f"{one['p']:.2g}",
        ratio,
    )
    said = report.aligned((*header, "p", "tokens ×"), [line], left=1)
    code = "same code" if one["same_code"] else f"of commit {(one['commit'] or 'unknown')[:12]}"
    return f"{said}\n({one['file']}, {code})"


def _failing_table(rows: Sequence[Record]) -> str:
    lines = [
        (
            row["id"],
            str(row.get("verdict") or f"({row['kind']})"),
            "–" if row.get("probability") is None else f"{row['probability']:.2f}",
            report.cut(str(row.get("error") or row.get("why") or ""), 60),
        )
        for row in rows
        if not row["right"]
    ]
    header = ("not passed", "verdict", "probability", "why")
    return report.aligned(header, lines, left=4) if lines else ""
