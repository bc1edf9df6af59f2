"""Probabilities of written functions: a logistic fit that means what it says."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.calibration import FILE, NAMES, VERDICTS, Fit, Signs, fitted, probability


def signs(verdict: str = "tested", logprob: float = -0.1, share: float = 1.0) -> Signs:
    return Signs(verdict, logprob, share, 4)  # type: ignore[arg-type]


@given(
    st.sampled_from(VERDICTS),
    st.floats(-50, 0),
    st.floats(0, 1),
    st.integers(1, 100),
)
def test_probability_is_one(verdict: str, logprob: float, share: float, versions: int) -> None:
    """Whatever the signs, it lies between 0.01 and 0.99."""
    found = probability(Signs(verdict, logprob, share, versions))  # type: ignore[arg-type]

    assert 0.01 <= found <= 0.99


def test_more_evidence_is_more_probable() -> None:
    """Before any fit the verdicts stand in their order, and agreement counts."""
    order = [probability(signs(verdict)) for verdict in VERDICTS]

    assert order == sorted(order, reverse=True)
    assert probability(signs(share=0.4)) < probability(signs(share=0.9))
    assert probability(signs(logprob=-0.6)) < probability(signs(logprob=-0.1))


def test_fit_finds_the_shares() -> None:
    """Of 400 tested rows 300 are right, of 400 agreed 100: that is what the fit says."""
    rows = [(signs("tested"), at % 4 > 0) for at in range(400)]
    rows += [(signs("agreed"), at % 4 == 0) for at in range(400)]
    learned = Fit(fitted(rows), "m", {})

    assert learned.probability(signs("tested")) == pytest.approx(0.75, abs=0.01)
    assert learned.probability(signs("agreed")) == pytest.approx(0.25, abs=0.01)


def test_fit_learns_from_the_tokens() -> None:
    """Where unsure tokens went wrong, unsure tokens are less probable afterwards."""
    draw = random.Random(1)
    rows = [
        (signs(logprob=logprob), draw.random() < (0.9 if logprob > -0.3 else 0.3))
        for logprob in [-0.05, -0.1, -0.5, -0.8] * 100
    ]
    learned = Fit(fitted(rows), "m", {})

    assert learned.probability(signs(logprob=-0.05)) > 0.8
    assert learned.probability(signs(logprob=-0.8)) < 0.45


def test_without_rows_it_is_the_estimate() -> None:
    """Nothing to learn from leaves the estimate; another model's fit is not used either."""
    weights = fitted([])

    assert list(weights) == list(NAMES)
    assert weights["proven"] == 2.0


def test_own_fit_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner's file is used for the model that it names; a torn one is not in the way."""
    home = tmp_path / "own"
    monkeypatch.setenv("FUNCSMITH_HOME", str(home))
    before = probability(signs(), model="mine")
    weights = dict.fromkeys(NAMES, 0.0)
    home.mkdir()
    (home / FILE).write_text(json.dumps({"fits": [{"model": "mine", "weights": weights}]}))

    assert probability(signs(), model="mine") == 0.5
    (home / FILE).write_text('{"fits": [{"model": "mi')
    assert probability(signs(), model="mine") == before


def test_fit_of_another_model_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learned of one model says nothing of another."""
    before = probability(signs(), model="other")
    monkeypatch.setenv("FUNCSMITH_HOME", str(tmp_path))
    weights = dict.fromkeys(NAMES, 0.0)
    (tmp_path / FILE).write_text(json.dumps({"fits": [{"model": "mine", "weights": weights}]}))

    assert probability(signs(), model="other") == before
