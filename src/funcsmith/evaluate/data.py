"""The suite of `benchmarks/data`: texts over files, through the whole pipeline.

Each text comes with the files that it is about, as a user would hand them in. The library is empty
and nothing is kept, so the rows do not help each other. A part is a share of the texts
("development" was tuned on, "blind" was not) or a language.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..contract import Request
from ..errors import RequestInvalid
from ..settings import settings
from . import machine, report
from .data_judge import data_right
from .measurement import Way, measure
from .rows import Row
from .texts import (
    PATH,
    OpenPipeline,
    Runs,
    Teller,
    answered,
    came,
    default_out,
    facts_over,
    opened,
    sample,
)

SUITE = "data"
PARTS = ("development", "blind", "zh", "en")
NOW = "2024-06-30T12:00:00+08:00"


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
    """Run the suite; see `run_suite`."""
    folder = find_folder(texts)
    chosen = sample(read_rows(folder, groups), limit, seed)
    name = model or settings().model
    facts = facts_of(folder, name, seed)
    out = out or default_out(folder, f"{SUITE}-{facts['model']}", limit=limit, groups=groups)

    @contextlib.contextmanager
    def ways() -> Iterator[dict[str, Way]]:
        with opened(None, name, pipeline) as (runs, _):
            yield {PATH: lambda row: measured(row, runs, folder, seed=seed)}

    return measure(
        SUITE,
        facts,
        chosen,
        paths=[PATH],
        ways=ways,
        tell=lambda rows: on_row or Teller(len(chosen), rows),
        totals=lambda by_path: {"totals": report.totals(by_path[PATH])},
        about={"limit": limit, "groups": list(groups or ())},
        out=out,
    )


def find_folder(texts: Path | None = None) -> Path:
    """The folder of texts and files: as given, else the checkout's own."""
    root = machine.checkout()
    told = texts or os.environ.get("FUNCSMITH_TEXTS") or (root and root / "benchmarks" / "data")
    folder = Path(told).expanduser() if told else None
    if folder is None or not (folder / "texts.jsonl").is_file() or not (folder / "files").is_dir():
        raise RequestInvalid(
            {
                "en": f"The texts over files are not in {folder}."
                if folder
                else "The texts over files do not come with the installed package.",
                "zh": f"{folder} 里没有数据评测文本。" if folder else "安装包不含数据评测文本。",
            },
            hint={
                "en": "Set FUNCSMITH_TEXTS to the folder benchmarks/data of the repository.",
                "zh": "请把 FUNCSMITH_TEXTS 设为代码仓库的 benchmarks/data 文件夹。",
            },
        )
    return folder.absolute()


def read_rows(folder: Path, groups: Sequence[str] | None = None) -> list[Row]:
    """The rows of the parts, in the order of the file; the share is their level."""
    unknown = [group for group in groups or () if group not in PARTS]
    if unknown:
        raise RequestInvalid(
            {"en": f"There is no part '{unknown[0]}'.", "zh": f"没有 «{unknown[0]}» 这一部分。"},
            hint={"en": f"Parts: {', '.join(PARTS)}", "zh": f"部分：{'、'.join(PARTS)}"},
        )
    rows = [
        json.loads(line)
        for line in (folder / "texts.jsonl").read_text("utf-8").splitlines()
        if line.strip()
    ]
    shares = [group for group in groups or () if group in PARTS[:2]]
    languages = [group for group in groups or () if group in PARTS[2:]]
    return [
        {**row, "group": SUITE, "level": row["part"]}
        for row in rows
        if (not shares or row["part"] in shares) and (not languages or row["language"] in languages)
    ]


def facts_of(folder: Path, model: str, seed: int) -> dict[str, Any]:
    """What must be the same for two rows to belong to one measurement."""
    return facts_over([folder / "texts.jsonl", *(folder / "files").iterdir()], model, seed)


def measured(row: Row, runs: Runs, folder: Path, *, seed: int = 0) -> Row:
    """Run one row and judge what came; a failure of ours is a wrong row with its error."""
    inputs = {name: {"path": str(folder / "files" / file)} for name, file in row["files"].items()}
    request = Request.model_validate(
        {"id": row["id"], "text": row["text"], "inputs": inputs, "now": NOW, "seed": seed}
    )
    outcome, seconds = answered(runs, request)
    ok = outcome.result is not None and outcome.result.status == "ok"
    return {
        **heading(row),
        **came(outcome, seconds),
        "right": ok and data_right(outcome.value, row),
        "got": outcome.value,
    }


def heading(row: Row) -> Row:
    """What a record repeats of its row."""
    return {
        "id": row["id"],
        "group": SUITE,
        "language": row["language"],
        "level": row["level"],
        "expected": row["expected"],
    }
