"""LoRA on a pretrained model: the base stays as it is, small matrices beside it are trained.

The base is a GGUF file of the catalogue or of the user's own, unpacked into 16 bits, or any folder
of Transformers with a causal model. The loop is `trainer.py`'s. Learning rate and batch are searched
on a few thousand tokens each, by the loss on records that are not trained on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineFailed, ModelUnavailable, SettingInvalid
from ..models.carriers import sha256
from ..models.catalogue import ensure
from ..settings import Settings
from .beginnings import Beginnings
from .checkpoint import restore, trainable, write_json
from .corpus import Example
from .rounds import Rounds, cut_to
from .trainer import Evaluate, Plan, Trained, Watch, held_out_loss, train

if TYPE_CHECKING:
    from ..models.progress import Progress

MODULES = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""Every matrix of attention and feed-forward, as Qwen and its kin call them."""
_CHATML = "<|im_start|>"


@dataclass(frozen=True)
class Base:
    """A pretrained model, loaded."""

    name: str
    path: Path
    sha256: str
    """Of the GGUF file; "" for a folder."""
    model: Any
    tokenizer: Any

    @property
    def is_gguf(self) -> bool:
        return not self.path.is_dir()

    @property
    def chatml(self) -> bool:
        """Whether conversations are written as llama.cpp writes ChatML."""
        return self.is_gguf and _CHATML in self.tokenizer.get_vocab()


@dataclass(frozen=True)
class Recipe:
    """How an adapter is trained."""

    tokens: int = 150_000
    """Tokens that gradients flow through in all, those of the search among them."""
    rank: int = 16
    alpha: float = 32.0
    learning_rates: tuple[float, ...] = (1e-4, 3e-4, 1e-3)
    rows: tuple[int, ...] = (4, 8)
    """Rows of a batch."""
    search_tokens: int = 5_000
    """For each trial of the search; 0 takes the first of each without one."""
    rounds: int = 3
    """The most rounds over the examples, however many tokens there are."""
    rows_at_once: int = 8
    evaluations: int = 3
    """How often the task is evaluated; the best weights are kept."""
    longest: int = 900
    """Tokens of a row behind its shared beginning; longer ones are left out."""
    seed: int = 0


@dataclass(frozen=True)
class Trial:
    """One pair of the search."""

    learning_rate: float
    rows: int
    loss: float
    """On the records that are not trained on, in nats a token of an answer."""
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Search:
    """What was tried, and what did best."""

    trials: tuple[Trial, ...]
    learning_rate: float
    rows: int
    before: float = field(default=math.nan)
    """The loss of the base itself."""

    @property
    def tokens(self) -> int:
        return sum(one.tokens for one in self.trials)


def load(name: str, settings: Settings, progress: Progress | None = None) -> Base:
    """A model of the catalogue, a GGUF file or a folder of Transformers.

    In bfloat16: on a processor that has it, that is three times the speed of 32 bits, and the base
    does not change. Raises `ModelUnavailable` without the packages, `EngineFailed` for other files.
    """
    model, path = ensure(name, settings, progress)
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
        from transformers.utils import logging
    except ImportError as error:
        raise ModelUnavailable(
            {
                "en": "Training needs PyTorch, Transformers and PEFT, which are not installed.",
                "zh": "训练需要 PyTorch、Transformers 和 PEFT，尚未安装。",
            },
            hint={"en": "pip install 'funcsmith[train]'", "zh": "pip install 'funcsmith[train]'"},
        ) from error
    if settings.threads:
        torch.set_num_threads(settings.threads)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    folder = path.is_dir()
    place = str(path if folder else path.parent)
    file: dict[str, Any] = {} if folder else {"gguf_file": path.name}
    # Packed weights would be unpacked anew in every pass.
    unpacked = {} if folder else {"quantization_config": GgufConfig(dequantize=True)}
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True, **file)
        loaded = AutoModelForCausalLM.from_pretrained(
            place, local_files_only=True, dtype=torch.bfloat16, **file, **unpacked
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise EngineFailed(
            {
                "en": f"Transformers could not load {path}: {str(error)[:300]}",
                "zh": f"Transformers 无法载入 {path}：{str(error)[:300]}",
            },
            hint={
                "en": "Give a model of the catalogue, a GGUF file or a folder with config.json.",
                "zh": "请给出目录中的模型、GGUF 文件，或含 config.json 的文件夹。",
            },
        ) from error
    digest = "" if folder else model.sha256 or sha256(path)
    return Base(model.name, path, digest, loaded, tokenizer)


def adapted(base: Base, recipe: Recipe) -> Any:
    """PEFT's model around the base: nothing of it changes what the base says yet."""
    import torch
    from peft import LoraConfig, get_peft_model

    names = {name.rpartition(".")[2] for name, _ in base.model.named_modules()}
    modules = [one for one in MODULES if one in names]
    torch.manual_seed(recipe.seed)
    told = LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        # An architecture with other names has all of its linear layers adapted.
        target_modules=modules or "all-linear",
        task_type="CAUSAL_LM",
    )
    try:
        return get_peft_model(base.model, told)
    except ValueError as error:
        raise SettingInvalid(
            {
                "en": f"{base.name} cannot be adapted: {error}",
                "zh": f"无法为 {base.name} 添加适配器：{error}",
            }
        ) from error


def search(
    model: Any,
    kinds: Sequence[Sequence[Example]],
    held_out: Sequence[Sequence[Example]],
    recipe: Recipe,
    folder: Path,
    *,
    watch: Callable[[Trial], object] | None = None,
) -> Search:
    """Try each learning rate for a few tokens, then with the best each other batch.

    The lowest held-out loss is taken. What was tried is kept in `search.json` of the folder, and not
    tried again. The model has its first weights again afterwards.
    """
    rates, batches = recipe.learning_rates, recipe.rows
    if len(rates) == len(batches) == 1 or not recipe.search_tokens:
        return Search((), rates[0], batches[0])
    first = {name: one.clone() for name, one in trainable(model).items()}
    looked = Rounds(held_out, rows=recipe.rows_at_once, seed=recipe.seed)
    wrapped = Beginnings(model, looked.beginnings)

    def looks(*_: Any) -> dict[str, float]:
        return {"loss": held_out_loss(wrapped, looked, looked.batches)}

    known = _kept(folder / "search.json", recipe)
    before = known["before"] if known else looks()["loss"]
    trials = [Trial(**one) for one in known.get("trials", ())]

    def tried(rate: float, rows: int) -> Trial:
        for one in trials:
            if (one.learning_rate, one.rows) == (rate, rows):
                return one
        restore(model, first)
        made = _trial(model, kinds, rate, rows, recipe, folder, looks)
        trials.append(made)
        told = [asdict(one) for one in trials]
        write_json(
            folder / "search.json", {"recipe": asdict(recipe), "before": before, "trials": told}
        )
        if watch is not None:
            watch(made)
        return made

    best = min((tried(rate, batches[0]) for rate in rates), key=lambda one: one.loss)
    rate = best.learning_rate
    best = min((tried(rate, rows) for rows in batches), key=lambda one: one.loss)
    restore(model, first)
    return Search(tuple(trials), rate, best.rows, before)


def _trial(
    model: Any,
    kinds: Sequence[Sequence[Example]],
    rate: float,
    rows: int,
    recipe: Recipe,
    folder: Path,
    looks: Evaluate,
) -> Trial:
    source = Rounds(cut_to(kinds, 4 * recipe.search_tokens), rows=rows, seed=recipe.seed)
    steps = source.steps_for(recipe.search_tokens)
    plan = Plan(
        steps=steps,
        learning_rate=rate,
        warmup_steps=max(1, steps // 5),
        weight_decay=0.0,
        betas=(0.9, 0.999),
        rows_at_once=recipe.rows_at_once,
        seed=recipe.seed,
    )
    place = folder / "search" / f"{rate:g}-{rows}"
    done = train(Beginnings(model, source.beginnings), source, plan, place, evaluate=looks)
    assert done.best is not None
    tokens = sum(source.trained(step) for step in range(steps))
    return Trial(rate, rows, done.best, tokens, done.seconds)


@dataclass(frozen=True)
class Taught:
    """What came of the training of an adapter."""

    trained: Trained
    tokens: int
    """That gradients flowed through, without those of the search."""
    tokens_per_second: float
    steps: int


def teach(
    model: Any,
    kinds: Sequence[Sequence[Example]],
    found: Search,
    recipe: Recipe,
    folder: Path,
    *,
    evaluate: Evaluate,
    watch: Watch | None = None,
) -> Taught:
    """Train the adapter to the end of the budget, or on from where the folder stands.

    `evaluate` is given PEFT's model and says `right`, the share of answers that are right: the
    weights with the most are those that the model has afterwards.
    """
    source = Rounds(kinds, rows=found.rows, seed=recipe.seed)
    told = watch or (lambda *_: None)

    def counted(kind: str, step: int, values: Mapping[str, Any]) -> dict[str, Any]:
        own = {"trained": source.trained(step - 1)} if kind == "train" else {}
        return {**values, **own}

    left = max(1, recipe.tokens - found.tokens)
    steps = min(source.steps_for(left), recipe.rounds * source.batches)
    plan = Plan(
        steps=steps,
        learning_rate=found.learning_rate,
        warmup_steps=max(1, steps // 20),
        weight_decay=0.0,
        betas=(0.9, 0.999),
        rows_at_once=recipe.rows_at_once,
        evaluate_every=max(1, math.ceil(steps / recipe.evaluations)),
        better="right",
        greater=True,
        seed=recipe.seed,
    )
    trained = train(
        Beginnings(model, source.beginnings),
        source,
        plan,
        folder,
        evaluate=lambda wrapped, step: evaluate(wrapped.model, step),
        watch=lambda kind, step, values: told(kind, step, counted(kind, step, values)),
    )
    each = [source.trained(step) for step in range(steps)]
    # The loop counts the shared beginnings too, once a row.
    share = sum(each) / trained.tokens if trained.tokens else 1.0
    return Taught(trained, sum(each), round(trained.tokens_per_second * share, 1), steps)


def _kept(path: Path, recipe: Recipe) -> dict[str, Any]:
    """What an interrupted search of the same recipe has found."""
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    same = told.get("recipe") == json.loads(json.dumps(asdict(recipe)))
    return told if same else {}


__all__ = [
    "MODULES",
    "Base",
    "Recipe",
    "Search",
    "Taught",
    "Trial",
    "adapted",
    "load",
    "search",
    "teach",
]
