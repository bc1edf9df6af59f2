"""What a verification depends on, and what is found of a function that was edited by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funcsmith.contract import Request
from funcsmith.execute import default_sandbox
from funcsmith.generate import environment
from funcsmith.generate.verification import judged_edit, verified
from funcsmith.library import Library
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline
from funcsmith.settings import settings

SOURCE = "def triple(n: int) -> int:\n    return 3 * n\n"
FACT = {
    "kind": "example",
    "call": "triple(2)",
    "expected": "6",
    "text": "triple(2) == 6",
    "passed": True,
}


@pytest.fixture
def library() -> Iterator[Library]:
    opened = Library.open(settings())
    yield opened
    opened.close()


@pytest.fixture
def path(library: Library) -> Path:
    library.add(SOURCE, text="4 的三倍", sample={"n": 4}, verdict="tested", evidence=[FACT])
    return library.folder.path / "triple.py"


def edited(library: Library, path: Path, body: str):
    path.write_text(SOURCE.replace("3 * n", body))
    saved = library.get("triple")
    assert (saved.edited, saved.verdict, saved.evidence) == (True, "unverified", ())
    return saved


def test_examples_stated_before_judge_an_edit(library: Library, path: Path) -> None:
    """They say what is wanted, whatever the code is: right code is tested, other code is not."""
    right = judged_edit(edited(library, path, "n + n + n"), library, default_sandbox())
    assert (right.verdict, right.edited, right.evidence[0]["passed"]) == ("tested", False, True)

    wrong = judged_edit(edited(library, path, "n + n"), library, default_sandbox())
    assert (wrong.verdict, wrong.edited) == ("unverified", False)
    assert (wrong.evidence[0]["passed"], wrong.evidence[0]["got"]) == (False, "4")


def test_edit_without_any_example_stays_unverified(library: Library) -> None:
    """What earlier code agreed on is no word of what is wanted."""
    fact = {"kind": "agreement", "call": "triple(2)", "got": "6", "candidates": 3}
    library.add(SOURCE, verdict="agreed", evidence=[fact])
    saved = edited(library, library.folder.path / "triple.py", "n + n + n")
    found = verified(saved, library, default_sandbox())

    assert found is not None
    assert (found.state, found.saved.verdict, found.saved.edited) == (
        "unchecked", "unverified", False,
    )  # fmt: skip


def test_edit_is_judged_before_it_is_used(library: Library, path: Path) -> None:
    """The same text again: the new code answers, with what the examples say of it, no model."""
    edited(library, path, "n + n + n")
    with Pipeline(engine=Scripted()) as pipeline:
        outcome = pipeline.run(Request(text="4 的三倍"))

    assert (outcome.value, outcome.function.verdict) == (12, "tested")
    library.refresh(now=True)
    assert library.get("triple").verdict == "tested"


def test_nothing_is_written_where_nothing_is_to_be_kept(library: Library, path: Path) -> None:
    """With save=False the edit is used as it is, and stays unverified."""
    edited(library, path, "n + n + n")
    with Pipeline(engine=Scripted(), save=False) as pipeline:
        outcome = pipeline.run(Request(text="4 的三倍"))

    assert (outcome.value, outcome.function.verdict) == (12, "unverified")


def test_packages_that_a_function_imports_count(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of one is a change; of a package that it does not import it is none."""
    monkeypatch.setattr(environment, "_version", {"numpy": "2.0", "yaml": None}.get)
    source = (
        "import json, numpy.linalg\nfrom yaml import load\n\n"
        "def f(n: int) -> int:\n    import os.path\n    return n\n"
    )
    saved = library.add(source)
    first = environment.environment(saved, None)
    assert first["packages"] == {"numpy": "2.0", "yaml": None}

    saved = library.set_verdict("f", "runs", verified={"environment": first})
    assert environment.changes(saved, first) == ()
    monkeypatch.setattr(environment, "_version", {"numpy": "2.1", "yaml": None}.get)
    [change] = environment.changes(saved, environment.environment(saved, None))
    assert (change.what, change.was, change.now) == ("numpy", "2.0", "2.1")


def test_model_counts_only_for_what_a_model_wrote(library: Library) -> None:
    """A function of one's own is not verified again because another model is used."""
    library.add(SOURCE, origin="given")
    library.add("def g(n: int) -> int:\n    return n\n", model="qwen")
    for name in ("triple", "g"):
        verified(library.get(name), library, default_sandbox())
    object.__setattr__(library.settings, "model", "another")

    again = [
        verified(library.get(name), library, default_sandbox(), only_changed=True)
        for name in ("triple", "g")
    ]
    assert again[0] is None
    assert again[1] is not None and again[1].changes[0].now == "another"


def test_granted_function_is_not_run(library: Library, path: Path) -> None:
    """An edit of it neither; only its owner's word runs it."""
    from funcsmith.execute import Grants

    library.grant("triple", Grants.to(network=["a.de:80"]))
    saved = edited(library, path, "n + n")

    assert judged_edit(saved, library, default_sandbox()) is saved
    found = verified(saved, library, default_sandbox())
    assert found is not None and (found.state, found.saved.verdict) == ("unchecked", "unverified")
