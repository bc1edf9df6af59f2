"""Generated code is read without a word of Python's about it."""

from __future__ import annotations

import doctest
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from funcsmith import syntax
from funcsmith.execute import Sandbox
from funcsmith.execute.check import check
from funcsmith.generate.answer import read_answer
from funcsmith.generate.call import read_call
from funcsmith.generate.readback import readback
from funcsmith.generate.source import computes, mend, unread, with_docstring, without_defaults
from funcsmith.library.signature import signature_of

BAD_ESCAPE = (
    "def numbers(text: str) -> list[str]:\n    import re\n    return re.findall('\\d+', text)\n"
)
READERS: list[Any] = [
    syntax.parse,
    mend,
    check,
    lambda code: read_answer(f"{code}\nnumbers('\\d1')"),
    lambda code: read_call("numbers('\\d1')", "numbers"),
    lambda code: readback(code, {}, {}, [], "en"),
    lambda code: signature_of(code, "numbers"),
    lambda code: computes(code, "numbers"),
    lambda code: unread(code, "numbers"),
    lambda code: without_defaults(code, "numbers"),
    lambda code: with_docstring(code, "numbers", "Numbers."),
]


@pytest.mark.parametrize("reader", READERS)
def test_bad_escape_is_no_warning(reader: Any) -> None:
    """A backslash before a d in a plain string warns nobody, whatever reads it."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        reader(BAD_ESCAPE)

    assert said == []


def test_bad_escape_runs_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    """It runs as it was meant, and nothing is said beside the result."""
    with Sandbox() as sandbox:
        result = sandbox.call(BAD_ESCAPE, "numbers", {"text": "a1b22"})

    assert (result.status, result.value, result.stdout) == ("ok", ["1", "22"], "")
    assert capfd.readouterr() == ("", "")


def test_filters_of_others_stay() -> None:
    """What others set for their warnings is theirs, also where threads read at once."""
    before = list(warnings.filters)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(syntax.parse, [BAD_ESCAPE] * 200))

    assert list(warnings.filters) == before


@pytest.mark.parametrize("code", ["def f(:", "\0", "'\ud800'"])
def test_errors_are_those_of_python(code: str) -> None:
    """What is no Python is an error as before."""
    with pytest.raises((SyntaxError, ValueError)):
        syntax.parse(code)


def test_example_is_true() -> None:
    """The example in the docstring gives what it says."""
    assert doctest.testmod(syntax) == (0, 1)
