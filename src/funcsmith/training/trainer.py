"""The training loop: one for pretraining, for fine-tuning on the task and for LoRA.

It takes any causal model of Transformers (or a PEFT model around one), a source of batches, a plan
and a folder. What it is not: it makes no data, knows no task and chooses no figures; those are
`corpus.py`, the evaluator that it is given, and the plan.

Everything that a step does follows from its number: its rows, its learning rate and its random
numbers. So a training that was killed goes on from its last checkpoint to the same curve, and
several processes (`torchrun`, `accelerate launch`) give the curve of one, but for rounding.

    folder/
      metrics.jsonl             a line a step and an evaluation
      checkpoints/step-….pt     where it stands
      checkpoints/best.pt       the weights with the best evaluation so far
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

import torch
from accelerate import Accelerator, PartialState
from filelock import FileLock, Timeout
from torch.nn import functional

from ..errors import SettingInvalid, TrainingFailed
from . import checkpoint
from .journal import Journal
from .throughput import flops_a_token, peak_flops


@dataclass(frozen=True)
class Batch:
    """Rows of tokens, and which of them are to be foretold.

    Shapes: tokens (B, T) int64; counted (B, T) bool, the first column of which never counts;
    lengths (B,) int64, the tokens of each row that are not padding (behind them it is free).
    """

    tokens: torch.Tensor
    counted: torch.Tensor
    lengths: torch.Tensor


class Source(Protocol):
    """Batches by the number of the step, the same ones whenever they are asked for."""

    @property
    def fingerprint(self) -> str:
        """A hash of all that the batches depend on."""

    def batch(self, step: int) -> Batch:
        """The whole batch of a step (of all processes together); steps begin with 0."""


@dataclass(frozen=True)
class Plan:
    """All that a training's curve depends on beside its model and its source."""

    steps: int
    learning_rate: float
    warmup_steps: int = 0
    shape: Literal["cosine", "linear", "constant"] = "cosine"
    final_share: float = 0.1
    """Which share of the learning rate is left at the end."""
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    clip: float = 1.0
    """The longest gradient; 0 clips none."""
    rows_at_once: int = 0
    """Rows of one forward pass in each process, to bound memory; 0 takes all."""
    evaluate_every: int = 0
    """Steps between evaluations; one is made at the end as well. 0 makes that one alone."""
    better: str = "loss"
    """The metric that decides which weights are the best."""
    greater: bool = False
    """Whether more of that metric is better."""
    seed: int = 0
    precision: Literal["no", "bf16"] = "no"

    def rate(self, step: int) -> float:
        """The learning rate of a step.

        >>> plan = Plan(steps=110, learning_rate=1.0, warmup_steps=10, shape="linear")
        >>> plan.rate(0), plan.rate(9), round(plan.rate(109), 3)
        (0.1, 1.0, 0.109)
        """
        if step < self.warmup_steps:
            return self.learning_rate * (step + 1) / self.warmup_steps
        if self.shape == "constant":
            return self.learning_rate
        gone = (step - self.warmup_steps) / max(1, self.steps - self.warmup_steps)
        left = 1 - gone if self.shape == "linear" else 0.5 * (1 + math.cos(math.pi * gone))
        return self.learning_rate * (self.final_share + (1 - self.final_share) * left)


Evaluate = Callable[[Any, int], Mapping[str, float]]
"""The bare model in evaluation mode and the steps made, to metrics. Called in one process alone."""

Watch = Callable[[str, int, Mapping[str, Any]], object]
"""Told what goes into the journal: kind ("train", "evaluate", "resumed"), step, values."""


@dataclass(frozen=True)
class Trained:
    """What came of a training. The model that was given now has the best weights."""

    steps: int
    best_step: int
    best: float | None
    loss: float
    tokens: int
    seconds: float
    """Of this process: what went before an interruption is not in it."""
    tokens_per_second: float
    peak_flops: float
    share_of_peak: float
    flops_a_token: float
    """Counted once: 6·N for a model that is trained whole."""


def train(
    model: Any,
    source: Source,
    plan: Plan,
    folder: Path,
    *,
    evaluate: Evaluate | None = None,
    watch: Watch | None = None,
    checkpoint_seconds: float = 60.0,
    until: int | None = None,
) -> Trained:
    """Train what of the model wants gradients, on from where `folder` stands.

    `until` stops after so many steps of the plan, as an interruption would, with a checkpoint.
    Raises `SettingInvalid` where the folder holds another training or one runs in it, `TrainingFailed` where the loss
    is no number any more.
    """
    with _alone(folder) if processes().is_main_process else nullcontext():
        return _Training(model, source, plan, folder, evaluate, watch, checkpoint_seconds).run(
            min(plan.steps, until if until is not None else plan.steps)
        )


def losses(model: Any, batch: Batch) -> torch.Tensor:
    """The cross-entropy of every token that counts, in nats. Shape: (number that count,)

    Only the places that count are projected onto the vocabulary: for answers behind long prompts
    that is most of the work.
    """
    wanted = batch.counted[:, 1:]  # (B, T - 1)
    places = wanted.any(dim=0).nonzero()[:, 0]  # (P,)
    if places.numel() == 0:
        # Nothing counts, but processes that train together all go backwards.
        places = torch.zeros(1, dtype=torch.int64, device=batch.tokens.device)
    # No attention mask: padding stands behind the row, where causal attention never looks.
    said = model(input_ids=batch.tokens[:, :-1], use_cache=False, logits_to_keep=places)
    logits = said.logits.float()  # (B, P, V)
    targets = batch.tokens[:, 1:][:, places]  # (B, P)
    each = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
    return each[wanted[:, places].flatten()]


def processes() -> Any:
    """The processes that train together, one where nothing started more (Accelerate's state)."""
    # Evaluations run in one process alone, and the others wait for it.
    return PartialState(cpu=not torch.cuda.is_available(), timeout=timedelta(hours=3))


def held_out_loss(model: Any, source: Source, batches: int) -> float:
    """The mean cross-entropy of the first batches of a source that was not trained on, in nats."""
    device = next(model.parameters()).device
    total, count = 0.0, 0
    with torch.no_grad():
        for step in range(batches):
            each = losses(model, _moved(source.batch(step), device))
            total += float(each.double().sum())
            count += each.numel()
    return total / max(1, count)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The folder for this training alone; what a killed one left half-written is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            for left in (*folder.glob(".*.part"), *folder.glob("checkpoints/.*.part")):
                left.unlink(missing_ok=True)
            yield
    except Timeout as busy:
        raise SettingInvalid(
            {
                "en": f"Another training runs in {folder}.",
                "zh": f"{folder} 里正在进行另一次训练。",
            },
            hint={
                "en": "Wait for it, or give another folder.",
                "zh": "请等它结束，或换一个文件夹。",
            },
        ) from busy


class _Training:
    """One call of `train`."""

    def __init__(
        self,
        model: Any,
        source: Source,
        plan: Plan,
        folder: Path,
        evaluate: Evaluate | None,
        watch: Watch | None,
        checkpoint_seconds: float,
    ) -> None:
        self._bare, self._source, self._plan = model, source, plan
        self._evaluate, self._watch = evaluate, watch
        self._every_seconds = checkpoint_seconds
        self._folder = folder
        processes()
        self._accelerator = Accelerator(
            cpu=not torch.cuda.is_available(), mixed_precision=plan.precision
        )
        self._main = self._accelerator.is_main_process
        optimizer = torch.optim.AdamW(
            _groups(model, plan.weight_decay), lr=plan.learning_rate, betas=plan.betas, fused=True
        )
        self._identity = _identity(model, source, plan)
        state = checkpoint.latest(folder / "checkpoints")
        self.step, self.tokens = 0, 0
        self.best: float | None = None
        self.best_step = 0
        if state is not None:
            self._check(state)
            checkpoint.restore(model, state["weights"])
            self.step, self.tokens = state["step"], state["tokens"]
            self.best, self.best_step = state["best"], state["best_step"]
        self._model, self._optimizer = self._accelerator.prepare(model, optimizer)
        if state is not None:
            self._optimizer.load_state_dict(state["optimizer"])
        folder.mkdir(parents=True, exist_ok=True)
        self._journal = Journal(folder, after=self.step, silent=not self._main)

    def run(self, until: int) -> Trained:
        if self.step:
            self._tell("resumed", self.step, {"tokens": self.tokens})
        device = self._accelerator.device
        number = torch.bfloat16 if self._plan.precision == "bf16" else torch.float32
        peak = peak_flops(device, number) * self._accelerator.num_processes
        cost = flops_a_token(self._bare)
        began = saved = time.perf_counter()
        spent, made, loss = 0.0, 0, math.nan
        self._bare.train()
        while self.step < until:
            started = time.perf_counter()
            loss, length, count = self._one(self.step)
            seconds = time.perf_counter() - started
            spent += seconds
            made += count
            self.step += 1
            self.tokens += count
            values = {
                "loss": loss,
                "rate": self._plan.rate(self.step - 1),
                "gradient": length,
                "tokens": self.tokens,
                "tokens_per_second": round(count / seconds, 1),
                "share_of_peak": round(cost * count / seconds / peak, 4),
            }
            self._note("train", values)
            every = self._plan.evaluate_every
            if self.step == self._plan.steps or (every and self.step % every == 0):
                self._look()
            ended = self.step == until
            if ended or time.perf_counter() - saved >= self._every_seconds:
                self._save()
                saved = time.perf_counter()
        self._journal.close()
        self._accelerator.wait_for_everyone()
        if self.step == self._plan.steps and (self._folder / "checkpoints" / "best.pt").exists():
            best = checkpoint.load(self._folder / "checkpoints" / "best.pt")
            checkpoint.restore(self._bare, best["weights"])
        self._bare.eval()
        return Trained(
            steps=self.step,
            best_step=self.best_step,
            best=self.best,
            loss=loss,
            tokens=self.tokens,
            seconds=round(time.perf_counter() - began, 3),
            tokens_per_second=round(made / spent, 1) if spent else 0.0,
            peak_flops=peak,
            share_of_peak=round(cost * made / spent / peak, 4) if spent else 0.0,
            flops_a_token=cost,
        )

    def _one(self, step: int) -> tuple[float, float, int]:
        """One step: its mean loss, the length of its gradient, and its tokens."""
        accelerator = self._accelerator
        torch.manual_seed(_mixed(self._plan.seed, step, accelerator.process_index))
        batch = self._source.batch(step)
        processes, rows = accelerator.num_processes, batch.tokens.shape[0]
        if rows < processes:
            raise SettingInvalid(
                {
                    "en": f"A batch of {rows} rows cannot be shared by {processes} processes.",
                    "zh": f"一批 {rows} 行无法分给 {processes} 个进程。",
                },
                hint={
                    "en": "Start fewer processes, or give larger batches.",
                    "zh": "请减少进程数，或加大批量。",
                },
            )
        # By all processes' count, so that a row weighs the same wherever it is computed.
        count = int(batch.counted[:, 1:].sum())
        own = list(range(accelerator.process_index, rows, processes))
        at_once = self._plan.rows_at_once or len(own)
        parts = [own[at : at + at_once] for at in range(0, len(own), at_once)]
        for group in self._optimizer.param_groups:
            group["lr"] = self._plan.rate(step)
        total = torch.zeros((), device=accelerator.device)
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            with nullcontext() if last else accelerator.no_sync(self._model):
                with accelerator.autocast():
                    each = losses(self._model, _moved(_rows(batch, part), accelerator.device))
                summed = each.sum()
                accelerator.backward(summed * processes / max(1, count))
                total += summed.detach()
        length = 0.0
        if self._plan.clip:
            length = float(accelerator.clip_grad_norm_(self._bare.parameters(), self._plan.clip))
        self._optimizer.step()
        self._optimizer.zero_grad()
        loss = float(accelerator.reduce(total, "sum")) / max(1, count)
        if not math.isfinite(loss):
            raise TrainingFailed(
                {
                    "en": f"The loss of step {step + 1} is {loss}.",
                    "zh": f"第 {step + 1} 步的损失是 {loss}。",
                },
                hint={
                    "en": "Use a lower learning rate, in a new folder.",
                    "zh": "请在新文件夹里用更低的学习率重来。",
                },
            )
        # The last token of a row is foretold and not read.
        return loss, length, int((batch.lengths - 1).sum())

    def _look(self) -> None:
        """Evaluate, and keep the weights where they are the best so far."""
        if self._evaluate is None or not self._main:
            return
        self._bare.eval()
        found = dict(self._evaluate(self._bare, self.step))
        self._bare.train()
        self._note("evaluate", found)
        value = found[self._plan.better]
        sign = 1 if self._plan.greater else -1
        if self.best is None or sign * value > sign * self.best:
            self.best, self.best_step = value, self.step
            state = {"step": self.step, "weights": checkpoint.trainable(self._bare)}
            path = self._folder / "checkpoints" / "best.pt"
            checkpoint.write(path, lambda file: torch.save(state, file))

    def _save(self) -> None:
        if not self._main:
            return
        self._journal.keep()
        state = {
            "identity": self._identity,
            "step": self.step,
            "tokens": self.tokens,
            "best": self.best,
            "best_step": self.best_step,
            "weights": checkpoint.trainable(self._bare),
            "optimizer": self._optimizer.state_dict(),
        }
        checkpoint.save(self._folder / "checkpoints", self.step, state)

    def _check(self, state: Mapping[str, Any]) -> None:
        if state.get("identity") == self._identity:
            return
        raise SettingInvalid(
            {
                "en": f"{self._folder} holds another training: its data, model or plan differ.",
                "zh": f"{self._folder} 里是另一次训练：数据、模型或计划不同。",
            },
            hint={
                "en": "Give another folder, or remove this one.",
                "zh": "请换一个文件夹，或删除这个。",
            },
        )

    def _note(self, kind: str, values: Mapping[str, Any]) -> None:
        self._journal.add(kind, self.step, values)
        self._tell(kind, self.step, values)

    def _tell(self, kind: str, step: int, values: Mapping[str, Any]) -> None:
        if self._watch is not None and self._main:
            self._watch(kind, step, values)


def _groups(model: torch.nn.Module, decay: float) -> list[dict[str, Any]]:
    """Matrices decay, vectors (biases, norms) do not."""
    wanted = [one for one in model.parameters() if one.requires_grad]
    return [
        {"params": [one for one in wanted if one.dim() >= 2], "weight_decay": decay},
        {"params": [one for one in wanted if one.dim() < 2], "weight_decay": 0.0},
    ]


def _identity(model: torch.nn.Module, source: Source, plan: Plan) -> str:
    shapes = [(name, list(one.shape)) for name, one in checkpoint.trainable(model).items()]
    said = json.dumps([asdict(plan), source.fingerprint, shapes], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _mixed(*numbers: int) -> int:
    """One seed of several numbers; close ones give none that are close."""
    return int.from_bytes(hashlib.sha256(repr(numbers).encode()).digest()[:7], "big")


def _rows(batch: Batch, rows: list[int]) -> Batch:
    """Some rows, no longer than the longest of them."""
    lengths = batch.lengths[rows]
    longest = int(lengths.max())
    return Batch(batch.tokens[rows][:, :longest], batch.counted[rows][:, :longest], lengths)


def _moved(batch: Batch, device: torch.device) -> Batch:
    return Batch(batch.tokens.to(device), batch.counted.to(device), batch.lengths.to(device))


__all__ = [
    "Batch",
    "Evaluate",
    "Plan",
    "Source",
    "Trained",
    "Watch",
    "held_out_loss",
    "losses",
    "processes",
    "train",
]
