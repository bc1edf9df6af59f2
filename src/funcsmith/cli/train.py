"""funcsmith train: a GPT of one's own, from nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer


class Activation(str, Enum):
    relu = "relu"
    gelu = "gelu"


class Way(str, Enum):
    pipeline = "pipeline"
    direct = "direct"


def train(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="A folder of `funcsmith data prepare`.")
    ],
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the model goes; the same one goes on.")
    ],
    depth: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=64,
            help="The one dial: layers. Width, heads, learning rate, batch and steps follow.",
        ),
    ] = 6,
    minutes: Annotated[
        float, typer.Option(metavar="M", min=0.01, help="How long it may train, about.")
    ] = 60.0,
    activation: Annotated[
        Activation, typer.Option(help="Of the feed-forward layers.")
    ] = Activation.relu,
    vocabulary: Annotated[
        int, typer.Option(metavar="N", min=300, help="Tokens of the tokenizer, at most.")
    ] = 8192,
    context: Annotated[
        int, typer.Option(metavar="N", min=64, help="Tokens that the model reads at once.")
    ] = 1024,
    way: Annotated[
        list[Way] | None,
        typer.Option(
            help="What it learns to answer: the pipeline's prompts, a call as JSON, or both (default)."
        ),
    ] = None,
    text: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH", help="Your own texts or code to pretrain on (again for more)."
        ),
    ] = None,
    standard_library: Annotated[
        bool, typer.Option(help="Pretrain on functions of Python's standard library.")
    ] = True,
    pretrain_steps: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Instead of those that fit the time.")
    ] = None,
    task_steps: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Instead of those that fit the time.")
    ] = None,
    evaluated: Annotated[
        int, typer.Option(metavar="N", min=1, help="Records of each evaluation.")
    ] = 60,
    seed: Annotated[int, typer.Option(metavar="S", help="Weights and the order of data.")] = 0,
) -> int:
    """A GPT of your own, from nothing: tokenizer, pretraining, the task, a folder that serves.

    Interrupted or killed, the same command goes on from the last checkpoint to the same end. On
    several processes: torchrun --nproc-per-node 2 -m funcsmith train …

    \b
    funcsmith train data --out own --depth 6 --minutes 60
    funcsmith run --model own "寄 3 公斤到大连"
    """
    from ..errors import ModelUnavailable

    try:
        from ..training.curves import charts
        from ..training.rendering import WAYS
        from ..training.scratch import Order, from_scratch
    except ImportError as error:
        raise ModelUnavailable(
            {
                "en": f"Training needs a package that is not installed: {error.name}.",
                "zh": f"训练所需的包尚未安装：{error.name}。",
            },
            hint={
                "en": "pip install 'funcsmith[train]'",
                "zh": "pip install 'funcsmith[train]'",
            },
        ) from error
    from ..execute import Sandbox
    from .visible import visible

    order = Order(
        data=data,
        out=out,
        depth=depth,
        activation=activation.value,
        vocabulary=vocabulary,
        context_tokens=context,
        minutes=minutes,
        pretrain_steps=pretrain_steps,
        task_steps=task_steps,
        ways=tuple(one for one in WAYS if not way or one in {each.value for each in way}),
        texts=tuple(text or ()),
        library=standard_library,
        evaluated=evaluated,
        seed=seed,
    )
    with Sandbox() as sandbox:
        made = from_scratch(order, watch=_Teller(), sandbox=sandbox)
    # Of processes that train together the first one speaks.
    if os.environ.get("RANK", "0") != "0":
        return 0
    for stage, facts in made["stages"].items():
        print("\n" + visible(charts(out / "stages" / stage)))
        print(
            f"{facts['tokens']:,} tokens; {facts['tokens_per_second']:,.0f} a second, "
            f"{facts['share_of_peak']:.0%} of what the machine multiplies at most"
        )
    print(visible(f"\n{made['parameters']:,} parameters; a folder that serves: {out}"))
    return 0


class _Teller:
    """A line now and then: a step takes less time than reading about it."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, stage: str, kind: str, step: int, values: Mapping[str, Any]) -> None:
        if kind == "train":
            if time.monotonic() - self._said < 10:
                return
            self._said = time.monotonic()
            print(
                f"{stage} {step}: loss {values['loss']:.3f}, "
                f"{values['tokens_per_second']:,.0f} tokens/s",
                flush=True,
            )
            return
        shown = ", ".join(f"{name} {value:.3g}" for name, value in values.items())
        print(f"{stage} {step} {kind}: {shown}", flush=True)
