"""funcsmith finetune: from a folder of data to an adapter in service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .visible import visible
from .words import locale_language

if TYPE_CHECKING:
    from ..training.finetuning import Finetuned


def finetune(
    data: Annotated[
        Path,
        typer.Argument(metavar="DATA", help="A folder that `funcsmith data prepare` has made."),
    ],
    name: Annotated[str, typer.Option(metavar="NAME", help="What the adapter is called.")] = "own",
    model: Annotated[
        str, typer.Option(metavar="NAME", help="Its base: a name of the catalogue, or a GGUF file.")
    ] = "small",
    tokens: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, help="Tokens trained on in all, with those of the search."
        ),
    ] = 150_000,
    rank: Annotated[int, typer.Option(metavar="R", min=1, help="The adapter's rank.")] = 16,
    rate: Annotated[
        list[float] | None,
        typer.Option(metavar="X", help="A learning rate to try (again for more)."),
    ] = None,
    rows: Annotated[
        list[int] | None,
        typer.Option(metavar="N", min=1, help="Rows of a batch to try (again for more)."),
    ] = None,
    search_tokens: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Tokens for each trial of the search; 0: no search."),
    ] = 5_000,
    way: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WAY", help="pipeline or direct: how records are said. Default: both, in turns."
        ),
    ] = None,
    check_records: Annotated[
        int, typer.Option(metavar="N", min=1, help="Records answered at each look while training.")
    ] = 24,
    gate_records: Annotated[
        int, typer.Option(metavar="N", min=1, help="Held-out records at the gate.")
    ] = 60,
    test_records: Annotated[
        int, typer.Option(metavar="N", min=1, help="Held-out records of the report.")
    ] = 150,
    allowed_points: Annotated[
        float,
        typer.Option(metavar="P", min=0, help="Percentage points that the conversion may lose."),
    ] = 2.0,
    evaluations: Annotated[
        int, typer.Option(metavar="N", min=1, help="How often to look while training.")
    ] = 3,
    seed: Annotated[int, typer.Option(metavar="S")] = 0,
    work: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the steps leave their files; to go on from there."),
    ] = None,
    merge: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the base with the adapter in it, as GGUF."),
    ] = None,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Leave the adapter in the work folder.")
    ] = False,
) -> int:
    """Teach a model your data: search, train (LoRA), convert, gate, compare, install.

    The same command goes on where it was stopped. Nothing is installed that lost more than
    --allowed-points in its conversion or answers worse than its base.

    \b
    funcsmith finetune data/prepared --name ours
    funcsmith run "订一张周五去成都的票" --model small --adapter ours
    """
    from ..errors import ModelUnavailable, SettingInvalid
    from ..settings import settings

    try:
        from ..training.finetuning import Order, finetune
        from ..training.lora import Recipe
        from ..training.rendering import WAYS
    except ImportError as error:
        raise ModelUnavailable(
            {
                "en": f"Training needs a package that is not installed: {error.name}.",
                "zh": f"训练所需的包尚未安装：{error.name}。",
            },
            hint={"en": "pip install 'funcsmith[train]'", "zh": "pip install 'funcsmith[train]'"},
        ) from error
    from .stages import stages_for

    for one in way or ():
        if one not in WAYS:
            raise SettingInvalid(
                {"en": f"There is no way '{one[:40]}'.", "zh": f"没有名为 «{one[:40]}» 的方式。"},
                hint={"en": f"Ways: {', '.join(WAYS)}", "zh": f"可选：{'、'.join(WAYS)}"},
            )
    usual = Recipe()
    order = Order(
        data=data,
        base=model,
        name=name,
        recipe=Recipe(
            tokens=tokens,
            rank=rank,
            alpha=2.0 * rank,
            learning_rates=tuple(rate or usual.learning_rates),
            rows=tuple(rows or usual.rows),
            search_tokens=search_tokens,
            evaluations=evaluations,
            seed=seed,
        ),
        ways=tuple(one for one in WAYS if not way or one in way),
        check_records=check_records,
        gate_records=gate_records,
        allowed_points=allowed_points,
        test_records=test_records,
        install=not no_install,
    )
    language = locale_language()
    own = settings()
    place = work or own.home / "training" / "finetune" / name
    done = finetune(order, place, own, say=_tell, progress=stages_for(language))
    if merge is not None:
        from ..models.catalogue import ensure
        from ..training.conversion import merge as merged

        merged(place / f"{name}.gguf", ensure(model, own)[1], merge)
    print(visible(report(done, language)))
    return 0


def report(done: Finetuned, language: str) -> str:
    """What came of it, with 95 % intervals, the base beside the adapter."""
    figures = done.comparison["figures"]
    titles = {
        "exact": _in(language, "exact arguments", "参数完全正确"),
        "asks": _in(language, "asks for what is missing", "缺少的值会询问"),
        "asks_named": _in(language, "asks for exactly that", "且问得准确"),
        "needless": _in(
            language, "asks without need (fewer is better)", "不必要的询问（越少越好）"
        ),
        "functions": _in(language, "right function", "函数正确"),
        "idle": _in(language, "left alone", "无需计算时不动"),
    }
    width = max(len(one) for one in titles.values()) + 2
    lines = [_in(language, "held-out functions: base, adapter", "留出的函数：基础模型、适配器")]
    for key, title in titles.items():
        both = "   ".join(_share(figures[path][key]) for path in ("raw", "adapter"))
        lines.append(f"  {title:<{width}}{both}")
    detection = [f"{figures[path]['detection_f1']:.3f}" for path in ("raw", "adapter")]
    lines.append(f"  {_in(language, 'detection F1', '判别 F1'):<{width}}{'   '.join(detection)}")
    seen = done.gate
    lines.append(
        _in(
            language,
            f"gate: {_share(seen['trained'])} before the conversion, {_share(seen['converted'])} after",
            f"关口：转换前 {_share(seen['trained'])}，转换后 {_share(seen['converted'])}",
        )
    )
    if done.adapter is None:
        lines.append(_in(language, f"not installed: {done.work}", f"未安装：{done.work}"))
    else:
        use = f"--model {done.adapter.base} --adapter {done.adapter.name}"
        lines.append(
            _in(language, f"in service: funcsmith run … {use}", f"可以使用：funcsmith run … {use}")
        )
    return "\n".join(lines)


def _in(language: str, en: str, zh: str) -> str:
    return zh if language == "zh" else en


def _share(told: dict[str, Any]) -> str:
    if not told["count"]:
        return "–"
    low, high = (100 * end for end in told["interval"])
    return f"{told['right']}/{told['count']} {100 * told['share']:.1f} % ({low:.0f}–{high:.0f})"


def _tell(step: str, figures: dict[str, Any]) -> None:
    """A line on standard error for each step."""
    kept = {
        key: round(value, 5) if isinstance(value, float) else value
        for key, value in figures.items()
        if not isinstance(value, dict) or step in ("data", "comparison")
    }
    if step == "comparison":
        kept = {path: round(one["exact"]["share"] or 0.0, 4) for path, one in figures.items()}
    words = ", ".join(f"{key} {value}" for key, value in kept.items())
    sys.stderr.write(visible(f"{step}: {words}\n"))
    sys.stderr.flush()
