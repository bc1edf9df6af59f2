"""`from funcsmith_library import 阶乘`: saved functions as plain imports, fenced or trusted."""

from __future__ import annotations

import datetime as dt
import decimal
import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import funcsmith_library
from funcsmith.errors import ArgumentsInvalid
from funcsmith.library import Library
from funcsmith.settings import settings

FACTORIAL = (
    'def 阶乘(n: int) -> int:\n    """n 的阶乘。"""\n    return 1 if n < 2 else n * 阶乘(n - 1)\n'
)
MANY = """from datetime import date
from decimal import Decimal

LIMIT = 3


def many(day: date, *, share: Decimal = Decimal("0.5"), names: tuple[str, ...] = ("a",), at=LIMIT
         ) -> tuple[date, Decimal, set[str]]:
    return day, share * 2, set(names)
"""


@pytest.fixture
def library() -> Iterator[Library]:
    opened = Library.open(settings())
    opened.add(FACTORIAL, origin="given")
    yield opened
    opened.close()


def test_function_is_imported_by_name_and_by_other_names(library: Library) -> None:
    """The call runs in the fence and looks like the function that it is."""
    library.alias("阶乘", ["factorial"])
    from funcsmith_library import factorial, 阶乘  # noqa: PLC2403  # what people write

    assert 阶乘(5) == factorial(n=5) == 120
    assert (阶乘.__name__, 阶乘.__doc__, 阶乘.__module__) == (
        "阶乘",
        "n 的阶乘。",
        "funcsmith_library",
    )
    assert str(inspect.signature(阶乘)) == "(n: int) -> int"
    assert inspect.get_annotations(阶乘) == {"n": int, "return": int}
    assert dir(funcsmith_library) == ["factorial", "阶乘"]
    assert funcsmith_library.__all__ == ["factorial", "阶乘"]


def test_values_come_back_as_they_were(library: Library) -> None:
    """Dates, decimals, tuples and sets go in and come out as Python values."""
    library.add(MANY, origin="given")
    many = funcsmith_library.many

    assert many(dt.date(2026, 3, 1), share=decimal.Decimal("1.5"), names=("x", "y")) == (
        dt.date(2026, 3, 1),
        decimal.Decimal("3.0"),
        {"x", "y"},
    )
    assert list(inspect.signature(many).parameters) == ["day", "share", "names", "at"]
    assert repr(inspect.signature(many).parameters["share"].default) == "Decimal('0.5')"
    assert repr(inspect.signature(many).parameters["at"].default) == "LIMIT"


def test_failure_is_of_the_kind_that_the_code_raised(library: Library) -> None:
    """A fenced ZeroDivisionError is caught as one, and says where; others are CallFailed."""
    library.add("def bad(n: int):\n    return 1 / n\n", origin="given")
    library.add("class Odd(Exception): ...\ndef odd():\n    raise Odd('x')\n", name="odd")

    with pytest.raises(ZeroDivisionError, match=r"bad: .*division by zero \(line 2\)") as caught:
        funcsmith_library.bad(0)
    assert isinstance(caught.value, funcsmith_library.CallFailed)
    assert caught.value.result.status == "error"
    with pytest.raises(funcsmith_library.CallFailed, match="odd: Odd: x"):
        funcsmith_library.odd()


def test_wrong_calls_are_type_errors(library: Library) -> None:
    """Missing and unknown arguments fail as they do for any function, before the fence."""
    with pytest.raises(TypeError, match=r"阶乘\(\) missing a required argument: 'n'"):
        funcsmith_library.阶乘()
    with pytest.raises(TypeError, match="unexpected keyword argument 'm'"):
        funcsmith_library.阶乘(1, m=2)
    with pytest.raises(ArgumentsInvalid, match="object cannot be handed into the fence"):
        funcsmith_library.阶乘(object())


def test_fence_holds_until_the_owner_trusts(library: Library) -> None:
    """What the fence refuses runs after `trust`, and no longer once the source is another."""
    source = "import os\ndef where(path: str) -> int:\n    return len(os.listdir(path))\n"
    library.add(source, origin="given")
    with pytest.raises(PermissionError):
        funcsmith_library.where("/")

    library.trust("where")
    assert funcsmith_library.where("/") > 0
    assert funcsmith_library.where.__code__.co_filename == str(library.get("where").path)

    library.add(source.replace("len(", "1 + len("), origin="given", replace=True)
    with pytest.raises(PermissionError):
        funcsmith_library.where("/")
    library.trust("where")
    library.trust("where", on=False)
    with pytest.raises(PermissionError):
        funcsmith_library.where("/")


def test_trust_of_another_home_does_not_hold(library: Library, tmp_path: Path) -> None:
    """The word of somebody else, come along with the files, lets nothing out of the fence."""
    saved = library.trust("阶乘")
    assert library.trusts(saved)

    (settings().home / "grants.key").write_bytes(b"x" * 32)
    assert not library.trusts(library.get("阶乘"))


def test_unknown_name_cannot_be_imported(library: Library) -> None:
    """An import of what is not there fails as ever; asked for, it names what looks like it."""
    with pytest.raises(ImportError, match="cannot import name '阶层'"):
        from funcsmith_library import 阶层  # noqa: F401, PLC2403
    with pytest.raises(AttributeError, match="阶乘"):
        funcsmith_library.阶  # noqa: B018
    assert not hasattr(funcsmith_library, "__path_hook__")


def test_import_is_light() -> None:
    """Importing the package reads no library and loads nothing heavy."""
    code = "import funcsmith_library, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"pydantic", "sqlalchemy", "mcp", "httpx", "typer", "rich"})
    assert importlib.import_module("funcsmith_library") is funcsmith_library
