"""From a folder of data to an adapter in service: search, train, convert, gate, compare, install.

Each step leaves a file in the work folder, and is not done again where that file is there: the same
command goes on where it was stopped, also by `kill -9`. Only an adapter that passed the gate is
installed.

    work/
      order.json        what was asked for; another order wants another folder
      search.json       learning rates and batches that were tried
      training/         checkpoints and metrics.jsonl of the loop
      adapter/          PEFT's adapter with the best weights
      <name>.gguf       the same, converted
      gate.json         what the gate saw
      comparison.json   the base beside the adapter on held-out records
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import AdapterUnfit, InputInvalid, SettingInvalid
from ..evaluate import machine, measurement
from ..evaluate.files import drawn
from ..models import adapters
from ..models.adapters import Adapter
from ..models.carriers import sha256
from ..settings import Settings
from . import lora
from .answering import BASE, answered, right_of, scored, serving, way
from .checkpoint import write_json
from .conversion import convert
from .gate import gate, passed
from .record import Record, read_records
from .rendering import WAYS, Rendered, Way, render
from .rounds import Said, cut_to, kinds_of, tokens_of
from .scoring import score

if TYPE_CHECKING:
    from ..models.progress import Progress

RAW, ADAPTED = "raw", "adapter"
Say = Callable[[str, dict[str, Any]], object]
"""Told each step and its figures."""


@dataclass(frozen=True)
class Order:
    """What is to be made of which data."""

    data: Path
    """A folder with train.jsonl, dev.jsonl and test.jsonl."""
    base: str
    name: str
    """The adapter's."""
    recipe: lora.Recipe = field(default_factory=lora.Recipe)
    ways: tuple[Way, ...] = WAYS
    """How records are said, in turns; one that cannot be said so is said directly."""
    check_records: int = 24
    """Held-out records answered at each evaluation while training."""
    gate_records: int = 60
    allowed_points: float = 2.0
    test_records: int = 150
    install: bool = True


@dataclass(frozen=True)
class Finetuned:
    """What came of an order."""

    adapter: Adapter | None
    """None where it was not to be installed."""
    gate: dict[str, Any]
    comparison: dict[str, Any]
    training: dict[str, Any]
    work: Path


def finetune(
    order: Order,
    work: Path,
    settings: Settings,
    *,
    say: Say | None = None,
    progress: Progress | None = None,
) -> Finetuned:
    """Make the adapter. Raises `AdapterUnfit` where the gate refuses it, and then installs nothing."""
    adapters.named(order.name)
    tell = say or (lambda _step, _figures: None)
    records = {split: _read(order.data, split) for split in ("train", "dev", "test")}
    told = _ordered(order, records, work)
    base = lora.load(order.base, settings, progress)
    if not base.is_gguf:
        raise _no_gguf(base)
    tell("base", {"model": base.name, "sha256": base.sha256})
    model = lora.adapted(base, order.recipe)
    dev = _drawn([one for one in records["dev"] if one.kind != "function"], order.gate_records)
    training = _trained(order, base, model, records, dev, work, settings, tell)
    _saved(model, work / "adapter")
    file = work / f"{order.name}.gguf"
    converted = convert(work / "adapter", base.path, file)
    tell("converted", {"matrices": converted.matrices, "bytes": file.stat().st_size})
    with serving(
        base.path, model=base.name, sha256=base.sha256, adapter=file, settings=settings
    ) as served:
        seen = _gated(order, base, model, dev, served, work, told, tell)
        comparison = _compared(order, base, records["test"], served, work, told, tell)
    if not order.install:
        return Finetuned(None, seen, comparison, training, work)
    installed = adapters.install(
        Adapter(
            name=order.name,
            path=file,
            base=base.name,
            base_sha256=base.sha256,
            sha256="",
            made=machine.now(),
            data={
                "folder": order.data.name,
                "sha256": told["data"],
                "records": {split: len(some) for split, some in records.items()},
            },
            figures={"gate": _brief(seen), "held_out": comparison["figures"]},
            training=training,
        ),
        file,
        settings,
    )
    tell("installed", {"name": installed.name, "path": str(installed.path)})
    return Finetuned(installed, seen, comparison, training, work)


# The steps


def _trained(
    order: Order,
    base: lora.Base,
    model: Any,
    records: dict[str, list[Record]],
    dev: Sequence[Record],
    work: Path,
    settings: Settings,
    tell: Say,
) -> dict[str, Any]:
    """Search and train; the model has the best weights afterwards."""
    recipe = order.recipe
    # No row is as short as that, so these are more than the budget takes.
    first = records["train"][: max(100, recipe.tokens // _SHORTEST)]
    rendered, unsaid = said_in(first, order.ways)
    kinds = kinds_of(rendered, base.tokenizer, chatml=base.chatml, longest=recipe.longest)
    said = sum(map(len, kinds))
    kinds = cut_to(kinds, recipe.tokens)
    looked, _ = said_in(dev[: order.check_records], order.ways)
    held_out = kinds_of(looked, base.tokenizer, chatml=base.chatml, longest=recipe.longest)
    tell(
        "data",
        {
            "examples": sum(map(len, kinds)),
            "tokens": tokens_of(kinds),
            **(used := _used(kinds)),
            "left_out": unsaid + len(rendered) - said,
        },
    )
    found = lora.search(
        model,
        kinds,
        held_out,
        recipe,
        work,
        watch=lambda trial: tell("trial", asdict(trial)),
    )
    tell("search", {"learning_rate": found.learning_rate, "rows": found.rows})
    some = list(dev[: order.check_records])
    taught = lora.teach(
        model,
        kinds,
        found,
        recipe,
        work / "training",
        evaluate=lambda tuned, _step: _checked(tuned, base, some, work, settings),
        watch=lambda kind, step, values: tell(kind, {"step": step, **values}),
    )
    return {
        "rank": recipe.rank,
        "alpha": recipe.alpha,
        "learning_rate": found.learning_rate,
        "rows": found.rows,
        "steps": taught.steps,
        "best_step": taught.trained.best_step,
        "tokens": taught.tokens + found.tokens,
        "tokens_of_search": found.tokens,
        "tokens_per_second": taught.tokens_per_second,
        "examples": sum(map(len, kinds)),
        **used,
        "seed": recipe.seed,
        "ways": list(order.ways),
    }


def _checked(
    model: Any,
    base: lora.Base,
    records: Sequence[Record],
    work: Path,
    settings: Settings,
) -> dict[str, float]:
    """The task in its own terms, served as it will be: converted, beside the quantised base."""
    folder = work / "check"
    _saved(model, folder)
    file = folder / "check.gguf"
    convert(folder, base.path, file)
    with serving(
        base.path, model=base.name, sha256=base.sha256, adapter=file, settings=settings
    ) as engine:
        pairs = answered(engine, records)
    figures = score(pairs)
    return {
        "right": right_of(pairs).share or 0.0,
        "detection_f1": figures.detection_f1,
        "exact": figures.exact.share or 0.0,
        "asks": figures.asks.share or 0.0,
    }


def _gated(
    order: Order,
    base: lora.Base,
    model: Any,
    dev: Sequence[Record],
    served: Any,
    work: Path,
    told: dict[str, Any],
    tell: Say,
) -> dict[str, Any]:
    """What the gate saw of these bytes, now or before an interruption. Raises `AdapterUnfit`."""
    from ..models.transformers import Transformers

    path = work / "gate.json"
    adapter = sha256(work / f"{order.name}.gguf")
    kept = _kept(path)
    if kept is not None and kept.get("adapter") == adapter:
        tell("gate", _brief(kept))
        if not kept["passed"]:
            raise AdapterUnfit(kept["refusal"], hint=kept["hint"])
        return kept
    engine = Transformers.over(model, base.tokenizer, name=base.name, chatml=base.chatml)
    seen = gate(
        dev,
        engine,
        served,
        allowed_points=order.allowed_points,
        watch=lambda name, share: tell("gate", {"which": name, **share.to_json()}),
    )
    result = {**seen.to_json(), "adapter": adapter, "order": told["sha256"]}
    try:
        passed(seen)
    except AdapterUnfit as refusal:
        words = {one: refusal.message(one) for one in ("en", "zh")}
        hint = {one: refusal.hint(one) for one in ("en", "zh")}
        write_json(path, {**result, "passed": False, "refusal": words, "hint": hint})
        raise
    write_json(path, {**result, "passed": True})
    return {**result, "passed": True}


def _compared(
    order: Order,
    base: lora.Base,
    records: Sequence[Record],
    served: Any,
    work: Path,
    told: dict[str, Any],
    tell: Say,
) -> dict[str, Any]:
    """The base beside the adapter on records of functions that neither was trained on."""
    some = _drawn([one for one in records if one.kind != "function"], order.test_records)
    known = {one.id: one for one in some}
    paths = (RAW, ADAPTED)
    out = work / "comparison.json"
    adapter = sha256(work / f"{order.name}.gguf")
    kept = _kept(out)
    if kept is not None and (kept.get("adapter"), len(kept["rows"])) == (adapter, 2 * len(some)):
        tell("comparison", kept["figures"])
        return kept

    @contextmanager
    def ways() -> Iterator[dict[str, measurement.Way]]:
        yield {
            RAW: way(served, known, RAW, BASE),
            ADAPTED: way(served, known, ADAPTED, None),
        }

    def totals(by_path: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
        figures = {path: scored(rows, known).to_json() for path, rows in by_path.items()}
        return {"figures": figures}

    result = measurement.measure(
        "held_out",
        {"model": base.name, "sha256": base.sha256, "adapter": adapter, "order": told["sha256"]},
        [{"id": one.id, "language": one.language, "wanted": one.kind} for one in some],
        paths=paths,
        ways=ways,
        tell=lambda rows: (
            lambda row: tell(
                "answer", {"path": row["path"], "right": row["right"], "done": len(rows.found)}
            )
        ),
        totals=totals,  # type: ignore[arg-type]  # a Mapping of lists is what it is given
        about={"data": order.data.name},
        out=out,
    )
    tell("comparison", result["figures"])
    return result


# Data and orders


def said_in(
    records: Iterable[Record], ways: Sequence[Way]
) -> tuple[list[tuple[Record, Rendered]], int]:
    """Records as they are asked, the ways in turns; and how many cannot be said in their way.

    Those are said directly, where that is among the ways, and else left out.
    """
    found: list[tuple[Record, Rendered]] = []
    unsaid = 0
    for number, record in enumerate(records):
        try:
            found.append((record, render(record, way=ways[number % len(ways)])))
        except InputInvalid:
            if "direct" in ways:
                found.append((record, render(record, way="direct")))
            else:
                unsaid += 1
    return found, unsaid


_SHORTEST = 60
"""Tokens of a row behind its beginning, at the least."""


def _used(kinds: Sequence[Sequence[Said]]) -> dict[str, Any]:
    """What the examples are made of: how many of each language and kind."""
    records = [one.record for kind in kinds for one in kind if one.record is not None]
    languages = Counter(one.language for one in records)
    kinds_said = Counter(one.kind for one in records)
    return {"languages": dict(languages), "kinds": dict(sorted(kinds_said.items()))}


def _read(data: Path, split: str) -> list[Record]:
    path = data / f"{split}.jsonl"
    found = list(read_records(path))
    if not found:
        raise InputInvalid(
            {"en": f"{path} has no records.", "zh": f"{path} 中没有记录。"},
            hint={"en": "funcsmith data prepare", "zh": "funcsmith data prepare"},
        )
    return found


def _drawn(records: Sequence[Record], count: int) -> list[Record]:
    """So many records, drawn by their ids, in their order."""
    wanted = drawn((one.id for one in records), count, 0)
    return [one for one in records if one.id in wanted]


def _ordered(order: Order, records: dict[str, list[Record]], work: Path) -> dict[str, Any]:
    """The order as it is kept in the work folder. Raises `SettingInvalid` where another is there."""
    digest = hashlib.sha256()
    for split, some in records.items():
        digest.update(f"{split}\0{len(some)}\0".encode())
        for one in some:
            digest.update(one.id.encode())
    plain = {**asdict(order), "data": digest.hexdigest()}
    # Where it goes and how long it is looked at change nothing that was trained.
    trained = {
        key: value
        for key, value in plain.items()
        if key not in ("install", "gate_records", "test_records", "allowed_points")
    }
    said = json.dumps(trained, sort_keys=True)
    told = {**trained, "sha256": hashlib.sha256(said.encode()).hexdigest()}
    kept = _kept(work / "order.json")
    if kept is not None and kept != json.loads(json.dumps(told)):
        raise SettingInvalid(
            {
                "en": f"{work} is the work of another order: its data or settings differ.",
                "zh": f"{work} 属于另一次微调：数据或设置不同。",
            },
            hint={
                "en": "Give another folder with --work, or remove this one.",
                "zh": "请用 --work 指定其他文件夹，或删除这个。",
            },
        )
    write_json(work / "order.json", told)
    return told


def _saved(model: Any, folder: Path) -> None:
    """PEFT's adapter in a folder: its settings and its matrices."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder))


def _kept(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _brief(seen: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in seen.items() if key not in ("details", "order", "adapter")}


def _no_gguf(base: lora.Base) -> SettingInvalid:
    return SettingInvalid(
        {
            "en": f"{base.path} is a folder: it serves as it is, and llama.cpp has no base for an "
            "adapter of it.",
            "zh": f"{base.path} 是文件夹：可以直接用于服务，但 llama.cpp 没有对应的基础模型。",
        },
        hint={
            "en": "Train it whole with `funcsmith train`, or give a GGUF file.",
            "zh": "请用 `funcsmith train` 训练整个模型，或给出 GGUF 文件。",
        },
    )


__all__ = ["ADAPTED", "RAW", "Finetuned", "Order", "finetune", "said_in"]
