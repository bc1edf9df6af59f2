"""Our training loop beside plain ones: the same curve, and how fast.

    python benchmarks/training_speed.py [--depth 6] [--steps 12] [--rounds 5] [--minutes 2]

Three loops train the same GPT from the same weights on the same batches with the same plan: ours
(`training/trainer.py`); a minimal GPT-2 loop as everybody writes it (forward, cross-entropy,
backward, clip, AdamW); and `transformers.Trainer`. They take turns, each round in another order;
a round's speed is the tokens between the ends of its first and of its last step. Ours writes its
journal meanwhile, as always. The figures are medians over rounds; `--minutes` stops after that long
with the rounds that there are.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from torch.utils.data import DataLoader
from transformers import Trainer, TrainerCallback, TrainingArguments

from funcsmith.evaluate import machine, report
from funcsmith.training import journal
from funcsmith.training.corpus import Packed, ids_of, standard_library
from funcsmith.training.gpt import Shape, make, parameters
from funcsmith.training.throughput import flops_a_token, peak_flops
from funcsmith.training.tokenizer import train_tokenizer
from funcsmith.training.trainer import Plan, Source, train

RESULT = Path(__file__).parent / "results" / "training_speed.json"
AT_LEAST, ALIKE = 0.95, 0.01
BLOCK = 256
Loop = Callable[[Any, Source, Plan], tuple[list[float], list[float]]]
"""Trains a model; the loss of each step, and when each ended."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--depth", type=int, default=6)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rows", type=int, help="rows of a batch; else those of the depth")
    parser.add_argument("--texts", type=int, default=3000, help="functions of the library")
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    ends = time.monotonic() + options.minutes * 60
    texts = list(islice(standard_library(), options.texts))
    tokenizer = train_tokenizer(texts, vocabulary=8192)
    shape = Shape.of(options.depth)
    first = make(shape, tokenizer, seed=1)
    rows = options.rows or shape.batch_tokens // BLOCK
    source = Packed(ids_of(tokenizer, texts), block=BLOCK, rows=rows, seed=1)
    plan = Plan(steps=options.steps, learning_rate=shape.learning_rate, warmup_steps=3)
    loops: dict[str, Loop] = {"ours": ours, "plain": plain, "trainer": trainer}
    speeds: dict[str, list[float]] = {name: [] for name in loops}
    curves: dict[str, list[float]] = {}
    for number in range(options.rounds):
        names = list(loops)
        for name in names[number % 3 :] + names[: number % 3]:
            losses, ended = loops[name](copy.deepcopy(first), source, plan)
            assert curves.setdefault(name, losses) == losses, f"{name} is not the same twice"
            tokens = sum(
                int((source.batch(step).lengths - 1).sum()) for step in range(1, plan.steps)
            )
            speeds[name].append(tokens / (ended[-1] - ended[0]))
            print(f"round {number + 1} {name}: {speeds[name][-1]:,.0f} tokens/s", flush=True)
        if time.monotonic() > ends:
            break
    medians = {name: statistics.median(found) for name, found in speeds.items()}
    apart = {
        name: max(abs(a - b) for a, b in zip(curves["ours"], curves[name], strict=True))
        for name in ("plain", "trainer")
    }
    peak = peak_flops()
    ratios = {
        name: statistics.median(a / b for a, b in zip(speeds["ours"], speeds[name], strict=True))
        for name in ("plain", "trainer")
    }
    result = {
        "suite": "training_speed",
        "code": machine.code(),
        "machine": machine.machine(),
        "packages": {"torch": torch.__version__},
        "threads": torch.get_num_threads(),
        "shape": shape.facts(),
        "parameters": parameters(first),
        "batch": {"rows": rows, "tokens_a_row": BLOCK},
        "steps": plan.steps,
        "rounds": len(speeds["ours"]),
        "tokens_per_second": {n: [round(s, 1) for s in found] for n, found in speeds.items()},
        "median": {name: round(one, 1) for name, one in medians.items()},
        "ours_to": {name: round(one, 4) for name, one in ratios.items()},
        "curves": curves,
        "largest_difference_of_loss": apart,
        "peak_flops": peak,
        "share_of_peak": round(flops_a_token(first) * medians["ours"] / peak, 4),
    }
    report.write(result, options.out)
    for name in ("plain", "trainer"):
        print(
            f"ours to {name}: {ratios[name]:.3f} x its tokens a second (median of rounds),"
            f" losses at most {apart[name]:.2g} nats apart over {plan.steps} steps"
        )
    print(f"{result['share_of_peak']:.0%} of {peak / 1e9:.0f} GFLOP/s; written to {options.out}")
    good = ratios["plain"] >= AT_LEAST and max(apart.values()) <= ALIKE
    raise SystemExit(0 if good else 1)


def ours(model: Any, source: Source, plan: Plan) -> tuple[list[float], list[float]]:
    ended: list[float] = []

    def watch(kind: str, _step: int, _values: Any) -> None:
        if kind == "train":
            ended.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        train(model, source, plan, Path(folder), watch=watch)
        lines = journal.read(Path(folder) / journal.FILE)
    return [one["loss"] for one in lines if one["kind"] == "train"], ended


def plain(model: Any, source: Source, plan: Plan) -> tuple[list[float], list[float]]:
    """The loop of minimal GPT-2 trainings."""
    matrices = [one for one in model.parameters() if one.dim() >= 2]
    vectors = [one for one in model.parameters() if one.dim() < 2]
    groups = [
        {"params": matrices, "weight_decay": plan.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=plan.learning_rate, betas=plan.betas, fused=True)
    model.train()
    losses: list[float] = []
    ended: list[float] = []
    for step in range(plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = plan.rate(step)
        tokens = source.batch(step).tokens
        logits = model(input_ids=tokens[:, :-1], use_cache=False).logits
        loss = functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), plan.clip)
        optimizer.step()
        losses.append(loss.item())
        ended.append(time.perf_counter())
    return losses, ended


def trainer(model: Any, source: Source, plan: Plan) -> tuple[list[float], list[float]]:
    """The loop of Transformers, with our batches and rates put in."""
    ended: list[float] = []

    class Clock(TrainerCallback):
        def on_step_end(self, *_: Any, **__: Any) -> None:
            ended.append(time.perf_counter())

    batches = [source.batch(step).tokens for step in range(plan.steps)]
    matrices = [one for one in model.parameters() if one.dim() >= 2]
    vectors = [one for one in model.parameters() if one.dim() < 2]
    groups = [
        {"params": matrices, "weight_decay": plan.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=plan.learning_rate, betas=plan.betas, fused=True)
    shares = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: plan.rate(step) / plan.learning_rate
    )

    class Ordered(Trainer):
        def get_train_dataloader(self) -> Any:
            # Its mean is over all labels that are there, also the first, which nothing foretells.
            labels = [
                torch.cat((torch.full_like(one[:, :1], -100), one[:, 1:]), 1) for one in batches
            ]
            said = [
                {"input_ids": one, "labels": label}
                for one, label in zip(batches, labels, strict=True)
            ]
            return DataLoader(said, batch_size=None, shuffle=False)

    with tempfile.TemporaryDirectory() as folder:
        made = Ordered(
            model=model,
            args=TrainingArguments(
                output_dir=folder,
                max_steps=plan.steps,
                max_grad_norm=plan.clip,
                logging_steps=1,
                save_strategy="no",
                report_to="none",
                disable_tqdm=True,
                use_cpu=not torch.cuda.is_available(),
                seed=1,
            ),
            optimizers=(optimizer, shares),
            callbacks=[Clock()],
        )
        made.train()
    return [one["loss"] for one in made.state.log_history if "loss" in one], ended


if __name__ == "__main__":
    main()
