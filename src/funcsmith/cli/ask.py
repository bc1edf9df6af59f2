"""funcsmith ask: a question, one sentence, how it was computed, and what else could be asked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from ..models.cancel import Cancel
from .failures import UsageInvalid
from .quick import Options
from .words import language_of, say

if TYPE_CHECKING:
    from ..ask import Answer, Source
    from ..errors import Language
    from .layout import Line
    from .screen import Screen

_ROWS = 20


def ask(
    question: Annotated[
        Optional[str],  # noqa: UP045  # Typer reads this on Python 3.10 too
        typer.Argument(metavar="[QUESTION]", help="Default: standard input."),
    ] = None,
    with_answers: Annotated[
        bool, typer.Option("--with-answers", help="Answer the related questions too. No model.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the answer as JSON and nothing else.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="A model, as in `funcsmith run`.")
    ] = None,
    args: Annotated[
        str | None, typer.Option(metavar="JSON", help="Values of your own by name.")
    ] = None,
    input: Annotated[  # noqa: A002  # the option's name
        list[str] | None, typer.Option(metavar="NAME=FILE", help="A file as the input NAME.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(metavar="ISO", help="What “tomorrow” is relative to.")
    ] = None,
    no_save: Annotated[
        bool, typer.Option("--no-save", help="Keep nothing in the library.")
    ] = False,
) -> int:
    """Answer a question in one sentence of its own language.

    \b
    funcsmith ask "3 个苹果每个 5 元，一共多少钱？"
    funcsmith ask "What are the prime factors of 84?" --with-answers
    funcsmith ask "17 是质数吗？" --json | jq -r .answer

    The sentence is made of your own words and the result; no model retypes the value. Where no good
    sentence can be made, the answer is plain: “Result: 120”. Below it stands how it was computed,
    and questions that the same function or your library can answer without a model. Exit codes: 0
    an answer (also a question back, or that there is nothing to compute), 2 usage, 3 our own
    failure.
    """
    from ..ask import answered
    from .request import piped_text, request_of, typed_text
    from .stages import stages_for
    from .stopping import interruptible
    from .turn import opened

    if question is None and sys.stdin is not None and sys.stdin.isatty():
        raise UsageInvalid(
            {"en": "There is no question.", "zh": "没有问题。"},
            hint={
                "en": 'funcsmith ask "What is 7 times 8?"',
                "zh": "funcsmith ask «7 乘 8 是多少？»",
            },
        )
    options = Options(
        text=question,
        json=json,
        model=model,
        args=args,
        input=input or [],
        now=now,
        no_save=no_save,
    )
    text = typed_text(question if question is not None else piped_text())
    request = request_of(options, text)
    language = language_of(text)
    stages = stages_for(language, quiet=True)
    with opened(options, stages) as pipeline:
        cancel = Cancel()
        with interruptible(cancel), stages.shown(language):
            answer = answered(
                request,
                pipeline,
                with_answers=with_answers,
                on_event=stages.on_event,
                cancel=cancel,
            )
    if json:
        from .visible import visible_json

        print(visible_json(answer.to_json()), flush=True)
    else:
        _show(answer, language, with_answers=with_answers)
    return 0


def _show(answer: Answer, language: Language, *, with_answers: bool) -> None:
    from .layout import columns, wrapped
    from .screen import Screen, verdict_said
    from .visible import cells

    screen = Screen()
    labels = ("how", "arguments", "evidence")
    width = max(cells(say(language, label)) for label in labels) + 2
    body_width = screen.width - width - 3 if screen.width is not None else None

    def part(label: str, body: list[Line]) -> list[Line]:
        return columns(say(language, label), body, label_width=width)

    lines: list[Line] = [*wrapped([(answer.answer, "value")], screen.width)]
    if answer.kind == "ask":
        lines += wrapped([(say(language, "ask_hint"), "dim")], screen.width)
    if answer.kind == "none":
        lines += wrapped([(say(language, "none_hint"), "dim")], screen.width)
    if answer.computed:
        lines.append([])
    for one in answer.computed:
        lines += part("how", wrapped([(one.call, "name")], body_width))
        rows = [
            [
                (f"{value.name} = {value.value!r}"[:200], ""),
                (f"   ← {_source(value, language)}", "dim"),
            ]
            for value in one.values
        ]
        lines += part("arguments", [line for row in rows for line in wrapped(row, body_width)])
    function = answer.outcome.function
    if function is not None and answer.computed:
        lines += part(
            "evidence", wrapped([(verdict_said(function, language), "verdict")], body_width)
        )
    screen.show(lines)
    if answer.table is not None:
        _show_table(answer, language)
    if answer.related:
        _show_related(answer, screen, language, with_answers=with_answers)


def _source(value: Source, language: Language) -> str:
    if value.words:
        return " ".join(say(language, "from_text", words=words[:60]) for words in value.words[:6])
    if value.origin == "input":
        return say(language, "from_inputs", name=value.name)
    return say(language, f"from_{value.origin}")


def _show_table(answer: Answer, language: Language) -> None:
    from .table import show_table

    assert answer.table is not None
    rows = [["" if cell is None else str(cell) for cell in row] for row in answer.table.rows]
    print()
    show_table(answer.table.columns, rows[:_ROWS])
    if len(rows) > _ROWS:
        print(say(language, "rows", count=len(rows)))


def _show_related(
    answer: Answer, screen: Screen, language: Language, *, with_answers: bool
) -> None:
    from .layout import wrapped

    width = screen.width - 4 if screen.width is not None else None
    lines: list[Line] = [[], [("  ", ""), (say(language, "also"), "label")]]
    for one in answer.related:
        for line in wrapped([(" ".join(one.question.split()), "")], width):
            lines.append([("    ", ""), *line])
        if one.answer is not None:
            for line in wrapped([(one.answer, "bold")], width):
                lines.append([("      ", ""), *line])
    if not with_answers:
        lines += [
            [("    ", ""), *line] for line in wrapped([(say(language, "also_hint"), "dim")], width)
        ]
    screen.show(lines)
