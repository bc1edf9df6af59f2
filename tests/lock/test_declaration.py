"""Decorated functions are found by reading, and what cannot have a body says why."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.lock.declaration import declared, squeezed

HERE = Path("m.py")
PLAIN = '''import funcsmith
@funcsmith.smith
def f(n: int) -> int:
    """Twice n."""
'''


def only(source: str):
    (found,) = declared(source, HERE)
    return found


@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        ("import funcsmith", "funcsmith.smith"),
        ("import funcsmith as fs", "fs.smith"),
        ("from funcsmith import smith", "smith"),
        ("from funcsmith import smith as forge", "forge"),
        ("import funcsmith", "funcsmith.smith()"),
        ("import funcsmith", 'funcsmith.smith(verdict="tested", plain=True)'),
        ("import funcsmith, functools", "functools.cache\n@funcsmith.smith"),
    ],
)
def test_decorator_is_known_by_every_name(head: str, decorator: str) -> None:
    """However it was imported, and with options or without."""
    found = only(f'{head}\n@{decorator}\ndef f(n: int) -> int:\n    """Twice n."""\n')

    assert (found.name, found.problem) == ("f", None)
    assert found.plain is ("plain" in decorator)
    assert found.verdict == ("tested" if "tested" in decorator else None)


@pytest.mark.parametrize(
    "source",
    [
        "from other import smith\n@smith\ndef f(n: int) -> int:\n    'Twice n.'  # funcsmith",
        "import funcsmith\n# funcsmith.smith is for later\ndef f(n: int) -> int:\n    'Twice n.'",
        "import funcsmith\n@funcsmith.run\ndef f(n: int) -> int:\n    'Twice smith.'",
    ],
)
def test_other_decorators_are_left_alone(source: str) -> None:
    """Somebody else's `smith`, or another name of ours, declares nothing."""
    assert declared(source, HERE) == []


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("async def f(n: int) -> int:\n    'Doc.'", "async"),
        ("def f(n) -> int:\n    'Doc.'", "no type for n"),
        ("def f(n: int):\n    'Doc.'", "no type for what it returns"),
        ("def f(*n: int) -> int:\n    'Doc.'", "args"),
        ("def f(**n: int) -> int:\n    'Doc.'", "args"),
        ("def f(n: int) -> int: ...", "no docstring"),
        ("def f(n: int) -> int:\n    '  '", "no docstring"),
        ("def f(n: int) -> int:\n    'Doc.'\n    return n", "a body already"),
        ("def f(n: int = N) -> int:\n    'Doc.'", "default N"),
        ("def f(n: Item) -> int:\n    'Doc.'", "type Item"),
        ("def f(n: 'Item') -> int:\n    'Doc.'", "type Item"),
    ],
)
def test_what_cannot_have_a_body_says_why(function: str, words: str) -> None:
    """Each refusal names its reason."""
    found = only(f"import funcsmith\n@funcsmith.smith\n{function}\n")

    assert found.problem is not None
    assert words in found.problem["en"]
    assert words in found.refused().message("en")


@pytest.mark.parametrize(
    "around", ["class C:\n", "def outer():\n", "class C:\n    if True:\n", "async def g():\n"]
)
def test_methods_and_inner_functions_are_refused(around: str) -> None:
    """Only what stands at the top of a module can be found again by its name."""
    indent = "        " if "if" in around else "    "
    inner = f"{indent}@funcsmith.smith\n{indent}def f(n: int) -> int:\n{indent}    'Doc.'\n"
    found = only(f"import funcsmith\n{around}{inner}")

    assert found.problem is not None
    assert "top of the module" in found.problem["en"]


@pytest.mark.parametrize("option", ["verdict='sure'", "verdict=V", "plain=P", "other=1", "**o"])
def test_options_are_written_out(option: str) -> None:
    """What reading the file cannot tell is refused, so that every check sees the same."""
    problem = only(PLAIN.replace(".smith\n", f".smith({option})\n", 1)).problem

    assert problem is not None and "written out" in problem["en"]


def test_header_carries_what_its_types_need() -> None:
    """Imports that the types need come along, others do not; the docstring stays what it was."""
    found = only(
        "import json\nimport datetime as dt\nfrom decimal import Decimal\nimport funcsmith\n"
        "@funcsmith.smith\n"
        "def f(a: dt.date, b: 'Decimal | None' = None, *, c: int = -1) -> list[int]:\n"
        '    r"""Say \\n and \\"\\"\\".\n\n    >>> f(1)\n    [2]\n    """\n    ...\n'
    )

    tree = ast.parse(found.header)
    assert found.header.startswith("from decimal import Decimal\nimport datetime as dt\n\n\ndef f(")
    assert "json" not in found.header
    function = tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    assert ast.get_docstring(function) == 'Say \\n and \\"\\"\\".\n\n>>> f(1)\n[2]'


LAYOUTS = [
    PLAIN.replace("Twice n.", "Twice\n    n."),
    PLAIN.replace("Twice n.", "\n    Twice   n.\n\n    "),
    PLAIN.replace("n: int)", "\n    n: int,\n)").replace('"""', "'''"),
    PLAIN + "    ...\n\n\nX = 1  # a comment\n",
    PLAIN.replace("\n", "\r\n"),
    PLAIN.replace("@funcsmith.smith", '@funcsmith.smith(verdict="proven")'),
]


@pytest.mark.parametrize("source", LAYOUTS)
def test_layout_asks_for_nothing_new(source: str) -> None:
    """Line breaks, quotes, comments and options of the decorator leave the hash as it is."""
    assert only(source).asked == only(PLAIN).asked


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Twice n", "Thrice n"),
        ("n: int", "m: int"),
        ("n: int", "n: float"),
        ("n: int", "n: int = 0"),
        ("-> int", "-> float"),
        ("def f", "def g"),
        ("Twice n.", "Twice n.\n\n    >>> f(1)\n    2"),
    ],
)
def test_changes_ask_for_a_new_body(old: str, new: str) -> None:
    """Name, types, defaults, words and examples are all part of what is asked."""
    assert only(PLAIN.replace(old, new)).asked != only(PLAIN).asked


def test_blanks_in_an_example_count() -> None:
    """'a  b' and 'a b' are two examples."""
    one, other = (f">>> f('a{gap}b')\n1" for gap in (" ", "  "))

    assert squeezed(one) != squeezed(other)


@given(st.lists(st.text("ab", min_size=1, max_size=5), min_size=1, max_size=8), st.data())
def test_prose_is_its_words(words: list[str], data: st.DataObject) -> None:
    """Prose broken anywhere is the same prose."""
    gaps = [data.draw(st.sampled_from([" ", "  ", "\n", "\n  ", "\n\n"])) for _ in words]

    assert squeezed("".join(w + g for w, g in zip(words, gaps, strict=True))) == " ".join(words)


def test_last_of_one_name_counts() -> None:
    """As in Python itself."""
    again = PLAIN.replace("import funcsmith\n", "").replace("Twice", "Thrice")

    assert "Thrice" in only(PLAIN + again).header
