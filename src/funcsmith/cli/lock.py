"""funcsmith lock: bodies for the functions that a repository decorates with `@funcsmith.smith`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputInvalid, Language
from ..models.cancel import Cancel
from .stages import Stages
from .table import show_table
from .words import language_of, locale_language, say

if TYPE_CHECKING:
    from ..lock.making import Made
    from ..lock.state import Function
    from ..pipeline import Pipeline

_SKIPPED = frozenset(
    "__pycache__ node_modules site-packages venv env build dist _smithed".split()
)  # fmt: skip


def lock(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files or folders. Default: .")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only look: exit 1 where anything is amiss. No model.")
    ] = False,
    rewrite: Annotated[
        bool, typer.Option("--rewrite", help="Write new bodies for all, also those that are fine.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="A model, as in `funcsmith run`.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the table as JSON alone.")] = False,
) -> int:
    """Make and lock bodies for functions decorated with @funcsmith.smith.

    \b
    funcsmith lock
    funcsmith lock src/prices.py
    funcsmith lock --check          in continuous integration: never a model

    Files are read, never imported or executed. The bodies and their lock lie in _smithed/, for you
    to review and commit. --check says what is missing, stale (signature, docstring or examples
    changed), altered by hand, or whose evidence does not hold when it is run again. A body that
    you altered is locked as it is where the docstring's examples hold. Exit codes: 0 all is
    locked, 1 something is not, 2 usage, 3 our own failure.
    """
    files = list(_files(paths or [Path()]))
    found, rows = _declared(files)
    if check:
        rows += _checked(found)
    else:
        rows += _locked(found, model, rewrite=rewrite, quiet=json)
    rows += _unused(found, files, drop=not check)
    bad = [row for row in rows if row.stand not in ("locked", "removed")]
    if json:
        from ..contract import dumps
        from .visible import visible_json

        print(visible_json(dumps([row.record() for row in rows])))
    else:
        _show(rows, bad, check=check)
    return 1 if bad else 0


@dataclass(frozen=True)
class Row:
    """One function, and what is to be said of it."""

    stand: str
    name: str
    where: str
    why: dict[str, str]
    failures: list[dict[str, str]] = field(default_factory=list)
    source: str = ""

    def record(self) -> dict[str, object]:
        language = locale_language()
        return {
            "state": self.stand,
            "function": self.name,
            "where": self.where,
            "why": self.why[language],
            "failures": [one[language] for one in self.failures],
        }


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The Python files of the paths, each once, in order."""
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            every = sorted(_inside(path))
        elif path.is_file():
            every = [path]
        else:
            raise InputInvalid(
                {"en": f"{path} is no file or folder.", "zh": f"{path} 不是文件或文件夹。"}
            )
        for one in every:
            full = one.resolve()
            if full not in seen:
                seen.add(full)
                yield full


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            if path.name not in _SKIPPED and not path.name.startswith("."):
                yield from _inside(path)
        elif path.suffix == ".py" and path.is_file():
            yield path


def _declared(files: Sequence[Path]) -> tuple[list[Function], list[Row]]:
    """The decorated functions, and a row for each file that cannot be read."""
    from ..errors import FunctionInvalid
    from ..lock.declaration import declared_in
    from ..lock.state import Function

    found: list[Function] = []
    rows: list[Row] = []
    for path in files:
        try:
            found += [Function.of(one) for one in declared_in(path)]
        except FunctionInvalid as error:
            why = {key: error.message(key) for key in ("en", "zh")}
            rows.append(Row("refused", "", _said(path), why))
    return found, rows


def _checked(found: Sequence[Function]) -> list[Row]:
    from ..execute import default_sandbox

    rows: list[Row] = []
    for one in found:
        stand, why = one.checked(default_sandbox())
        rows.append(_row(one, stand, why))
    return rows


def _locked(
    found: Sequence[Function], model: str | None, *, rewrite: bool, quiet: bool
) -> list[Row]:
    """Make what is missing; what was altered by hand is taken as it is, if it holds."""
    from ..execute import default_sandbox
    from ..lock.making import accept

    rows: dict[str, Row] = {}
    wanted: list[Function] = []
    for one in found:
        stand, why = one.stand() if rewrite else one.checked(default_sandbox())
        if stand == "refused" or (stand == "locked" and not rewrite):
            rows[one.key] = _row(one, stand, why)
        elif stand == "altered" and not rewrite:
            made = accept(one, default_sandbox())
            rows[one.key] = _made_row(one, made, "altered")
        else:
            wanted.append(one)
    if wanted:
        rows |= _made(wanted, model, quiet=quiet)
    return [rows[one.key] for one in found]


def _made(wanted: Sequence[Function], model: str | None, *, quiet: bool) -> dict[str, Row]:
    from . import turn
    from .stages import stages_for
    from .stopping import unstoppable

    rows: dict[str, Row] = {}
    stages = stages_for(locale_language(), quiet=quiet)
    pipeline = turn.make_pipeline(model=model, save=False, progress=stages)
    try:
        for place, one in enumerate(wanted, 1):
            language = language_of(one.declaration.header)
            if not quiet:
                named = f"{_said(one.declaration.path)}::{one.declaration.name}"
                said = say(language, "lock_writing", name=named, place=place, count=len(wanted))
                print(said, file=sys.stderr, flush=True)
            stand = one.stand()[0]
            made = _make(one, pipeline, stages_for(language, quiet=quiet), language)
            rows[one.key] = _made_row(one, made, "failing" if stand == "locked" else stand)
    finally:
        with unstoppable():
            pipeline.close()
    return rows


def _make(one: Function, pipeline: Pipeline, stages: Stages, language: Language) -> Made:
    from ..lock.making import make
    from .stopping import interruptible

    cancel = Cancel()
    with interruptible(cancel), stages.shown(language):
        return make(one, pipeline, on_event=stages.on_event, cancel=cancel)


def _unused(found: list[Function], files: Sequence[Path], *, drop: bool) -> list[Row]:
    """What is locked for functions that are no longer there; dropped where that is wanted."""
    from ..lock.lockfile import Lock
    from ..lock.state import unused

    rows: list[Row] = []
    for root in sorted({Lock.of(path).root for path in files}):
        held = Lock(root)
        keys = unused(held, found, set(files))
        if drop and keys:
            held.drop(keys)
        for key in keys:
            module, _, name = key.partition("::")
            why = {"en": say("en", "lock_no_longer"), "zh": say("zh", "lock_no_longer")}
            rows.append(Row("removed" if drop else "unused", name, _said(root / module), why))
    return rows


def _row(one: Function, stand: str, why: dict[str, str]) -> Row:
    declaration = one.declaration
    return Row(stand, declaration.name, f"{_said(declaration.path)}:{declaration.line}", why)


def _made_row(one: Function, made: Made, otherwise: str) -> Row:
    row = _row(one, "locked" if made.locked else otherwise, made.why)
    return Row(row.stand, row.name, row.where, row.why, [*made.failures], made.source)


def _show(rows: Sequence[Row], bad: Sequence[Row], *, check: bool) -> None:
    from .screen import Code, Screen
    from .visible import visible

    language = locale_language()
    if not rows:
        print(say(language, "lock_nothing"))
        return
    if check and not bad:
        print(say(language, "lock_fine", count=len(rows)))
        return
    heads = [say(language, key) for key in ("lock_state", "function", "lock_where", "lock_why")]
    shown = bad if check else rows
    show_table(
        heads,
        [
            (
                (say(language, f"lock_{row.stand}"), "value" if row not in bad else "verdict"),
                row.name,
                (row.where, "dim"),
                row.why[language],
            )
            for row in shown
        ],
    )
    for row in bad:
        for failure in row.failures[:5]:
            print(visible(f"  {row.name}: {failure[language]}"))
        if row.source:
            Screen().show([[(say(language, "lock_best"), "dim")], Code(row.source)])
    if check:
        print(say(language, "lock_run"))


def _said(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


__all__ = ["lock"]
