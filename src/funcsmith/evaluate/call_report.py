"""Figures of calls: the share of right ones in each part of a suite, and what is asked for."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from . import report
from .call_problems import FIGURES
from .report import Record

_SHORT = (
    *("id", "path", "part", "language", "right", "why", "kind", "probability", "asked", "named"),
    *("exact", "invented", "seconds", "tokens", "model_calls", "error"),
)


def totals(suite: str, records: Sequence[Record], *, missing: bool) -> dict[str, Any]:
    """The suite's figures, then each part's; with `missing` what was asked for instead."""
    whole = [record for record in records if record["path"] != "without"]
    groups = {name: figure.parts for name, figure in FIGURES[suite].items()}
    if missing:
        without = [record for record in records if record["path"] == "without"]
        parts: dict[str, Sequence[str]] = {
            "all": [part for some in groups.values() for part in some],
            **groups,
        }
        return {
            name: _asking(
                [record for record in whole if record["part"] in some],
                [record for record in without if record["part"] in some],
            )
            for name, some in parts.items()
            if any(record["part"] in some for record in whole)
        }
    found: dict[str, Any] = {}
    for name, figure in FIGURES[suite].items():
        by_part = {
            part: [record for record in whole if record["part"] == part] for part in figure.parts
        }
        by_part = {part: some for part, some in by_part.items() if some}
        if not by_part:
            continue
        mine = [record for some in by_part.values() for record in some]
        found[name] = _figures(mine)
        if figure.equal:
            shares = [_figures(some)["share"] for some in by_part.values()]
            mean = statistics.fmean(shares)
            found[name]["share"] = round(mean, 6)
            found[name]["mean_of_parts"] = True
            # As many as would give that share, so that the interval is one of this size.
            found[name]["interval"] = report.share_of(round(mean * len(mine)), len(mine))[
                "interval"
            ]
        if len(by_part) > 1:
            found |= {f"{name}: {part}": _figures(some) for part, some in by_part.items()}
    return found


def short(record: Record) -> dict[str, Any]:
    """What the result file keeps of a record: nothing of the benchmark's texts."""
    return {key: record[key] for key in _SHORT if record.get(key) is not None}


def table(result: Mapping[str, Any]) -> str:
    """The whole result as plain text."""
    asking = result["settings"]["missing"]
    blocks = [report.title(result), (_asking_table if asking else _table)(result["totals"])]
    blocks.append(_wrong(result["rows"]))
    if result.get("out"):
        blocks.append(f"written to {result['out']}")
    return "\n\n".join(block for block in blocks if block)


def _figures(records: Sequence[Record]) -> dict[str, Any]:
    seconds = [record["seconds"] for record in records]
    return {
        **report.share_of(report.counted(records, "right"), len(records)),
        "asked": sum(record["kind"] == "ask" for record in records),
        "none": sum(record["kind"] == "none" for record in records),
        "failed": report.counted(records, "failed"),
        "seconds": {
            "mean": round(statistics.fmean(seconds), 4),
            "median": round(statistics.median(seconds), 4),
        },
        "generated_tokens": round(
            statistics.fmean(record["tokens"]["generated"] for record in records), 2
        ),
    }


def _asking(whole: Sequence[Record], without: Sequence[Record]) -> dict[str, Any]:
    there = sum(record["kind"] == "ask" for record in whole)
    return {
        **{
            name: report.share_of(report.counted(without, name), len(without))
            for name in ("named", "exact", "asked", "invented")
        },
        "asks_all_the_same": report.share_of(there, len(whole)),
        "whole": report.share_of(report.counted(whole, "right"), len(whole)),
    }


def _table(groups: Mapping[str, Any]) -> str:
    header = ("figure", "n", "right", "%", "95 %", "asked", "none", "median s", "mean s", "tokens")
    lines = [
        (
            name,
            str(one["n"]),
            str(one["right"]),
            report.percent(one["share"]),
            report.interval(one["interval"]),
            str(one["asked"]),
            str(one["none"]),
            f"{one['seconds']['median']:.2f}",
            f"{one['seconds']['mean']:.2f}",
            f"{one['generated_tokens']:.0f}",
        )
        for name, one in groups.items()
    ]
    return report.aligned(header, lines, left=1)


_ASKING = {
    "named": "missing: asks for it by name",
    "exact": "missing: asks for it and nothing else",
    "asked": "missing: asks",
    "invented": "missing: calls without it",
    "asks_all_the_same": "there: asks all the same",
    "whole": "there: right",
}


def _asking_table(groups: Mapping[str, Any]) -> str:
    lines = [
        (
            name,
            said,
            str(one[key]["n"]),
            str(one[key]["right"]),
            report.percent(one[key]["share"]),
            report.interval(one[key]["interval"]),
        )
        for name, one in groups.items()
        for key, said in _ASKING.items()
    ]
    return report.aligned(("part", "the value is", "n", "rows", "%", "95 %"), lines, left=2)


def _wrong(rows: Sequence[Record]) -> str:
    lines = [
        (
            row["id"],
            row["path"],
            row["kind"],
            report.cut(str(row.get("error") or row.get("why")), 60),
        )
        for row in rows
        if not row["right"]
    ]
    return report.aligned(("not right", "path", "kind", "why"), lines, left=4) if lines else ""
