"""Functions as tools, as an OpenAPI document, as a server's file and as a stub."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from funcsmith.errors import RequestInvalid
from funcsmith.export import FORMATS, exported
from funcsmith.export.openapi import openapi
from funcsmith.export.stub import stub
from funcsmith.export.tools import chat_tools, is_strict, responses_tools
from funcsmith.library import Library, signature_of


def _parameters(header: str) -> dict[str, Any]:
    return signature_of(
        f"from datetime import date\nfrom typing import Literal\n{header}: ..."
    ).parameters


@pytest.mark.parametrize(
    ("header", "strict"),
    [
        ("def f(n: int) -> int", True),
        ("def f()", True),
        ("def f(xs: list[float], mode: Literal['a', 'b'], day: date | None)", True),
        ("def f(n: int = 3)", False),
        ("def f(n)", False),
        ("def f(d: dict[str, int])", False),
        ("def f(xs: list)", False),
        ("def f(xs: set[int])", False),
        ("def f(pair: tuple[int, str])", False),
        ("def f(n: int, **more)", False),
    ],
)
def test_strict_is_said_only_where_the_schema_allows_it(header: str, strict: bool) -> None:
    """Optional parameters, free objects and keywords of other worlds are not strict."""
    assert is_strict(_parameters(header)) is strict


def test_tools_have_the_form_of_their_interface(library: Library) -> None:
    """Chat Completions nests the function; Responses does not; both say strict."""
    chat = {one["function"]["name"]: one for one in json.loads(chat_tools(library.list()))}
    flat = {one["name"]: one for one in json.loads(responses_tools(library.list()))}

    assert chat["third"] == {
        "type": "function",
        "function": {
            "name": "third",
            "description": "A third of x.",
            "parameters": library.get("third").parameters,
            "strict": False,
        },
    }
    assert flat["half"]["strict"] is True
    assert flat["half"].keys() == {"type", "name", "description", "parameters", "strict"}


def test_name_for_openai_is_an_ascii_alias_where_there_is_one(library: Library) -> None:
    """OpenAI refuses 阶乘; its other name is taken, and without one the name stays."""
    assert json.loads(chat_tools([library.get("阶乘")]))[0]["function"]["name"] == "阶乘"

    library.alias("阶乘", ["factorial"])

    assert json.loads(chat_tools([library.get("阶乘")]))[0]["function"]["name"] == "factorial"


def test_openapi_document_is_valid(library: Library) -> None:
    """Every function is a POST whose body and answer have its schemas; the standard agrees."""
    document = openapi(library.list())
    validate(document)

    operation = document["paths"]["/api/library/%E9%98%B6%E4%B9%98/run"]["post"]
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert operation["operationId"] == "阶乘"
    assert body["required"] == ["n"]
    assert answer["allOf"][1]["properties"]["value"] == {
        "anyOf": [{"type": "integer"}, {"type": "null"}]
    }
    assert len(document["paths"]) == 5


def test_openapi_document_of_every_kind_of_schema(library: Library) -> None:
    """Tuples, unions, choices, free values and descriptions stay within the standard."""
    source = (
        "from typing import Literal\n\ndef odd(a: tuple[int, str], b: list[int] | None = None, "
        "c: Literal['x', 1] = 'x', d=None, *, e: dict[str, list[float]]) -> tuple[int, ...]:\n"
        '    """Odd.\n\n    a: a pair\n    """\n    return (1,)\n'
    )

    validate(openapi([library.add(source)]))


def test_stub_is_python_that_says_the_signatures(library: Library) -> None:
    """Names, annotations with their imports, docstrings, and other names that Python can have."""
    text = stub(library.list())
    tree = ast.parse(text)

    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert names == {"阶乘", "half", "third", "Half", "con"}
    assert "from datetime import date" in text
    assert "def third(x: float, digits: int=...) -> float:" in text
    assert "一半 = half" in text
    assert "half of it" not in text


@pytest.mark.parametrize("form", [one for one in FORMATS if one not in ("package", "module")])
def test_every_format_is_a_file(library: Library, tmp_path: Path, form: str) -> None:
    """Each form is written whole; a form that does not exist is refused with those that do."""
    written = exported(library.list(), tmp_path / "deep/out", form)

    text = written.read_text("utf-8")
    assert "阶乘" in text
    (ast.parse if form in ("mcp", "stub") else json.loads)(text)
    with pytest.raises(RequestInvalid, match=r"not an export format.*openapi"):
        exported(library.list(), tmp_path / "out", "exe")
