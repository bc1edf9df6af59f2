"""Fit the probability of written functions to problems with known answers."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import RequestInvalid
from ..generate.calibration import ESTIMATE, VERDICTS, Fit, Signs, fitted
from . import machine
from .calibration import calibration

FOLDS = 5
_LEAST = 30


def fit(results: Sequence[Path]) -> dict[str, Any]:
    """A fit on the rows of result files of `evaluate`, and how far off it is on rows it has not seen.

    The rows are dealt into five parts; each part's probabilities come from a fit on the others. All
    the files must be of one model.
    """
    rows: list[tuple[Signs, bool]] = []
    models: set[tuple[str, str]] = set()
    sources: list[dict[str, Any]] = []
    for path in results:
        content = _read(path)
        models.add((content["model"], content["sha256"]))
        sources.append({key: content[key] for key in ("suite", "code", "data")})
        rows += [
            (_signs(row["signs"]), bool(row["right"]))
            for row in content["rows"]
            if row.get("signs") and row["right"] is not None
        ]
    if len(models) > 1:
        raise RequestInvalid(
            {
                "en": "The result files are of different models.",
                "zh": "这些结果文件来自不同的模型。",
            },
            hint={"en": "Fit each model by itself.", "zh": "请对每个模型分别拟合。"},
        )
    if len(rows) < _LEAST:
        raise RequestInvalid(
            {
                "en": f"{len(rows)} rows are too few to fit: at least {_LEAST}.",
                "zh": f"只有 {len(rows)} 行，不足以拟合：至少需要 {_LEAST} 行。",
            },
            hint={
                "en": "Measure more: funcsmith evaluate mbpp_train",
                "zh": "请多测一些：funcsmith evaluate mbpp_train",
            },
        )
    model, sha256 = models.pop()
    random.Random(0).shuffle(rows)  # noqa: S311 - the same parts each time, nothing secret
    unseen: list[tuple[float, bool]] = []
    for part in range(FOLDS):
        others = [row for at, row in enumerate(rows) if at % FOLDS != part]
        learned = Fit(fitted(others), model, {})
        unseen += [
            (learned.probability(signs), right)
            for at, (signs, right) in enumerate(rows)
            if at % FOLDS == part
        ]
    return {
        "model": model,
        "sha256": sha256,
        "weights": fitted(rows),
        "rows": len(rows),
        "right": sum(right for _, right in rows),
        "unseen": _short(calibration(unseen)),
        "without_fit": _short(calibration([(ESTIMATE.probability(s), r) for s, r in rows])),
        "fitted_on": sources,
        "date": machine.now(),
    }


def write(made: dict[str, Any], path: Path) -> None:
    """Put a fit into a file of fits, in the place of the model's older one."""
    try:
        kept = json.loads(path.read_text("utf-8"))["fits"]
    except (OSError, ValueError, KeyError, TypeError):
        kept = []
    fits = [made, *(one for one in kept if one.get("model") != made["model"])]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.part")
        partial.write_text(json.dumps({"fits": fits}, ensure_ascii=False, indent=1) + "\n", "utf-8")
        partial.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise RequestInvalid(
            {"en": f"{path} cannot be written: {why}.", "zh": f"无法写入 {path}：{why}。"},
            hint={"en": "Give another file with --out.", "zh": "请用 --out 指定其他文件。"},
        ) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
        for key in ("model", "sha256", "suite", "code", "data", "rows"):
            content[key]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RequestInvalid(
            {
                "en": f"{path} is no result file of a suite of functions: {error}.",
                "zh": f"{path} 不是函数评测集的结果文件：{error}。",
            },
            hint={
                "en": "Make one: funcsmith evaluate mbpp_train",
                "zh": "请先生成：funcsmith evaluate mbpp_train",
            },
        ) from error
    return dict(content)


def _signs(described: dict[str, Any]) -> Signs:
    verdict = described["verdict"]
    return Signs(
        verdict if verdict in VERDICTS else "unverified",
        float(described["logprob"]),
        float(described["share"]),
        int(described["versions"]),
    )


def _short(found: dict[str, Any]) -> dict[str, Any]:
    return {key: found[key] for key in ("n", "error", "brier")}
