"""A saved function changed by a sentence: what it was runs beside it, and nothing is lost unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funcsmith.cli.library import edit as edit_command
from funcsmith.cli.library import verify as verify_command
from funcsmith.errors import RequestInvalid
from funcsmith.execute import default_sandbox
from funcsmith.execute.grants import Grants
from funcsmith.generate.editing import _bare
from funcsmith.generate.own_examples import judged_by_own_examples
from funcsmith.generate.verification import verified_again
from funcsmith.library import Library, Saved
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline
from funcsmith.settings import settings

TOTAL = '''def total(prices: list[float]) -> float:
    """Sum of the prices.

    >>> total([1, 2])
    3
    """
    return sum(prices)
'''
WITH_TAX = (
    "def total(prices: list[float], rate: float) -> float:\n    return sum(prices) * (1 + rate)\n"
)
ROUNDED = "def total(prices: list[float]) -> float:\n    return round(sum(prices))\n"
DOUBLED = "def total(prices: list[float]) -> float:\n    return 2 * sum(prices)\n"


@pytest.fixture
def library() -> Iterator[Library]:
    opened = Library.open(settings())
    yield opened
    opened.close()


@pytest.fixture
def saved(library: Library) -> Saved:
    added = library.add(TOTAL, text="Add up 1 and 2", sample={"prices": [1, 2]})
    return judged_by_own_examples(added, library, default_sandbox())


def pipeline(library: Library, *answers: str, logprob: float = -0.01) -> Pipeline:
    engine = Scripted(logprob=logprob).enqueue(*answers)
    return Pipeline(engine=engine, library=library)


def test_change_is_shown_and_saved(library: Library, saved: Saved) -> None:
    """The diff, the examples that still hold, what is different now; then it takes the old place."""
    runs = pipeline(library, ROUNDED, *[ROUNDED] * 3)
    made = runs.edit("total", "四舍五入到整数")

    assert "+    return round(sum(prices))" in made.diff
    assert "-    return sum(prices)" in made.diff
    assert [fact.passed for fact in made.kept] == [True]
    assert made.changed == ()
    assert library.get("total").source == saved.source
    kept = runs.keep_edit(made)
    assert ">>> total([1, 2])\n    3\n" in kept.source
    assert (kept.name, kept.verdict) == ("total", "agreed")
    assert "四舍五入到整数" in kept.source
    assert "Sum of the prices." in kept.source
    assert library.find_text("Add up 1 and 2") is None


def test_examples_that_no_longer_hold_are_named(library: Library, saved: Saved) -> None:
    """total([1, 2]) was 3 and is 6: the edit says so, with other inputs on which it differs."""
    made = pipeline(library, DOUBLED, *[DOUBLED] * 3).edit("total", "double it")

    assert [(one.was, one.now) for one in made.changed] == [("3", "6")]
    assert made.kept == ()
    assert ">>>" not in made.source
    assert "Sum of the prices." in made.source
    assert made.effects
    assert made.effects[0].was != made.effects[0].now


def test_new_quantity_is_a_parameter(library: Library, saved: Saved) -> None:
    """A changed signature is no error; the old examples say that a value is missing now."""
    made = pipeline(library, WITH_TAX, *[WITH_TAX] * 3).edit("total", "改成含税")

    best = made.written.best
    assert best is not None
    assert list(best.signature.parameters["properties"]) == ["prices", "rate"]
    assert made.effects == ()
    assert len(made.changed) == 1
    assert "rate" in made.changed[0].now


def test_example_of_the_change_gates(library: Library, saved: Saved) -> None:
    """«total([1.6]) == 2»: the version that does not give it is not taken."""
    made = pipeline(library, DOUBLED, ROUNDED, DOUBLED, ROUNDED).edit(
        "total", "round it: total([1.6]) == 2"
    )

    assert "round(" in made.source
    assert made.written.verdict in ("tested", "proven")


def test_no_change_is_no_edit(library: Library, saved: Saved) -> None:
    """The same function again is refused, with what to do."""
    same = "def total(prices: list[float]) -> float:\n    return sum(prices)\n"
    with pytest.raises(RequestInvalid, match="does something else"):
        pipeline(library, same, same, same, same).edit("total", "make it better")


def test_command_saves_only_on_purpose(
    library: Library,
    saved: Saved,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 1 and nothing saved while an old example is broken; with the word it is saved."""
    engine = Scripted({"double it": DOUBLED}, logprob=-0.01)
    monkeypatch.setattr("funcsmith.pipeline.start", lambda *_, **__: engine)

    assert edit_command("total", "double it") == 1
    assert "--on-purpose" in capsys.readouterr().out
    assert library.get("total").source == saved.source
    assert edit_command("total", "double it", dry_run=True, on_purpose=True) == 0
    assert library.get("total").source == saved.source
    assert edit_command("total", "double it", on_purpose=True) == 0
    library.refresh(now=True)
    assert "2 * sum(prices)" in library.get("total").source


def test_evidence_is_run_again(
    library: Library, saved: Saved, capsys: pytest.CaptureFixture[str]
) -> None:
    """It holds; after the file was changed by hand it does not, and the function is unverified."""
    again = verified_again(saved, library, default_sandbox())
    assert (again.held, again.differences, again.saved.verdict) == (1, (), "tested")
    assert verify_command(["total"]) == 0

    broken = library.set_verdict(
        "total",
        "agreed",
        evidence=[{"kind": "agreement", "call": "total([1, 2])", "got": "4", "candidates": 3}],
    )
    again = verified_again(broken, library, default_sandbox())
    assert [(one.call, one.was, one.now) for one in again.differences] == [
        ("total([1, 2])", "4", "3")
    ]
    assert library.get("total").verdict == "unverified"
    capsys.readouterr()
    assert verify_command(None) == 1
    assert "4 → 3" in capsys.readouterr().out


def test_facts_without_literals_are_skipped(library: Library, tmp_path: Path) -> None:
    """What cannot be run again is counted, not judged."""
    kept = library.add(
        TOTAL, verdict="runs", evidence=[{"kind": "run", "call": "total(xs)", "got": "1"}]
    )
    again = verified_again(kept, library, default_sandbox())

    assert (again.held, again.skipped, again.saved.verdict) == (0, 1, "runs")


def test_docstring_on_the_line_of_the_code_stays() -> None:
    """Taking a docstring out takes no code with it."""
    for source in ("def f(x): 'Twice.'; return 2 * x\n", "def f(x):\n    'Twice.'; return 2 * x\n"):
        assert _bare(Saved("f", "f", source=source)) == source.strip()
    apart = "def f(x):\n    '''Twice.\n\n    So.'''\n    return 2 * x\n"
    assert _bare(Saved("f", "f", source=apart)) == "def f(x):\n    return 2 * x"


def test_clock_and_lots_are_no_difference(library: Library) -> None:
    """What a function of today gave yesterday is not held against it; an example is."""
    facts = [{"kind": "run", "call": "age(2000)", "got": "1"}]
    source = "from datetime import date\n\ndef age(year: int) -> int:\n    return date.today().year - year\n"
    again = verified_again(
        library.add(source, verdict="runs", evidence=facts), library, default_sandbox()
    )

    assert (again.held, again.skipped, again.differences) == (0, 1, ())


def test_tuple_that_was_accepted_as_a_list_stays_accepted(library: Library) -> None:
    """A docstring read with the looser eye when it was added is not broken by verifying it."""
    source = 'def ends(xs):\n    """\n    >>> ends([1, 2])\n    [1, 2]\n    """\n    return (xs[0], xs[-1])\n'
    added = judged_by_own_examples(library.add(source), library, default_sandbox())
    again = verified_again(added, library, default_sandbox())

    assert (added.verdict, again.saved.verdict, again.held) == ("tested", "tested", 1)


def test_granted_function_is_not_run_by_verifying(library: Library, tmp_path: Path) -> None:
    """It would reach beyond computing without a word said before."""
    kept = library.add(
        TOTAL, verdict="runs", evidence=[{"kind": "run", "call": "total([1])", "got": "9"}]
    )
    granted = library.grant(kept.name, Grants.to(read=[tmp_path]))
    again = verified_again(granted, library, default_sandbox())

    assert (again.held, again.skipped, again.differences) == (0, 1, ())
