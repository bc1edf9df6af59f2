"""funcsmith library duplicates, graph, stats: what is kept twice, what calls what, what was saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .opened import Json, Names, opened, print_json
from .screen import Screen
from .words import locale_language, say

if TYPE_CHECKING:
    from ..library import Library, Saved
    from ..library.behaviour import Duplicate


def duplicates(names: Names = None, json: Json = False) -> int:
    """Find functions that do the same under other names.

    Each is run in the fence on inputs that are made from its types; what gives the same on all of
    them, and enough different things, is a duplicate. Nothing is asked of a model, and nothing is
    removed.

    \b
    funcsmith library duplicates
    funcsmith library duplicates price_with_tax
    """
    language, screen = locale_language(), Screen()
    with opened() as functions:
        found = _duplicates(functions, names or [], screen if not json else None)
    if json:
        print_json(
            [
                {
                    "first": one.first.name,
                    "second": one.second.name,
                    "inputs": one.inputs,
                    "distinct": one.distinct,
                    "parameters": _pairs(one),
                }
                for one in found
            ]
        )
        return 0
    for one in found:
        renamed = ", ".join(f"{a} ↔ {b}" for a, b in _pairs(one).items() if a != b)
        said = say(language, "duplicate", inputs=one.inputs, distinct=one.distinct)
        screen.line(
            ("= ", "dim"), (one.first.name, "name"), "  ", (one.second.name, "name"),
            (f"  {said}{'  ' + renamed if renamed else ''}", "dim"),
        )  # fmt: skip
    if not found:
        screen.line((say(language, "no_duplicates"), "dim"))
    return 0


def _duplicates(functions: Library, names: list[str], screen: Screen | None) -> list[Duplicate]:
    from ..execute import default_sandbox
    from ..library.behaviour import alike, duplicates_of, known_fingerprint

    sandbox, language = default_sandbox(), locale_language()
    everything = [saved for saved in functions.list() if not saved.broken]
    for done, saved in enumerate(everything, 1):
        known_fingerprint(saved, functions, sandbox)
        if screen is not None and done % 200 == 0:
            screen.line((say(language, "compared", done=done, all=len(everything)), "dim"))
    if names:
        return [
            one for name in names for one in duplicates_of(functions.get(name), functions, sandbox)
        ]
    found = []
    for group in functions.shared_behaviours():
        for at, first in enumerate(group):
            for second in group[at + 1 :]:
                made = alike(first, second, functions, sandbox)
                if made is not None:
                    found.append(made)
    return found


def _pairs(one: Duplicate) -> dict[str, str]:
    """The parameters of the first by those of the second that take the same values."""
    mine, theirs = ([*saved.parameters["properties"]] for saved in (one.first, one.second))
    return {mine[at]: name for at, name in zip(one.order, theirs, strict=True)}


def graph(names: Names = None, json: Json = False) -> int:
    """Show which functions call which.

    What a function calls of the library is put before it when it runs. Change a function, and those
    that call it are verified again.

    \b
    funcsmith library graph
    funcsmith library graph invoice_total --json
    """
    language, screen = locale_language(), Screen()
    with opened() as functions:
        chosen = (
            [functions.get(name) for name in names]
            if names
            else [saved for saved in functions.list() if not saved.broken]
        )
        found = {saved.name: _edges(functions, saved) for saved in chosen}
    if json:
        print_json([{"name": name, **edges} for name, edges in found.items()])
        return 0
    told = {name: edges for name, edges in found.items() if names or any(edges.values())}
    for name, edges in told.items():
        screen.line((name, "name"))
        for key in ("uses", "used_by"):
            if edges[key]:
                screen.line(("  ", ""), (say(language, key), "dim"), "  ", ", ".join(edges[key]))
    if not told:
        screen.line((say(language, "no_graph"), "dim"))
    return 0


def _edges(functions: Library, saved: Saved) -> dict[str, list[str]]:
    return {
        "uses": [one.name for one in functions.uses(saved)],
        "used_by": [one.name for one in functions.dependents(saved.name)],
    }


def stats(json: Json = False) -> int:
    """Count the functions, texts and runs, and the model calls that the library avoided."""
    language, screen = locale_language(), Screen()
    with opened() as functions:
        counted: dict[str, Any] = functions.stats()
    if json:
        print_json(counted)
        return 0
    for key, number in counted.items():
        screen.line((say(language, f"count_{key}"), "dim"), "  ", (f"{number:,}", "value"))
    return 0


__all__ = ["duplicates", "graph", "stats"]
