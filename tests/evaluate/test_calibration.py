"""Expected calibration error, Brier's score and the bins, by hand."""

from __future__ import annotations

from funcsmith.evaluate.calibration import calibration


def test_error_is_the_weighted_distance_of_the_bins() -> None:
    """Each bin counts by its size."""
    found = calibration([(0.92, True), (0.88, False), (0.9, True), (0.25, True), (0.25, False)])

    # 0.88 is a bin of its own: |0.88 − 0| · 1/5 + |0.91 − 1| · 2/5 + |0.25 − 0.5| · 2/5
    assert found["error"] == 0.312
    assert found["brier"] == 0.28316
    assert [(one["from"], one["to"], one["n"], one["right"]) for one in found["bins"]] == [
        (0.2, 0.3, 2, 1),
        (0.8, 0.9, 1, 0),
        (0.9, 1.0, 2, 2),
    ]
    assert [one["probability"] for one in found["bins"]] == [0.25, 0.88, 0.91]


def test_certainty_belongs_to_the_last_bin() -> None:
    """1 has a bin; who is right every time at 1 has no error."""
    found = calibration([(1.0, True), (1.0, True)])

    assert (found["error"], found["brier"]) == (0.0, 0.0)
    assert [(one["to"], one["share"]) for one in found["bins"]] == [(1.0, 1.0)]


def test_nothing_stated_has_no_error() -> None:
    """Where nothing has a probability there is no figure instead of a good one."""
    assert calibration([]) == {"n": 0, "error": None, "brier": None, "bins": []}
