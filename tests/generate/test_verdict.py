"""What a written function is documented and found again by."""

from __future__ import annotations

from funcsmith.generate.examples import read_examples
from funcsmith.generate.grounding import Grounding
from funcsmith.generate.verdict import docstring, template_spans

TEXT = "Clip 7 at 3, for example clip(5, 2) == 2"


def at(words: str) -> list[tuple[int, int]]:
    return [(TEXT.index(words), TEXT.index(words) + 1)]


def test_values_of_the_request_become_names() -> None:
    """What stands beside the example is a value, and may be another the next time."""
    found = Grounding({"x": 7, "high": 3}, {"/x": at("7"), "/high": at("3")})

    assert docstring(TEXT, found, read_examples(TEXT)) == TEXT.replace("7", "{x}").replace(
        "3", "{high}"
    )


def test_an_example_stays_as_it_is_written() -> None:
    """Values that only an example states are no places to fill: it would be another example."""
    found = Grounding({"x": 5, "high": 3}, {"/x": at("5"), "/high": at("3")})

    assert docstring(TEXT, found, read_examples(TEXT)) == TEXT
    assert template_spans(found, read_examples(TEXT)) == {}
