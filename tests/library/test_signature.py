"""What a source says of its functions, without running any of it."""

from __future__ import annotations

import ast
import doctest
import importlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funcsmith.errors import FunctionInvalid
from funcsmith.library import renamed, signature_of
from funcsmith.library.saved import code_of


@pytest.mark.parametrize(
    "name", ["annotations", "docstrings", "lexicon", "sentences", "signature", "terms"]
)
def test_examples_in_docstrings_hold(name: str) -> None:
    """The examples in the package's own docstrings are true."""
    module = importlib.import_module(f"funcsmith.library.{name}")

    assert doctest.testmod(module).failed == 0


ANNOTATIONS: list[tuple[str, dict[str, Any]]] = [
    ("int", {"type": "integer"}),
    ("'float'", {"type": "number"}),
    ("decimal.Decimal", {"type": "number"}),
    ("dt.date", {"type": "string", "format": "date"}),
    ("datetime", {"type": "string", "format": "date-time"}),
    ("Any", {}),
    ("list[str]", {"type": "array", "items": {"type": "string"}}),
    ("L[int]", {"type": "array", "items": {"type": "integer"}}),
    ("set[int]", {"type": "array", "items": {"type": "integer"}, "uniqueItems": True}),
    ("tuple[int, ...]", {"type": "array", "items": {"type": "integer"}}),
    (
        "tuple[int, str]",
        {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {"type": "string"}],
            "minItems": 2,
            "maxItems": 2,
        },
    ),
    ("dict[str, bool]", {"type": "object", "additionalProperties": {"type": "boolean"}}),
    ("Optional[int]", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
    ("int | None", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
    ("Union[int, str]", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
    ("Literal['a', 'b']", {"type": "string", "enum": ["a", "b"]}),
    ("Colour", {"type": "integer", "enum": [1, 2]}),
    ("Vector", {"type": "array", "items": {"type": "number"}}),
    (
        "Guest",
        {
            "type": "object",
            "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
            "required": ["name"],
        },
    ),
]
PREAMBLE = """
import datetime as dt, decimal
from datetime import datetime
from enum import Enum
from typing import Any, List as L, Literal, Optional, Union
Vector = list[float]
class Colour(Enum):
    RED = 1
    BLUE = 2
class Guest:
    name: str
    age: int = 0
"""


@pytest.mark.parametrize(("annotation", "schema"), ANNOTATIONS)
def test_annotation_becomes_schema(annotation: str, schema: dict[str, Any]) -> None:
    """Each annotation that people write has its JSON Schema."""
    signature = signature_of(f"{PREAMBLE}\ndef f(x: {annotation}):\n    return x\n")

    assert signature.parameters["properties"]["x"] == schema


def test_defaults_are_not_required() -> None:
    """A parameter with a default is optional, and a plain default is stated."""
    found = signature_of("def f(a, b: int = 3, *, c=(1, 2), d, e=float('inf')): ...").parameters

    assert found["required"] == ["a", "d"]
    assert found["properties"] == {
        "a": {},
        "b": {"type": "integer", "default": 3},
        "c": {"default": [1, 2]},
        "d": {},
        "e": {},
    }


def test_signature_is_written_as_people_write_it() -> None:
    """The signature reads as in the source."""
    source = "async def f(a, /, b: int = 3, *c: str, d: bool = True, **e) -> dict[str, int]: ..."

    assert signature_of(source).text == (
        "(a, /, b: int = 3, *c: str, d: bool = True, **e) -> dict[str, int]"
    )


DOCSTRINGS = [
    "Area.\n\n    width: in metres\n    height: the height\n        of the wall",
    "Area.\n\n    :param width: in metres\n    :param float height: the height of the wall",
    (
        "Area.\n\n    Args:\n        width (float): in metres\n        height: the height\n"
        "            of the wall\n\n    Returns:\n        float: the area"
    ),
    (
        "Area.\n\n    Parameters\n    ----------\n    width : float\n        in metres\n"
        "    height : float, optional\n        the height\n        of the wall\n"
    ),
    "Area.\n\n    - `width` (float): in metres\n    - `height` – the height of the wall",
]


@pytest.mark.parametrize("docstring", DOCSTRINGS)
def test_descriptions_are_read_in_every_habit(docstring: str) -> None:
    """Plain lines, Sphinx, Google, NumPy and lists all describe parameters."""
    signature = signature_of(f'def area(width, height):\n    """{docstring}\n    """\n')

    assert {n: p["description"] for n, p in signature.parameters["properties"].items()} == {
        "width": "in metres",
        "height": "the height of the wall",
    }
    assert signature.summary == "Area."
    assert signature.description == "Area."


@pytest.mark.parametrize(
    "lines", ["参数：\n    宽：米\n    高：米", "宽：米\n高: 米", "宽、高：米"]
)
def test_chinese_descriptions_are_read(lines: str) -> None:
    """Full-width colons, 参数： and shared lines are understood."""
    source = f'def 面积(宽: float, 高: float):\n    """求面积。\n\n{lines}\n"""\n'

    found = signature_of(source).parameters["properties"]
    assert (found["宽"]["description"], found["高"]["description"]) == ("米", "米")


def test_main_function_is_the_requested_the_namesake_or_the_last() -> None:
    """Of several functions the requested one counts, else the file's namesake, else the last."""
    source = "def a(): ...\ndef b(): ...\ndef c(): ...\ndef _d(): ...\n"

    assert signature_of(source, "a").name == "a"
    assert signature_of(source, file="b.py").name == "b"
    assert signature_of(source).name == "c"


@pytest.mark.parametrize(
    ("source", "line"), [("def f(:\n  pass", 1), ("x = 1\ndef f():\nreturn", 3), ("a\0b", 1)]
)
def test_syntax_error_names_file_and_line(source: str, line: int) -> None:
    """A syntax error says where it is, in both languages."""
    with pytest.raises(FunctionInvalid) as caught:
        signature_of(source, file="税.py")

    assert caught.value.message("en").startswith(f"税.py, line {line}: ")
    assert caught.value.message("zh").startswith(f"税.py 第 {line} 行：")


@pytest.mark.parametrize(
    "source", ["(" * 5000, "x = " + "-" * 20_000 + "1", "\ud800", "1 +" * 9999]
)
def test_hostile_source_is_refused(source: str) -> None:
    """Source that the parser cannot take is an error of ours, not a crash."""
    with pytest.raises(FunctionInvalid):
        signature_of(source)


def test_source_without_function_is_refused() -> None:
    """A file that defines nothing is refused."""
    with pytest.raises(FunctionInvalid, match="defines no function"):
        signature_of("x = 1\n")


def test_renaming_keeps_everything_else() -> None:
    """Calls, examples and Chinese columns follow the new name; comments stay."""
    source = (
        'def 和(a):  # 和\n    """求和\n\n    >>> 和([1])\n    1\n    """\n'
        "    甲 = a; return 和(甲) if a else 0\n"
    )

    assert renamed(source, "和", "和_2") == (
        'def 和_2(a):  # 和\n    """求和\n\n    >>> 和_2([1])\n    1\n    """\n'
        "    甲 = a; return 和_2(甲) if a else 0\n"
    )


def test_same_code_is_seen_through_name_and_docstring() -> None:
    """Name, docstring, comments and layout do not make other code; an operator does."""

    def code(source: str, name: str) -> str:
        return code_of(ast.parse(source), name)

    one = code('def f(n):\n    """A."""\n    return n and f(n - 1)  # x\n', "f")

    assert one == code("def g(n): return n and g(n-1)", "g")
    assert one != code("def g(n): return n or g(n-1)", "g")


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_signature_or_refused(source: str) -> None:
    """No text makes the reader fail in another way."""
    try:
        json.dumps(signature_of(source).parameters)
    except FunctionInvalid as error:
        assert error.message("zh")  # noqa: PT017 - either outcome is right


@given(st.text(st.characters(exclude_characters="\0\r\\\"'"), max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_docstring_is_read(docstring: str) -> None:
    """Whatever a docstring says, the parameters stay the same."""
    source = f'def f(a: int, 乙: str = "x"):\n    """{docstring}"""\n'
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return

    assert list(signature_of(source).parameters["properties"]) == ["a", "乙"]
