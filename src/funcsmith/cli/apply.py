"""funcsmith apply: a saved function over every row of a file, without a model."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..errors import Cancelled, InputInvalid, Language
from .words import locale_language, say

if TYPE_CHECKING:
    from ..tables.applying import Done, Plan


def apply(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A saved function.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, TSV, JSON Lines or Parquet.")],
    out: Annotated[str, typer.Option(metavar="FILE", help="The rows with result and error.")],
    map: Annotated[  # noqa: A002  # the option's name
        list[str] | None,
        typer.Option(
            metavar="PARAMETER=COLUMN", help="Which column a parameter is (again for more)."
        ),
    ] = None,
    set: Annotated[  # noqa: A002  # the option's name
        list[str] | None,
        typer.Option(metavar="PARAMETER=VALUE", help="One value for all rows."),
    ] = None,
    errors: Annotated[
        Literal["beside", "stop", "drop"],
        typer.Option(help="A row with an error: beside it, the end of the run, or left out."),
    ] = "beside",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Begin anew, whatever is there.")
    ] = False,
) -> int:
    """Run a saved function over every row of a file: fenced, no model, in constant memory.

    \b
    funcsmith apply bmi people.csv --map weight_kg=体重 --out bmi.csv
    funcsmith apply with_tax prices.jsonl --set rate=0.13 --out taxed.jsonl

    Parameters are filled from the columns of their names where nothing is said. The output has the
    rows as they are with `result` and `error` beside them. Run again after a stop, it goes on where
    it was; nothing is lost and nothing comes twice.
    """
    from ..execute import default_sandbox
    from ..library import Library
    from ..settings import settings
    from ..tables import applying
    from ..tables.matching import value_for_all

    language = locale_language()
    library = Library.open(settings())
    try:
        saved = library.get(name)
        plan = applying.planned(
            library.alone(saved),
            file,
            out,
            mapped=dict(_pair(one, "--map") for one in map or ()),
            fixed={key: value_for_all(said, saved.parameters, key) for key, said in
                   (_pair(one, "--set") for one in set or ())},
            errors=errors,
        )  # fmt: skip
        for note in plan.source.notes:
            print(f"  {note[language]}", file=sys.stderr)
        grants = library.grants(saved)
    finally:
        library.close()
    bar = _Bar(plan, language)
    sandbox = default_sandbox().granted(grants)
    try:
        done = applying.run(plan, sandbox, overwrite=overwrite, on_progress=bar.show)
    except (KeyboardInterrupt, Cancelled):
        bar.end()
        print(say(language, "apply_stopped", rows=f"{bar.rows:,}"), file=sys.stderr)
        raise
    except BaseException:
        bar.end()
        raise
    bar.end()
    _summary(plan, done, language)
    return 0


def _pair(said: str, option: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not (name and equals):
        raise InputInvalid(
            {
                "en": f"{option} {said[:100]} is not PARAMETER=…",
                "zh": f"{option} {said[:100]} 不是 参数=… 的形式。",
            },
            hint=f"{option} n=…",
        )
    return name, value


class _Bar:
    """How far it is, on standard error: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, plan: Plan, language: Language) -> None:
        self._source, self._language = plan.source, language
        self._terminal = sys.stderr.isatty()
        self._shown = self._began = -1.0
        self.rows = 0

    def show(self, done: Done) -> None:
        self.rows = done.rows
        every = 0.2 if self._terminal else 10.0
        if self._shown >= 0 and done.seconds - self._shown < every:
            return
        self._shown = done.seconds
        share = min(1.0, self._source.position / self._source.size) if self._source.size else 1.0
        if self._source.rows:
            share = min(1.0, done.rows / self._source.rows)
        rate = (done.rows - done.before) / done.seconds if done.seconds else 0.0
        words = say(self._language, "apply_rows", rows=f"{done.rows:,}", rate=f"{rate:,.0f}")
        if done.failed:
            words += f"  {say(self._language, 'apply_failed', count=done.failed)}"
        if self._terminal:
            filled = round(share * 24)
            bar = "━" * filled + "·" * (24 - filled)
            print(f"\r  {bar} {share:4.0%}  {words}   ", end="", file=sys.stderr, flush=True)
        elif done.seconds >= every:
            print(f"  {share:4.0%}  {words}", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._terminal and self._shown >= 0:
            print(file=sys.stderr, flush=True)


def _summary(plan: Plan, done: Done, language: Language) -> None:
    from .screen import Screen

    screen = Screen()
    pairs = ", ".join(f"{name} ← {column}" for name, column in plan.mapping.items())
    pairs = ", ".join(filter(None, [pairs, *(f"{k} = {v!r}" for k, v in plan.fixed.items())]))
    screen.line((f"{plan.saved.name}({pairs})", "name"))
    said = say(language, "apply_done", rows=f"{done.rows:,}", out=plan.out, result=plan.names[0])
    screen.line((said, "value"))
    if done.failed:
        count = say(language, "apply_failed", count=done.failed)
        screen.line((f"{count}; {done.first_error}"[:300], "bad"))
    if done.before:
        screen.line((say(language, "apply_before", rows=f"{done.before:,}"), "dim"))
