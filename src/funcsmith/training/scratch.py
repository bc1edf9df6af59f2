"""A GPT from nothing: tokenizer, pretraining, the task, a folder that serves.

Every stage is gone on with where it was interrupted, by the same command: what was decided first
(the steps that fit the time) is kept in `plan.json`, where each stage stands in its folder.

    out/
      plan.json                    what was decided before the first step
      stages/pretrain, stages/task metrics.jsonl and checkpoints/ of each
      config.json, model.safetensors, tokenizer.json …   what serves
      training.json                everything that it came of, and what it is worth
      curves.png
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers import AutoTokenizer
from transformers.utils import logging

from ..errors import InputInvalid, SettingInvalid
from ..evaluate import machine
from ..settings import settings
from . import curves
from .checkpoint import write_json
from .corpus import (
    Answers,
    Packed,
    decontaminated_texts,
    examples_of_records,
    ids_of,
    mixed,
    standard_library,
    texts_of_conversations,
    texts_of_files,
    texts_of_records,
)
from .decontamination import evaluation_sets
from .evaluation import MAIN, TaskEvaluation
from .gpt import Activation, Shape, make, parameters
from .record import Record, read_records
from .rendering import WAYS, Way
from .tokenizer import characters_a_token, train_tokenizer
from .trainer import Evaluate, Plan, Source, Trained, held_out_loss, losses, processes, train

if TYPE_CHECKING:
    from ..execute import Sandbox

Watch = Callable[[str, str, int, Mapping[str, Any]], object]
"""Told the stage, and what the trainer tells: kind, step, values."""

_STAGES = ("pretrain", "task")
_TASK_RATE = 0.5
"""The task's learning rate, of that of pretraining."""
_HELD_OUT_BATCHES = 4
_PACKAGES = ("funcsmith", "torch", "transformers", "accelerate", "tokenizers")


@dataclass(frozen=True)
class Order:
    """What is to be made. Of `minutes` the steps follow, unless they are given."""

    data: Path
    """A folder of `funcsmith data prepare`: train.jsonl, dev.jsonl."""
    out: Path
    depth: int = 6
    activation: Activation = "relu"
    vocabulary: int = 8192
    context_tokens: int = 1024
    minutes: float = 60.0
    task_share: float = 0.6
    """Which share of the time the task gets; pretraining has the rest."""
    pretrain_steps: int | None = None
    task_steps: int | None = None
    ways: tuple[Way, ...] = WAYS
    texts: tuple[Path, ...] = ()
    """Files or folders of the user's own to pretrain on."""
    library: bool = True
    """Whether functions of Python's standard library are pretrained on."""
    evaluated: int = 60
    """Records of each evaluation."""
    evaluations: int = 8
    """Evaluations in each stage."""
    seed: int = 0
    checkpoint_seconds: float = 60.0


def from_scratch(
    order: Order, *, watch: Watch | None = None, sandbox: Sandbox | None = None
) -> dict[str, Any]:
    """Make the model, on from where its folder stands; what `training.json` says.

    Raises `InputInvalid` for data that cannot be used, `SettingInvalid` where the folder holds
    something else.
    """
    state = processes()
    begun = time.perf_counter()
    data = _Data.read(order)
    # The first process makes what all of them read.
    with state.main_process_first():
        if state.is_main_process:
            for left in order.out.glob(".*.part"):
                shutil.rmtree(left, ignore_errors=True)
        tokenizer = _tokenizer(order, data)
    shape = Shape.of(order.depth, context_tokens=order.context_tokens, activation=order.activation)
    model = make(shape, tokenizer, seed=order.seed)
    sources = _Sources.of(order, data, tokenizer, shape)
    with state.main_process_first():
        plan = _plan(order, data, sources, model, state.num_processes)
    found: dict[str, Trained] = {}
    evaluators: dict[str, Evaluate] = {
        "pretrain": lambda model, _: {"loss": _held_out(model, sources.held_out_text)},
        "task": TaskEvaluation(
            tokenizer,
            _spread(data.dev, order.evaluated),
            sources.held_out,
            batches=_HELD_OUT_BATCHES,
            sandbox=sandbox,
        ),
    }
    for stage in _STAGES:
        found[stage] = train(
            model,
            getattr(sources, stage),
            _stage_plan(stage, plan["steps"][stage], shape, order),
            order.out / "stages" / stage,
            evaluate=evaluators[stage],
            watch=_told(watch, stage),
            checkpoint_seconds=order.checkpoint_seconds,
        )
    made: dict[str, Any] = {
        **plan,
        "command": ["funcsmith", *sys.argv[1:]],
        "made_at": machine.now(),
        "machine": machine.machine(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "threads": torch.get_num_threads(),
        "processes": state.num_processes,
        "parameters": parameters(model),
        "stages": {stage: asdict(one) for stage, one in found.items()},
        "seconds": round(time.perf_counter() - begun, 1),
    }
    if state.is_main_process:
        _save(order.out, model, tokenizer, made)
    state.wait_for_everyone()
    return made


@dataclass(frozen=True)
class _Data:
    train: list[Record]
    dev: list[Record]
    texts: list[str]
    files: dict[str, str]
    """The sha256 of what was read."""
    apart: dict[str, int]
    """Texts left out since they share words with an evaluation set, by the set."""

    @classmethod
    def read(cls, order: Order) -> _Data:
        sides: dict[str, list[Record]] = {}
        files: dict[str, str] = {}
        for side in ("train", "dev"):
            path = order.data / f"{side}.jsonl"
            sides[side] = list(read_records(path))
            files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
            if not sides[side]:
                raise InputInvalid(
                    {"en": f"{path} has no records.", "zh": f"{path} 里没有记录。"},
                    hint={
                        "en": "Prepare data first: funcsmith data prepare",
                        "zh": "请先准备数据：funcsmith data prepare",
                    },
                )
        texts = [*(standard_library() if order.library else ()), *texts_of_files(order.texts)]
        apart: dict[str, int] = {}
        if texts:
            # Records were held against them when they were prepared.
            texts, apart = decontaminated_texts(texts, evaluation_sets(settings().data))
        files["texts"] = hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()
        return cls(sides["train"], sides["dev"], texts, files, apart)

    def kinds(self) -> dict[str, list[str]]:
        """Texts by what they are, for the tokenizer's figures."""
        every = [text for one in self.train for text in texts_of_records([one])]
        return {
            "zh": [
                text for text, one in zip(every, self.train, strict=True) if one.language == "zh"
            ],
            "en": [
                text for text, one in zip(every, self.train, strict=True) if one.language == "en"
            ],
            "python": self.texts,
        }


@dataclass(frozen=True)
class _Sources:
    pretrain: Source
    task: Answers
    held_out: Answers
    held_out_text: Packed
    facts: dict[str, Any]

    @classmethod
    def of(cls, order: Order, data: _Data, tokenizer: Any, shape: Shape) -> _Sources:
        def packed(records: Sequence[Record], texts: Sequence[str], rows: int) -> Packed:
            said = [*texts_of_records(records)]
            asked = [*texts_of_conversations(tokenizer, records, order.ways)]
            every = mixed([(texts, 1), (said, 1), (asked, 1)], seed=order.seed)
            ids = ids_of(tokenizer, every)
            return Packed(ids, block=min(_BLOCK, order.context_tokens), rows=rows, seed=order.seed)

        block = min(_BLOCK, order.context_tokens)
        rows = max(1, shape.batch_tokens // block)
        examples, left_out = examples_of_records(
            tokenizer, data.train, ways=order.ways, context_tokens=order.context_tokens
        )
        held, _ = examples_of_records(
            tokenizer, data.dev, ways=order.ways, context_tokens=order.context_tokens
        )
        longest = sum(len(e.prompt) + len(e.answer) for e in examples) / max(1, len(examples))
        task_rows = max(1, min(64, round(shape.batch_tokens / max(1.0, longest))))
        task = Answers(examples, rows=task_rows, seed=order.seed)
        pretrain = packed(data.train, data.texts, rows)
        facts = {
            "records": {"train": len(data.train), "dev": len(data.dev)},
            "examples": len(examples),
            "left_out": left_out,
            "texts": {"kept": len(data.texts), "shared_with_evaluation_sets": data.apart},
            "pretrain_tokens": pretrain.tokens,
            "task_tokens": task.tokens,
        }
        held_out = Answers(held, rows=task_rows, seed=order.seed)
        return cls(pretrain, task, held_out, packed(data.dev, (), 4), facts)


_BLOCK = 256
"""Tokens of a row in pretraining: attention over more costs time and teaches a small model little."""


def _tokenizer(order: Order, data: _Data) -> Any:
    """The tokenizer of the folder, made where it is not there yet."""
    place = order.out / "tokenizer"
    if not (place / "tokenizer.json").exists():
        texts = [text for some in data.kinds().values() for text in some]
        # Chinese counts for more: there is less of it than of code.
        texts += 3 * data.kinds()["zh"]
        made = train_tokenizer(
            texts, vocabulary=order.vocabulary, context_tokens=order.context_tokens
        )
        writing = place.with_name(f".tokenizer.{os.getpid()}.part")
        made.save_pretrained(writing)
        if place.exists():
            shutil.rmtree(place)
        os.replace(writing, place)
    return AutoTokenizer.from_pretrained(place, local_files_only=True)


def _plan(
    order: Order, data: _Data, sources: _Sources, model: Any, processes: int
) -> dict[str, Any]:
    """What was decided before the first step; decided now where the folder is new."""
    path = order.out / "plan.json"
    told = _facts(order)
    if path.exists():
        plan: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if plan["order"] != told or plan["files"] != data.files:
            raise SettingInvalid(
                {
                    "en": f"{order.out} was begun with other data or other options.",
                    "zh": f"{order.out} 是用别的数据或选项开始的。",
                },
                hint={
                    "en": "Give another --out, or remove that folder.",
                    "zh": "请换一个 --out，或删除该文件夹。",
                },
            )
        return plan
    steps = {
        "pretrain": order.pretrain_steps
        or _fitting(
            sources.pretrain, model, order.minutes * 60 * (1 - order.task_share), processes
        ),
        "task": order.task_steps
        or _fitting(sources.task, model, order.minutes * 60 * order.task_share, processes),
    }
    tokenizer = _tokenizer(order, data)
    plan = {
        "order": told,
        "files": data.files,
        "steps": steps,
        "data": sources.facts,
        "vocabulary": len(tokenizer),
        "characters_a_token": {
            kind: round(characters_a_token(tokenizer, texts[:500]), 3)
            for kind, texts in data.kinds().items()
            if texts
        },
    }
    write_json(path, plan)
    return plan


def _facts(order: Order) -> dict[str, Any]:
    """The order as JSON; where it lies and how often it is written down decide nothing."""
    left_out = ("data", "out", "checkpoint_seconds", "texts")
    facts = {name: one for name, one in asdict(order).items() if name not in left_out}
    return {**facts, "ways": list(order.ways)}


def _fitting(source: Source, model: Any, seconds: float, processes: int) -> int:
    """How many steps fit into the time, by the median of a few that are not kept."""
    spent: list[float] = []
    for step in range(4):
        batch = source.batch(step)
        started = time.perf_counter()
        losses(model, batch).mean().backward()
        model.zero_grad(set_to_none=True)
        spent.append((time.perf_counter() - started) / processes)
    # A tenth is left for the optimizer and for evaluations.
    return max(1, int(seconds * 0.9 / sorted(spent[1:])[1]))


def _stage_plan(stage: str, steps: int, shape: Shape, order: Order) -> Plan:
    rate = shape.learning_rate * (1 if stage == "pretrain" else _TASK_RATE)
    task = stage == "task"
    return Plan(
        steps=steps,
        learning_rate=rate,
        warmup_steps=min(200, steps // 10),
        evaluate_every=max(1, steps // order.evaluations),
        better=MAIN if task else "loss",
        greater=task,
        seed=order.seed,
    )


def _spread(records: Sequence[Record], count: int) -> list[Record]:
    """So many records, drawn evenly."""
    if len(records) <= count:
        return list(records)
    return [records[at * len(records) // count] for at in range(count)]


def _held_out(model: Any, source: Packed) -> float:
    return round(held_out_loss(model, source, _HELD_OUT_BATCHES), 5)


def _told(watch: Watch | None, stage: str) -> Any:
    if watch is None:
        return None
    return lambda kind, step, values: watch(stage, kind, step, values)


def _save(out: Path, model: Any, tokenizer: Any, made: Mapping[str, Any]) -> None:
    """The folder that serves; its config comes last, since that makes it one."""
    writing = out / f".model.{os.getpid()}.part"
    logging.disable_progress_bar()
    model.save_pretrained(writing)
    tokenizer.save_pretrained(writing)
    names = sorted((one.name for one in writing.iterdir()), key=lambda name: name == "config.json")
    for name in names:
        os.replace(writing / name, out / name)
    writing.rmdir()
    curves.draw([out / "stages" / stage for stage in _STAGES], out / "curves.png")
    write_json(out / "training.json", made)


__all__ = ["Order", "from_scratch"]
