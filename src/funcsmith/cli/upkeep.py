"""funcsmith library verify, rebuild, runs: whether what is kept still holds, and what was run."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .opened import Json, Names, opened, print_json
from .screen import Screen
from .table import Cell, show_table
from .words import locale_language, say

if TYPE_CHECKING:
    from ..errors import Language
    from ..generate.verification import Verification


def verify(
    names: Names = None,
    changed: Annotated[
        bool,
        typer.Option(
            "--changed",
            help="Only those whose source, Python, packages, model or Funcsmith changed since.",
        ),
    ] = False,
    json: Json = False,
) -> int:
    """Run the evidence of functions again: all of them, where none is named.

    A function that now gives something else is `unverified` afterwards, and the exit code is 1.
    What was found is kept beside the function with the versions of Python and packages. Nothing is
    asked of a model.

    \b
    funcsmith library verify
    funcsmith library verify factorial
    funcsmith library verify --changed
    """
    from ..execute import default_sandbox
    from ..generate.verification import verified

    with opened() as library:
        chosen = [library.get(name) for name in names] if names else library.list()
        found = [
            one
            for saved in chosen
            if (one := verified(saved, library, default_sandbox(), only_changed=changed))
        ]
    if json:
        print_json([_facts(one) for one in found])
    else:
        _report(found, len(chosen))
    return int(any(one.state in ("differs", "broken") for one in found))


def rebuild(json: Json = False) -> int:
    """Make the index again from the function files; runs are kept.

    \b
    funcsmith library rebuild
    """
    began = time.perf_counter()
    with opened() as library:
        count = library.rebuild()
    seconds = round(time.perf_counter() - began, 2)
    if json:
        print_json({"functions": count, "seconds": seconds})
    else:
        said = say(locale_language(), "rebuilt", count=count, seconds=seconds)
        Screen().line((said, ""))
    return 0


def runs(
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many.")] = 20,
    json: Json = False,
) -> int:
    """List the latest texts that were run, newest first, with what they took.

    FUNCSMITH_RUNS_KEPT and FUNCSMITH_RUNS_BYTES bound what is kept; with FUNCSMITH_RUNS_KEPT=0
    nothing is.

    \b
    funcsmith library runs --limit 5
    funcsmith library runs --json
    """
    with opened() as library:
        found = library.runs(limit)
    if json:
        print_json([{k: v for k, v in vars(run).items() if k != "outcome"} for run in found])
        return 0
    show_table(
        ["at", "seconds", "tokens", "fence", "result", "function", "text"],
        [
            [
                (run.at[:19].replace("T", " "), "dim"),
                "" if run.seconds is None else f"{run.seconds:.2f}",
                "" if run.prompt_tokens is None else f"{run.prompt_tokens}+{run.generated_tokens}",
                (run.isolation or "", "dim"),
                (run.status or run.kind or "", "" if run.status in ("ok", None) else "bad"),
                (run.function or "", "name"),
                run.text,
            ]
            for run in found
        ],
    )
    return 0


def _report(found: list[Verification], count: int) -> None:
    language, screen = locale_language(), Screen()
    if found:
        show_table(
            ["name", "verdict", "found", "since"],
            [
                [
                    (one.saved.name, "name"),
                    one.saved.verdict,
                    _found(one, language),
                    (_since(one, language), "dim"),
                ]
                for one in found
            ],
        )
    for one in found:
        for difference in one.differences:
            screen.line(
                ("! ", "bad"),
                (one.saved.name, "name"),
                (f"  {difference.call}: {difference.was} → {difference.now}", "bad"),
            )
    states = Counter(one.state for one in found)
    said = [
        say(language, f"verify_{state}", count=states[state])
        for state in ("holds", "differs", "broken", "unchecked")
        if states[state]
    ]
    if count > len(found):
        said.append(say(language, "verify_unchanged", count=count - len(found)))
    screen.line((" · ".join(said), "dim"))


def _found(one: Verification, language: Language) -> Cell:
    if one.saved.problem:
        return (one.saved.problem.get(language) or one.saved.problem["en"], "bad")
    said = [say(language, "held", count=one.held)] if one.held else []
    if one.differences:
        said.append(say(language, "differing", count=len(one.differences)))
    if one.skipped:
        said.append(say(language, "skipped", count=one.skipped))
    words = ", ".join(said) or say(language, "no_facts")
    return (words, "bad" if one.differences else "")


def _since(one: Verification, language: Language) -> str:
    said: list[str] = []
    for change in one.changes:
        if change.what in ("never", "source"):
            said.append(say(language, f"since_{change.what}"))
        else:
            said.append(f"{change.what} {change.was or '–'} → {change.now or '–'}")
    return ", ".join(said)


def _facts(one: Verification) -> dict[str, Any]:
    return {
        "name": one.saved.name,
        "state": one.state,
        "verdict": one.saved.verdict,
        "held": one.held,
        "skipped": one.skipped,
        "differences": [vars(difference) for difference in one.differences],
        "changes": [vars(change) for change in one.changes],
        "verified": one.saved.verified,
        "problem": one.saved.broken,
    }
