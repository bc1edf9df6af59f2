"""Duplicates by behaviour: other names and code, the same results; and what only nearly is."""

from __future__ import annotations

import pytest

from funcsmith.execute import default_sandbox
from funcsmith.library import Library
from funcsmith.library.behaviour import alike, duplicates_of, known_fingerprint

ADULT = "def is_adult(age: int) -> bool:\n    return age >= 18\n"


def two(library: Library, one: str, other: str) -> tuple[str, str, object]:
    """The fingerprints of two functions, and what comparing them finds."""
    first, second = library.add(one), library.add(other)
    sandbox = default_sandbox()
    return (
        known_fingerprint(first, library, sandbox).key,
        known_fingerprint(second, library, sandbox).key,
        alike(first, second, library, sandbox),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADULT, "def grown_up(years: int) -> bool:\n    return not years < 18\n"),
        (
            "def less(a: int, b: int) -> int:\n    return a - b\n",
            "def taken_from(y: int, x: int) -> int:\n    return x - y\n",
        ),
        (
            "def repeated(text: str, n: int) -> str:\n    return text * n\n",
            "def times(k: int, s: str) -> str:\n    return ''.join(s for _ in range(k))\n",
        ),
        (
            "def mean(v: list[float]) -> float:\n    return sum(v) / len(v)\n",
            "import statistics\n\n\ndef avg(x: list[float]) -> float:\n    return statistics.mean(x)\n",
        ),
    ],
)
def test_same_behaviour_is_found(library: Library, one: str, other: str) -> None:
    """Names, code and the order of parameters do not hide it."""
    first, second, found = two(library, one, other)
    assert first == second != ""
    assert found is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ADULT, "def older(age: int) -> bool:\n    return age > 18\n"),
        (
            "def mean(v: list[float]) -> float:\n    return sum(v) / len(v)\n",
            "def mean0(v: list[float]) -> float:\n    return sum(v) / len(v) if v else 0.0\n",
        ),
        (
            "def tax(x: float) -> float:\n    return x * 0.2 if x > 4321 else 0.0\n",
            "def tax2(x: float) -> float:\n    return x * 0.2 if x > 4322 else 0.0\n",
        ),
        (
            "def as_list(v: list[int]) -> list[int]:\n    return [x for x in v]\n",
            "def as_tuple(v: list[int]) -> tuple[int, ...]:\n    return tuple(v)\n",
        ),
    ],
)
def test_near_misses_are_told_apart(library: Library, one: str, other: str) -> None:
    """A bound, an empty list, a constant that only the code knows, a tuple for a list."""
    assert two(library, one, other)[2] is None


@pytest.mark.parametrize(
    "source",
    [
        "def nothing(x: int) -> int:\n    return 0\n",
        "def fails(x: int) -> int:\n    raise ValueError\n",
        "def rare(x: int) -> bool:\n    return x == 2024\n",
        "import random\n\n\ndef lots(x: int) -> int:\n    return random.randint(0, x)\n",
        "def unknown(x: object) -> str:\n    return str(x)\n",
    ],
)
def test_what_says_nothing_matches_nothing(library: Library, source: str) -> None:
    """Constant, failing, nearly constant, changing: no fingerprint, so no duplicate."""
    saved = library.add(source)
    assert known_fingerprint(saved, library, default_sandbox()).key == ""
    assert duplicates_of(saved, library, default_sandbox()) == []


def test_fingerprint_is_kept_for_its_code(library: Library) -> None:
    """Found again without a run, by look-up, also after the index was made anew."""
    sandbox = default_sandbox()
    first = library.add(ADULT)
    second = library.add("def grown_up(years: int) -> bool:\n    return not years < 18\n")
    keys = {known_fingerprint(one, library, sandbox).key for one in (first, second)}
    library.rebuild()
    spent = sandbox.cpu_seconds()
    keys |= {known_fingerprint(one, library, sandbox).key for one in (first, second)}
    assert (len(keys), sandbox.cpu_seconds()) == (1, spent)
    assert [[one.name for one in group] for group in library.shared_behaviours()] == [
        ["grown_up", "is_adult"]
    ]
    assert [one.second.name for one in duplicates_of(first, library, sandbox)] == ["grown_up"]
