"""How sure the model was of an argument is read from the probabilities of its tokens."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.certainty import Certainty, certainties
from funcsmith.models.engine import Completion, Token


def completion(*tokens: tuple[str, float, dict[str, float]]) -> Completion:
    """Tokens as text, probability and what else stood at their place."""
    made = tuple(
        Token(
            text,
            math.log(share),
            ((text, math.log(share)), *((other, math.log(p)) for other, p in others.items())),
        )
        for text, share, others in tokens
    )
    return Completion("".join(t.text for t in made), made)


def rounded(found: dict[int | str, Certainty]) -> dict[int | str, tuple[float, float]]:
    return {key: (round(c.probability, 3), round(c.absent, 3)) for key, c in found.items()}


def test_positional_arguments() -> None:
    """Each digit counts, and the None that nearly stood there is told apart."""
    said = completion(
        ("f", 1.0, {}),
        ("(", 0.98, {"(None": 0.02}),
        ("4", 0.9, {"5": 0.1}),
        ("0", 0.8, {"1": 0.2}),
        (",", 1.0, {}),
        (" ", 0.7, {" None": 0.3}),
        ("7", 0.5, {"8": 0.5}),
        (")", 1.0, {}),
    )

    assert rounded(certainties(said, "f")) == {0: (0.72, 0.02), 1: (0.5, 0.3)}


def test_ways_of_saying_the_same_are_added() -> None:
    """十二公里 and 12 state one value: a choice between them is no doubt."""
    said = completion(
        ("f", 1.0, {}),
        ("(km", 1.0, {}),
        ('="', 0.95, {"=None": 0.05}),
        ("1", 0.5, {"十二": 0.4, "9": 0.1}),
        ("2", 0.9, {"3": 0.1}),
        ('")', 0.1, {" km": 0.9}),
    )
    forms = {"km": ['"十二公里"', '"十二"', '"12"']}

    assert rounded(certainties(said, "f", ["km"], forms)) == {"km": (0.81, 0.05)}
    assert rounded(certainties(said, "f", ["km"])) == {"km": (0.45, 0.05)}


def test_defaults_of_a_header() -> None:
    """Values that stand as defaults are as sure as their tokens, and None may have stood there."""
    said = completion(
        ("import math\n\ndef ", 1.0, {}),
        ("f", 1.0, {}),
        ("(km: float =", 1.0, {}),
        (" ", 0.6, {" None": 0.4}),
        ("7", 0.5, {"8": 0.5}),
        (", h: int =", 1.0, {}),
        (" ", 1.0, {}),
        ("2", 0.9, {"3": 0.1}),
        (") -> float:\n    return f(1, 2)", 1.0, {}),
    )

    assert rounded(certainties(said, "f", in_header=True)) == {"km": (0.5, 0.4), "h": (0.9, 0.0)}


def test_names_that_are_not_pythons() -> None:
    """A parameter may be called anything that a schema allows."""
    said = completion(
        ("get-it", 1.0, {}), ("(from", 1.0, {}), ('="', 1.0, {}), ("北京", 0.9, {}), ('")', 1.0, {})
    )

    assert rounded(certainties(said, "get-it", ["from"])) == {"from": (0.9, 0.0)}


def test_nothing_is_told_without_a_call() -> None:
    """Where the call cannot be found or read nothing is claimed."""
    assert certainties(completion(("none", 1.0, {})), "f") == {}
    assert certainties(completion(("f(", 1.0, {}), (")(", 1.0, {})), "f") == {}
    assert certainties(Completion("f(1)"), "f") == {}


@given(st.lists(st.tuples(st.text(max_size=4), st.floats(0.01, 1.0)), max_size=12))
def test_any_answer_is_survived(pieces: list[tuple[str, float]]) -> None:
    """Probabilities stay probabilities, whatever was generated."""
    said = completion(("f(", 1.0, {}), *((text, share, {}) for text, share in pieces))

    for certainty in certainties(said, "f", ["a", "class"]).values():
        assert 0.0 <= certainty.probability <= 1.0
        assert 0.0 <= certainty.absent <= 1.0


def test_long_copies_are_judged_by_their_beginning() -> None:
    """A long message is no less sure than a short one: what counts is where it begins."""
    said = completion(
        ("f(", 1.0, {}), ('a="', 1.0, {}), *(("词", 0.9, {}) for _ in range(40)), ('")', 1.0, {})
    )

    assert rounded(certainties(said, "f")) == {"a": (round(0.9**6, 3), 0.0)}


def test_share_of_a_member_among_all() -> None:
    """What counts is how probable the member was beside the others that are allowed."""
    text = 'f(kind="Music")'
    tokens = [
        Token('f(kind="', -0.1),
        Token("Music", math.log(0.3), (("Music", math.log(0.3)), ("Theater", math.log(0.1)))),
        Token('")', -0.1, (('")', -0.1), ("al", -2.0))),
    ]
    completion = Completion(text=text, tokens=tuple(tokens))

    found = certainties(completion, "f", ["kind"], members={"kind": ['"Music"', '"Theater"']})

    assert found["kind"].member == pytest.approx(0.75)
    assert certainties(completion, "f", ["kind"])["kind"].member == 1.0


def test_members_that_begin_alike_part_later() -> None:
    """«Art» and «Arts» are told apart by what follows."""
    text = 'f(kind="Arts")'
    tokens = [
        Token('f(kind="', -0.1),
        Token("Art", math.log(0.9), (("Art", math.log(0.9)),)),
        Token('s")', math.log(0.2), (('s")', math.log(0.2)), ('")', math.log(0.6)))),
    ]
    completion = Completion(text=text, tokens=tuple(tokens))

    found = certainties(completion, "f", ["kind"], members={"kind": ['"Art"', '"Arts"']})

    assert found["kind"].member == pytest.approx(0.25)
