"""The suites' files become problems; what is missing is said with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from funcsmith.errors import RequestInvalid
from funcsmith.evaluate.problems import SUITES, read_suite, sample

from .conftest import JOIN, TRIPLE, write_lines


def _ids(suite: str) -> list[str]:
    return [problem.id for problem in read_suite(suite).problems]


def test_humaneval_asks_with_the_header(data: Path) -> None:
    """The prompt's code is the text and the header; the tests end in the call of check."""
    first, second = read_suite("humaneval").problems

    assert (first.id, first.text, first.header) == ("Made/0", TRIPLE, TRIPLE)
    assert (second.header, second.entry_point) == (JOIN, "joined")
    assert first.tests.endswith("\n\ncheck(triple)\n")
    assert first.reference == f"{TRIPLE}    return 3 * n\n"
    assert first.inputs is None


def test_humaneval_plus_has_inputs(data: Path) -> None:
    """Base and plus inputs, and the row's tolerance."""
    inputs = read_suite("humaneval_plus").problems[0].inputs

    assert inputs is not None
    assert (inputs.base, inputs.plus, inputs.tolerance) == ([[2], [-1]], [[0], [10**30]], 0.0)


def test_mbpp_is_the_test_part_with_its_first_assert(data: Path) -> None:
    """Ids 11 to 510; the text is the description and the first assert, and there is no header."""
    problem = read_suite("mbpp_sanitized").problems[0]

    assert _ids("mbpp_sanitized") == ["mbpp/11", "mbpp/12", "mbpp/510"]
    assert problem.text == "Write a function to add 11 to a number.\nassert add_it(1) == 12"
    assert problem.prompt == f'"""\n{problem.text}\n"""'
    assert problem.header is None
    assert problem.entry_point == "add_it"
    assert problem.setting == "import math"


def test_humaneval_xl_is_two_languages(data: Path) -> None:
    """Chinese first, then the same numbers in English."""
    problems = read_suite("humaneval_xl").problems

    assert [(p.id, p.number, p.language) for p in problems] == [
        ("python/0-zh", "python/0", "zh"),
        ("python/1-zh", "python/1", "zh"),
        ("python/0-en", "python/0", "en"),
        ("python/1-en", "python/1", "en"),
    ]
    assert "该数的三倍。" in problems[0].text


def test_files_are_known_by_their_hash(data: Path) -> None:
    """A result says of each file what it was."""
    files = read_suite("humaneval_xl").files

    assert list(files) == ["python_Chinese.jsonl", "python_English.jsonl"]
    assert all(len(digest) == 64 for digest in files.values())


def test_training_part_is_headers_with_and_without_an_example(data: Path) -> None:
    """Two of three have their first assert as a doctest; tabs in a solution are no error."""
    problems = read_suite("mbpp_train").problems

    assert [problem.id for problem in problems] == ["mbpp/601", "mbpp/602", "mbpp/603"]
    assert [">>> add_it(1)" in problem.text for problem in problems] == [True, True, False]
    assert problems[0].header == (
        'def add_it(x):\n    """Write a function to add 601 to a number.\n'
        '    >>> add_it(1)\n    602\n    """\n'
    )
    assert problems[0].tests == "assert add_it(1) == 602\nassert add_it(0) == 601\n"


@pytest.mark.parametrize("suite", SUITES)
def test_missing_file_is_named(data: Path, suite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the variable and the file, in both languages."""
    monkeypatch.setenv("FUNCSMITH_DATA", str(data / "nowhere"))
    with pytest.raises(RequestInvalid, match=rf"{suite} needs the file .*, which is not in") as one:
        read_suite(suite)
    assert "FUNCSMITH_DATA" in one.value.hint("en")
    assert "FUNCSMITH_DATA" in one.value.hint("zh")
    assert "nowhere 里" in one.value.message("zh")
    monkeypatch.delenv("FUNCSMITH_DATA")
    with pytest.raises(RequestInvalid, match="which is not on this machine"):
        read_suite(suite)


def test_torn_file_is_named(data: Path) -> None:
    """A file that is no such file is our error, with its path."""
    path = data / "humaneval" / "HumanEval.jsonl.gz"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(RequestInvalid, match=r"HumanEval\.jsonl\.gz cannot be read"):
        read_suite("humaneval")


def test_cache_of_evalplus_is_found(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a data folder, what EvalPlus has fetched is read."""
    row = {
        "task_id": "Made/7",
        "prompt": TRIPLE,
        "entry_point": "triple",
        "canonical_solution": "    return 3 * n\n",
        "base_input": [[1]],
        "plus_input": [],
        "atol": 0,
    }
    write_lines(tmp_path / "caches" / "evalplus" / "HumanEvalPlus-v0.1.10.jsonl", [row])
    monkeypatch.delenv("FUNCSMITH_DATA")

    assert _ids("humaneval_plus") == ["Made/7"]


def test_sample_is_stable(data: Path) -> None:
    """The same seed draws the same numbers, a larger limit all of a smaller one's."""
    rows = [
        {
            "task_id": number,
            "prompt": "Write it.",
            "code": "def f():\n  return 1",
            "test_imports": [],
            "test_list": ["assert f() == 1"],
        }
        for number in range(11, 31)
    ]
    write_lines(data / "mbpp" / "sanitized-mbpp.jsonl", rows)
    problems = read_suite("mbpp_sanitized").problems
    drawn = [problem.id for problem in sample(problems, 4, 0)]

    assert drawn == ["mbpp/19", "mbpp/22", "mbpp/24", "mbpp/28"]
    assert set(drawn) < {problem.id for problem in sample(problems, 8, 0)}
    assert drawn != [problem.id for problem in sample(problems, 4, 1)]
    assert sample(problems, 100, 0) == list(problems)


def test_sample_has_every_language_of_a_number(data: Path) -> None:
    """One number of HumanEval-XL is one problem in each language, the same one."""
    chosen = sample(read_suite("humaneval_xl").problems, 1, 0)

    assert [problem.language for problem in chosen] == ["zh", "en"]
    assert len({problem.number for problem in chosen}) == 1
