"""A notebook's variables as inputs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from funcsmith.errors import InputInvalid
from funcsmith.notebook.variables import as_input

pandas = pytest.importorskip("pandas")
numpy = pytest.importorskip("numpy")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            pandas.DataFrame({"a": [1, 2], "b": [None, 0.5], 3: ["x", None]}),
            [{"a": 1, "b": None, "3": "x"}, {"a": 2, "b": 0.5, "3": None}],
        ),
        (
            pandas.DataFrame({"at": pandas.to_datetime(["2026-03-01 10:00", None])}),
            [{"at": "2026-03-01 10:00:00"}, {"at": None}],
        ),
        (
            pandas.DataFrame({"city": ["a", "a", "b"], "n": [1, 2, 3]}).groupby("city").sum(),
            [{"city": "a", "n": 3}, {"city": "b", "n": 3}],
        ),
        (pandas.Series([1, None, 3]), [1, None, 3]),
        (
            pandas.Series([1, 2], index=pandas.Index(["x", "y"], name="k"), name="v"),
            [{"k": "x", "v": 1}, {"k": "y", "v": 2}],
        ),
        (numpy.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (numpy.float64(0.5), 0.5),
        ([{"a": date(2026, 3, 1)}, {"a": (1, 2)}], [{"a": "2026-03-01"}, {"a": [1, 2]}]),
        (datetime(2026, 3, 1, 10), "2026-03-01 10:00:00"),
        ("text", "text"),
    ],
)
def test_value_as_json_has_it(value: Any, expected: Any) -> None:
    """Frames are rows, arrays lists, what is missing null, days ISO text."""
    made = as_input("x", value)

    assert made == expected
    assert not isinstance(made, (numpy.generic, numpy.ndarray))


@pytest.mark.parametrize(
    "value", [object(), [len], {1, 2}, pandas.DataFrame([[1, 2]], columns=["a", "a"])]
)
def test_what_is_no_data_is_refused(value: Any) -> None:
    """A function, a set or a frame with two columns of one name is no input."""
    with pytest.raises(InputInvalid, match="x"):
        as_input("x", value)
