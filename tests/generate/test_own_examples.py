"""A function that its owner adds is judged by its own examples."""

from __future__ import annotations

import pytest

from funcsmith.execute import default_sandbox
from funcsmith.generate.own_examples import judged_by_own_examples
from funcsmith.library import Library
from funcsmith.settings import settings


@pytest.mark.parametrize(
    ("docstring", "verdict"),
    [
        (">>> double(2)\n    4", "tested"),
        (">>> double(2)\n    5", "unverified"),
        ("Twice n.", "unverified"),
    ],
)
def test_examples_of_the_docstring_give_the_verdict(docstring: str, verdict: str) -> None:
    """All examples passing is `tested`; a failing one, or none, is not."""
    library = Library.open(settings())
    added = library.add(
        f'def double(n: int) -> int:\n    """{docstring}\n    """\n    return 2 * n\n',
        origin="given",
    )

    judged = judged_by_own_examples(added, library, default_sandbox())

    assert judged.verdict == verdict
    assert library.get("double").verdict == verdict
