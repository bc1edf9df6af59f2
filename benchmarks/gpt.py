"""A GPT from nothing on the prepared data, and what it is worth on functions that it never saw.

    python benchmarks/gpt.py --data FOLDER [--minutes 60] [--depth 6] [--records 200]

`FOLDER` is one of `funcsmith data prepare`. The GPT is made by `funcsmith train`'s own code; then
records of test.jsonl, whose functions stand on no other side, are answered the direct way by it, by
whoever always says the commonest thing, and by the pretrained 0.5B through llama.cpp. Stopped, the
same command goes on. Kept: the result, and curves.png and the journals beside it.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from funcsmith.errors import EngineFailed
from funcsmith.evaluate import machine, report
from funcsmith.evaluate.rows import Rows
from funcsmith.execute import Sandbox
from funcsmith.models.engine import Engine
from funcsmith.models.transformers import Transformers
from funcsmith.settings import settings
from funcsmith.starting import start
from funcsmith.training.direct import answer_directly
from funcsmith.training.evaluation import majority
from funcsmith.training.record import Record, read_records
from funcsmith.training.scoring import Prediction, score
from funcsmith.training.scratch import Order, from_scratch

RESULTS = Path(__file__).parent / "results"
LEAST_PARAMETERS = 5_000_000
PATHS = ("own", "majority", "pretrained")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("/tmp/funcsmith-gpt"))  # noqa: S108 - said in the help
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--depth", type=int, default=6)
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--model", default="small", help="the pretrained one beside it")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    order = Order(options.data, options.work, depth=options.depth, minutes=options.minutes)
    with Sandbox() as sandbox:
        told = Told()
        made = from_scratch(order, watch=told, sandbox=sandbox)
        records = drawn(options.data / "test.jsonl", options.records)
        answers, seconds = answered(order, records, options.model)
        figures = {
            path: score(answers[path], sandbox=sandbox).to_json() for path in answers
        } | languages(answers, sandbox)
    name = f"gpt-depth{options.depth}-minutes{options.minutes:g}"
    out = options.out or RESULTS / f"{name}.json"
    report.write(
        {
            "suite": "gpt",
            "code": machine.code(),
            "machine": machine.machine(),
            "training": made,
            "records": {"asked": options.records, "found": len(records)},
            "pretrained": machine.model_facts(options.model),
            "figures": figures,
            "seconds_a_record": seconds,
        },
        out,
    )
    shutil.copy(options.work / "curves.png", out.with_suffix(".png"))
    for stage in ("pretrain", "task"):
        journal = options.work / "stages" / stage / "metrics.jsonl"
        shutil.copy(journal, out.with_name(f"{out.stem}-{stage}.jsonl"))
    shown(figures)
    print(f"{made['parameters']:,} parameters, {made['seconds']:.0f} s; written to {out}")
    raise SystemExit(0 if made["parameters"] >= LEAST_PARAMETERS else 1)


def drawn(path: Path, count: int) -> list[Record]:
    """So many records, those with the smallest hashes: no order of the file decides."""
    every = sorted(read_records(path), key=lambda one: hashlib.sha256(one.id.encode()).hexdigest())
    return every[:count]


def answered(
    order: Order, records: list[Record], model: str
) -> tuple[dict[str, list[tuple[Record, Prediction]]], dict[str, float]]:
    """The answers of each path, those of an earlier run too, and seconds a record."""
    facts = {
        "weights": hashlib.sha256((order.out / "model.safetensors").read_bytes()).hexdigest(),
        "pretrained": machine.model_facts(model),
        "code": machine.code()["sha256"],
        "records": [one.id for one in records],
    }
    train = list(read_records(order.data / "train.jsonl"))
    ways: dict[str, Callable[[], Any]] = {
        "own": lambda: held(Transformers(order.out, model="own")),
        "pretrained": lambda: held(start(model, settings(), None)),
    }
    found = {"majority": majority(train, records)}
    seconds: dict[str, float] = {}
    with Rows(order.out / "answers.rows.jsonl", facts) as rows:
        for path, opened in ways.items():
            if any((one.id, path) not in rows.found for one in records):
                with opened() as engine:
                    for number, one in enumerate(records):
                        if (one.id, path) not in rows.found:
                            rows.add(asked(engine, one, path))
                        print(f"\r{path} {number + 1}/{len(records)}", end="", flush=True)
                print()
            found[path] = [(one, said(rows.found[one.id, path])) for one in records]
            spent = [rows.found[one.id, path]["seconds"] for one in records]
            seconds[path] = round(sum(spent) / max(1, len(spent)), 3)
    return {path: found[path] for path in PATHS}, seconds


@contextmanager
def held(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.close()


def asked(engine: Engine, record: Record, path: str) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        got = answer_directly(engine, record.text, record.tools, now=record.now, max_tokens=300)
        failed = ""
    except EngineFailed as error:
        # A prompt that a model cannot read is answered with nothing, and counted.
        got, failed = Prediction("none"), str(error)
    row = {"id": record.id, "path": path, "failed": failed, **dataclasses.asdict(got)}
    return {**row, "seconds": round(time.perf_counter() - started, 3)}


def said(row: dict[str, Any]) -> Prediction:
    return Prediction(
        row["kind"], row["function"], row["arguments"], tuple(row["missing"]), row["source"]
    )


def languages(
    answers: dict[str, list[tuple[Record, Prediction]]], sandbox: Sandbox
) -> dict[str, Any]:
    """The same figures for each language alone."""
    return {
        f"{path} {language}": score(
            [pair for pair in pairs if pair[0].language == language], sandbox=sandbox
        ).to_json()
        for path, pairs in answers.items()
        for language in ("zh", "en")
    }


def shown(figures: dict[str, Any]) -> None:
    wanted = ("exact", "functions", "asks", "invented", "idle", "passed")
    print(f"{'':<16}{'F1':>7}" + "".join(f"{name:>18}" for name in wanted))
    for path, one in figures.items():
        cells = [
            f"{one[name]['right']}/{one[name]['count']} {one[name]['share'] or 0:.0%}"
            for name in wanted
        ]
        print(f"{path:<16}{one['detection_f1']:>7.3f}" + "".join(f"{cell:>18}" for cell in cells))


class Told:
    """A line now and then, so that whoever waits sees it live."""

    def __init__(self) -> None:
        self.last = 0.0

    def __call__(self, stage: str, kind: str, step: int, values: Any) -> None:
        if kind != "train" or time.monotonic() - self.last > 30:
            self.last = time.monotonic()
            print(stage, step, kind, json.dumps(dict(values)), flush=True)


if __name__ == "__main__":
    main()
