"""Figures from records: counts with intervals, the table people read, the file programs read."""

from __future__ import annotations

import os
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..contract import dumps
from .intervals import sign_test, wilson

Record = Mapping[str, Any]
_SHORT = ("id", "path", "right", "kind", "verdict", "seconds", "got")
_MARKS = ("name_right", "arguments_right", "result_right", "asked", "named", "invented", "failed")
_GOT_CHARACTERS = 300
_WRONG_CHARACTERS = 44


def totals(records: Sequence[Record]) -> dict[str, Any]:
    """Per group: all, then per language, level and both. Levels are of function texts."""
    groups: dict[str, Any] = {}
    for group, some in parted(records, lambda record: record["group"]).items():
        parts = {"all": some}
        parts |= parted(some, lambda record: record["language"])
        levelled = [record for record in some if record.get("level")]
        parts |= parted(levelled, lambda record: record["level"])
        parts |= parted(levelled, lambda record: f"{record['level']} {record['language']}")
        groups[group] = {part: _figures(group, of_part) for part, of_part in parts.items()}
    return groups


def compared(first: Sequence[Record], second: Sequence[Record]) -> dict[str, Any]:
    """Two paths on the same rows: points between them, the paired table, the ratio of medians."""
    other = {record["id"]: record for record in second}
    result: dict[str, Any] = {}
    for group, some in parted(first, lambda record: record["group"]).items():
        parts = {"all": some}
        parts |= parted(some, lambda record: record["language"])
        parts |= parted(
            [record for record in some if record.get("level")], lambda record: record["level"]
        )
        result[group] = {
            part: paired(mine, [other[record["id"]] for record in mine])
            for part, mine in parts.items()
        }
    return result


def short(record: Record) -> dict[str, Any]:
    """What the result file keeps of a record; the rows file has it whole."""
    kept = {key: record[key] for key in (*_SHORT, *_MARKS) if key in record}
    said = dumps(kept.get("got"))
    if len(said) > _GOT_CHARACTERS:
        kept["got"] = said[:_GOT_CHARACTERS] + "…"
    if record.get("error"):
        kept["error"] = str(record["error"])[:_GOT_CHARACTERS]
    return kept


def write(result: Mapping[str, Any], out: Path) -> None:
    """Write the result file in one step."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f"{out.name}.{os.getpid()}")
    partial.write_text(dumps(dict(result), indent=1) + "\n", "utf-8")
    partial.replace(out)


def table(result: Mapping[str, Any], *, wrong: bool = True) -> str:
    """The whole result as plain text."""
    blocks = [title(result), figures_table(result["totals"])]
    verdicts = _verdicts_table(result["totals"])
    if verdicts:
        blocks.append(verdicts)
    blocks.append(_notes(result["totals"]))
    if wrong:
        blocks.append(_wrong_table(result["rows"]))
    if result.get("out"):
        blocks.append(f"written to {result['out']}")
    return "\n\n".join(block for block in blocks if block)


def figures_table(groups: Mapping[str, Any]) -> str:
    """A line for each part of each group."""
    header = ("group", "part", "n", "right", "%", "95 %", "median s", "mean s", "tokens", "calls")
    lines = [
        (
            group,
            part,
            str(one["n"]),
            str(one["right"]),
            percent(one["share"]),
            interval(one["interval"]),
            f"{one['seconds']['median']:.2f}",
            f"{one['seconds']['mean']:.2f}",
            f"{one['generated_tokens']:.0f}",
            f"{one['model_calls']:.1f}",
        )
        for group, parts in groups.items()
        for part, one in parts.items()
    ]
    return aligned(header, lines, left=2)


def compared_table(
    groups: Mapping[str, Any], names: tuple[str, str] = ("funcsmith", "naive")
) -> str:
    """Both paths side by side, and where they differ."""
    first, second = names
    header = (
        "group",
        "part",
        "n",
        f"{first} %",
        "95 %",
        f"{second} %",
        "95 %",
        "points",
        "both",
        f"only {first}",
        f"only {second}",
        "neither",
        "p",
        f"{first} s",
        f"{second} s",
        "ratio",
    )
    lines = [
        (
            group,
            part,
            str(one["n"]),
            percent(one["share"][0]),
            interval(one["interval"][0]),
            percent(one["share"][1]),
            interval(one["interval"][1]),
            f"{one['points']:+.1f}",
            str(one["paired"]["both"]),
            str(one["paired"]["only_first"]),
            str(one["paired"]["only_second"]),
            str(one["paired"]["neither"]),
            f"{one['p']:.2g}",
            f"{one['median_seconds'][0]:.2f}",
            f"{one['median_seconds'][1]:.2f}",
            "–" if one["ratio"] is None else f"{one['ratio']:.2f}",
        )
        for group, parts in groups.items()
        for part, one in parts.items()
    ]
    return aligned(header, lines, left=2)


def aligned(header: Sequence[str], lines: Iterable[Sequence[str]], *, left: int) -> str:
    """Columns of plain text, the first `left` of them to the left; Chinese counts two."""
    every = [tuple(header), *map(tuple, lines)]
    widths = [max(width(cell) for cell in column) for column in zip(*every, strict=True)]
    rule = tuple("-" * one for one in widths)

    def written(cells: Sequence[str]) -> str:
        padded = (
            cell + " " * (room - width(cell)) if place < left else " " * (room - width(cell)) + cell
            for place, (cell, room) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    return "\n".join(written(cells) for cells in (every[0], rule, *every[1:]))


def width(text: str) -> int:
    """How many columns a terminal gives the text.

    >>> width("函匠 ok")
    7
    """
    return sum(map(_columns, text))


def cut(text: str, columns: int) -> str:
    """The text on one line, within so many columns.

    >>> cut("函匠说出要计算什么", 8)
    '函匠说…'
    """
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    kept, used = "", 1
    for character in text:
        used += _columns(character)
        if used > columns:
            break
        kept += character
    return kept + "…"


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def interval(ends: Sequence[float]) -> str:
    return f"{100 * ends[0]:.1f}–{100 * ends[1]:.1f}"


def parted(records: Iterable[Record], key: Callable[[Record], str]) -> dict[str, list[Record]]:
    """The records by key, keys in the order in which they first come."""
    parts: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        parts[key(record)].append(record)
    return dict(parts)


def share_of(right: int, count: int) -> dict[str, Any]:
    """A share with its interval, as result files have it."""
    return {
        "n": count,
        "right": right,
        "share": round(right / count, 6) if count else 0.0,
        "interval": [round(end, 6) for end in wilson(right, count)],
    }


def counted(records: Iterable[Record], mark: str) -> int:
    """How many records have the mark."""
    return sum(bool(record.get(mark)) for record in records)


def paired(first: Sequence[Record], second: Sequence[Record]) -> dict[str, Any]:
    """Two paths on the same rows in the same order."""
    rights = [(bool(a["right"]), bool(b["right"])) for a, b in zip(first, second, strict=True)]
    count = len(rights)
    split = {
        "both": rights.count((True, True)),
        "only_first": rights.count((True, False)),
        "only_second": rights.count((False, True)),
        "neither": rights.count((False, False)),
    }
    shares = [share_of(sum(pair[place] for pair in rights), count) for place in (0, 1)]
    medians = [statistics.median(r["seconds"] for r in some) for some in (first, second)]
    return {
        "n": count,
        "right": [share["right"] for share in shares],
        "share": [share["share"] for share in shares],
        "interval": [share["interval"] for share in shares],
        "points": round(100 * (shares[0]["share"] - shares[1]["share"]), 4),
        "paired": split,
        "p": sign_test(split["only_first"], split["only_second"]),
        "median_seconds": [round(median, 4) for median in medians],
        "ratio": round(medians[0] / medians[1], 4) if medians[1] > 0 else None,
    }


def verdict_of(record: Record) -> str:
    """A record's verdict, or its kind in brackets where no function came."""
    return str(record.get("verdict") or f"({record['kind']})")


def title(result: Mapping[str, Any]) -> str:
    """What was measured, of which code, and where."""
    code, facts = result["code"], result["machine"]
    commit = (code["commit"] or "no commit")[:12] + (" with changes" if code["dirty"] else "")
    return (
        f"{result['suite']}: {result['model']} ({result['sha256'][:12]}), {commit}\n"
        f"{facts['cpu']}, {facts['cores']} cores, Python {facts['python']}"
    )


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _figures(group: str, records: Sequence[Record]) -> dict[str, Any]:
    count = len(records)
    seconds = [record["seconds"] for record in records]
    figures: dict[str, Any] = {
        **share_of(counted(records, "right"), count),
        "seconds": {
            "median": round(statistics.median(seconds), 4),
            "mean": round(statistics.fmean(seconds), 4),
        },
        "generated_tokens": statistics.fmean(r["tokens"]["generated"] for r in records),
        "prompt_tokens": statistics.fmean(r["tokens"]["prompt"] for r in records),
        "model_calls": statistics.fmean(record["model_calls"] for record in records),
        "failed": counted(records, "failed"),
        "kinds": {key: len(some) for key, some in parted(records, _kind).items()},
    }
    if group in ("function", "data"):
        figures["verdicts"] = {
            verdict: share_of(counted(some, "right"), len(some))
            for verdict, some in parted(records, verdict_of).items()
        }
    if group == "parameters":
        for mark in ("name_right", "arguments_right", "result_right"):
            figures[mark] = share_of(counted(records, mark), count)
    if group == "missing":
        for mark in ("asked", "named", "invented"):
            figures[mark] = share_of(counted(records, mark), count)
        figures["values"] = share_of(
            sum(record["values_asked"] for record in records),
            sum(record["values"] for record in records),
        )
    return figures


def _kind(record: Record) -> str:
    return str(record["kind"])


def _verdicts_table(groups: Mapping[str, Any]) -> str:
    written = groups.get("function") or groups.get("data") or {}
    verdicts = written.get("all", {}).get("verdicts", {})
    lines = [
        (
            verdict,
            str(one["n"]),
            str(one["right"]),
            percent(one["share"]),
            interval(one["interval"]),
        )
        for verdict, one in sorted(verdicts.items(), key=lambda item: -item[1]["n"])
    ]
    return aligned(("verdict", "n", "right", "%", "95 %"), lines, left=1) if lines else ""


def _notes(groups: Mapping[str, Any]) -> str:
    marks = {
        "parameters": ("name_right", "arguments_right", "result_right"),
        "missing": ("asked", "named", "invented", "values"),
    }
    lines = [
        (
            group,
            "values asked for" if mark == "values" else mark.replace("_", " "),
            str(groups[group]["all"][mark]["n"]),
            str(groups[group]["all"][mark]["right"]),
            percent(groups[group]["all"][mark]["share"]),
            interval(groups[group]["all"][mark]["interval"]),
        )
        for group, names in marks.items()
        if group in groups
        for mark in names
    ]
    for group, parts in groups.items():
        one = parts["all"]
        if one["failed"]:
            lines.append((group, "failures of ours", str(one["n"]), str(one["failed"]), "", ""))
    return aligned(("group", "of which", "n", "count", "%", "95 %"), lines, left=2) if lines else ""


def _wrong_table(rows: Sequence[Record]) -> str:
    lines = [
        (
            row["id"],
            str(row.get("kind")),
            str(row.get("verdict") or "–"),
            f"{row['seconds']:.1f}",
            cut(str(row.get("error") or dumps(row.get("got"))), _WRONG_CHARACTERS),
        )
        for row in rows
        if not row["right"]
    ]
    return aligned(("wrong", "kind", "verdict", "s", "got"), lines, left=5) if lines else ""
