"""Functions that call saved ones: what runs, what is refused, what a change does to others."""

from __future__ import annotations

import pytest

from funcsmith.errors import FunctionInvalid
from funcsmith.execute import default_sandbox, execute
from funcsmith.generate.verification import dependents_again, verified_again
from funcsmith.library import Library
from funcsmith.library.graph import needs, whole

TAX = "RATE = 0.5\n\n\ndef with_tax(net: float) -> float:\n    return net * (1 + RATE)\n"
TOTAL = "def total(prices: list[float]) -> float:\n    return sum(with_tax(p) for p in prices)\n"
PROOF = [{"kind": "run", "call": "total([2.0, 4.0])", "got": "9.0"}]


def test_source_that_runs_alone_has_what_it_calls(library: Library) -> None:
    """The saved file stays as it was written; what the child runs is complete."""
    library.add(TAX, name="with_tax")
    saved = library.add(TOTAL)
    assert saved.source == TOTAL
    alone = library.whole(saved.source, saved.name)
    assert execute(alone, "total", {"prices": [2.0, 4.0]}).value == 9.0
    assert [one.name for one in library.uses(saved)] == ["with_tax"]
    assert [one.name for one in library.dependents("with_tax")] == ["total"]


def test_helpers_of_the_same_name_do_not_meet(library: Library) -> None:
    """Each function keeps its own helper, constant and import."""
    library.add(TAX, name="with_tax")
    library.add(
        "RATE = 10\n\n\ndef helper(x: float) -> float:\n    return x + RATE\n\n\n"
        "def with_fee(net: float) -> float:\n    return helper(net)\n",
        name="with_fee",
    )
    source = (
        "RATE = 1\n\n\ndef helper(x: float) -> float:\n    return x * 100 + RATE\n\n\n"
        "def both(net: float) -> float:\n    return helper(with_tax(net)) + with_fee(net)\n"
    )
    saved = library.add(source, name="both")
    alone = library.whole(saved.source, saved.name)
    assert execute(alone, "both", {"net": 2.0}).value == 313.0


def test_calls_go_through(library: Library) -> None:
    """What a called function calls is put in too, once."""
    library.add("def one(x: int) -> int:\n    return x + 1\n")
    library.add("def two(x: int) -> int:\n    return one(one(x))\n")
    saved = library.add("def four(x: int) -> int:\n    return two(two(x)) + one(0) - 1\n")
    alone = library.whole(saved.source, saved.name)
    assert (execute(alone, "four", {"x": 0}).value, alone.count("def one")) == (4, 1)


def test_circle_is_refused_by_name(library: Library) -> None:
    """Functions that call each other in a circle are named; nothing is saved."""
    library.add("def even(n: int) -> bool:\n    return n == 0 or odd(n - 1)\n")
    with pytest.raises(FunctionInvalid, match="odd → even → odd"):
        library.add("def odd(n: int) -> bool:\n    return n != 0 and even(n - 1)\n")
    assert [saved.name for saved in library.list()] == ["even"]


def test_library_is_not_there_in_the_fence(library: Library) -> None:
    """A function that is not called by its name is not put in, and cannot be read."""
    library.add(TAX, name="with_tax")
    spy = library.add("def spy() -> str:\n    return str(sorted(globals()))\n")
    alone = library.whole(spy.source, spy.name)
    assert "with_tax" not in alone


def test_own_names_are_not_the_library_s() -> None:
    """Parameters, local names, imports and builtins are nothing that a source needs."""
    source = (
        "import math\nfrom statistics import mean\n\n\ndef f(with_tax, xs):\n    total = 0\n"
        "    for x in xs:\n        total += with_tax(x) + mean(xs) + math.pi + len(xs)\n"
        "    return [y for y in xs if y > total]\n"
    )
    assert needs(source) == ()
    assert whole(source, "f", lambda name: None) is source


def test_change_leaves_dependents_unverified_until_they_held_again(library: Library) -> None:
    """A change that changes nothing for a dependent gives its verdict back; another does not."""
    library.add(TAX, name="with_tax")
    library.add(TOTAL, verdict="runs", evidence=PROOF)
    same = TAX.replace("net * (1 + RATE)", "net + net * RATE")
    library.add(same, name="with_tax", replace=True)
    unsettled = library.get("total")
    assert (unsettled.verdict, unsettled.evidence[-1]) == (
        "unverified",
        {"kind": "changed", "call": "with_tax", "was": "runs"},
    )
    (found,) = dependents_again("with_tax", library, default_sandbox())
    assert (found.saved.verdict, found.held, library.get("total").verdict) == ("runs", 1, "runs")

    library.add(TAX.replace("0.5", "0.25"), name="with_tax", replace=True)
    (found,) = dependents_again("with_tax", library, default_sandbox())
    assert (found.saved.verdict, found.differences[0].now) == ("unverified", "7.5")


def test_edit_by_hand_is_noticed_by_dependents(library: Library) -> None:
    """A file that is changed in an editor leaves what calls it unverified."""
    saved = library.add(TAX, name="with_tax")
    library.add(TOTAL, verdict="runs", evidence=PROOF)
    assert saved.path is not None
    saved.path.write_text(TAX.replace("0.5", "0.75"), encoding="utf-8")
    library.refresh(now=True)
    assert library.get("total").verdict == "unverified"
    again = verified_again(library.get("total"), library, default_sandbox())
    assert [one.now for one in again.differences] == ["10.5"]
