"""What is known of a function as plain pytest tests: its examples, and what its calls gave.

A fact becomes a test where its call and its value are Python that anyone can run: literals, and the
values of the standard library that say how they are made. An example that the function does not
meet is there too, as an expected failure.
"""

from __future__ import annotations

import ast
import builtins
import doctest
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..generate.behaviour import call_of
from ..generate.verification import changes_by_itself, read_of, said_in
from ..library.saved import Saved, docstring_of
from ..library.signature import parsed

_MAKERS = {
    "Decimal": "from decimal import Decimal",
    "Fraction": "from fractions import Fraction",
    "datetime": "import datetime",
    "OrderedDict": "from collections import OrderedDict",
    "Counter": "from collections import Counter",
    "deque": "from collections import deque",
    "UUID": "from uuid import UUID",
    "inf": "from math import inf",
    "nan": "from math import nan",
}
"""What a value's `repr` may name, and the import that knows it."""
CONFTEST = '''"""What the tests share."""

import math

import pytest


@pytest.fixture
def close():
    """Whether a value is the expected one; a float may be as near as a millionth."""
    return _close


def _close(got, expected):
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if isinstance(expected, (int, float)) and isinstance(got, (int, float)):
        if math.isnan(expected) or math.isnan(got):
            return math.isnan(expected) and math.isnan(got)
        return math.isclose(got, expected, rel_tol=1e-6, abs_tol=1e-6 if expected == 0 else 0.0)
    if isinstance(expected, (list, tuple)):
        same = type(got) is type(expected) and len(got) == len(expected)
        return same and all(map(_close, got, expected))
    if isinstance(expected, dict):
        same = isinstance(got, dict) and got.keys() == expected.keys()
        return same and all(_close(got[key], expected[key]) for key in expected)
    return got == expected
'''


@dataclass(frozen=True)
class Fact:
    """A call with what it gives, as a test states it."""

    call: str
    expected: str = ""
    raises: str = ""
    """The exception that the call raises, instead of a value."""
    note: str = ""
    failing: bool = False


def tests_of(saved: Saved, package: str) -> tuple[str, int]:
    """A test file for a function of a package, empty if there is no fact; and how many facts cannot
    be tests.
    """
    facts, left = _facts(saved)
    if not facts:
        return "", left
    imports = {f"from {package} import {saved.name}"}
    if any(fact.raises or fact.failing for fact in facts):
        imports.add("import pytest")
    for fact in facts:
        for said in filter(None, (fact.call, fact.expected)):
            imports |= {_MAKERS[name] for name in _names(said) if name in _MAKERS}
    ours = f"from {package} import {saved.name}"
    others = sorted(imports - {ours}, key=lambda line: (line.startswith("from"), line))
    count = "1 fact" if len(facts) == 1 else f"{len(facts)} facts"
    head = [f'"""What is known of {saved.name}: {count}, exported by Funcsmith."""', ""]
    head += [*others, "", ours] if others else [ours]
    body = [_test(number, fact) for number, fact in enumerate(facts, 1)]
    return "\n".join(head) + "\n\n\n" + "\n\n\n".join(body) + "\n", left


def _facts(saved: Saved) -> tuple[list[Fact], int]:
    if any(saved.granted.get(kind) for kind in ("read", "network")):
        return [], len(saved.evidence)  # what they gave depends on the owner's files and hosts
    changing = changes_by_itself(saved.source)
    facts: dict[str, Fact] = {}
    left = 0
    for one in saved.evidence:
        dated = changing and one.get("kind") != "example"
        fact = None if dated else _fact(one, saved)
        if fact is None:
            left += 1
        else:
            facts.setdefault(fact.call, fact)
    if not saved.evidence and not changing:
        facts = {fact.call: fact for fact in _of_docstring(saved)}
    return list(facts.values()), left


def _fact(one: Mapping[str, Any], saved: Saved) -> Fact | None:
    call = _call(one, saved)
    if call is None:
        return None
    got = str(one.get("now") or one.get("got") or "")
    expected = str(one["expected"]) if one.get("expected") is not None else ""
    note = " ".join(str(one.get("text") or "").split()) if one.get("kind") == "example" else ""
    failing = one.get("passed") is False
    if _is_value(expected) and (failing or not _is_value(got) or _alike(got, expected)):
        return Fact(call, expected, note=note, failing=failing)
    if failing:
        return None
    if _is_value(got):
        return Fact(call, got, note=note)
    raised = re.match(r"([A-Z]\w*)(?::|$)", got)
    kind = getattr(builtins, raised[1], None) if raised else None
    if isinstance(kind, type) and issubclass(kind, Exception):
        return Fact(call, raises=kind.__name__, note=note)
    return None


def _call(one: Mapping[str, Any], saved: Saved) -> str | None:
    """The call of a fact as Python, None where it is none that can be run anywhere."""
    said = str(one.get("call") or "")
    if not _is_call(said, saved.name) and one.get("kind") == "example":
        names = list(saved.parameters.get("properties", {}))
        examples = read_of(said_in(one), saved.name, names)
        if len(examples) == 1:
            inside = [*map(repr, examples[0].arguments)]
            inside += [f"{key}={value!r}" for key, value in examples[0].keywords.items()]
            plain = f"{saved.name}({', '.join(inside)})"
            said = plain if examples[0].name is None else call_of(examples[0], saved.name)
    return said if _is_call(said, saved.name) else None


def _of_docstring(saved: Saved) -> Iterator[Fact]:
    """The `>>>` examples of a function without evidence."""
    try:
        examples = doctest.DocTestParser().get_examples(
            docstring_of(parsed(saved.source), saved.name)
        )
    except ValueError:  # prompts that are no doctest
        return
    for example in examples:
        call, expected = example.source.strip(), example.want.strip()
        if _is_call(call, saved.name) and _is_value(expected):
            yield Fact(call, expected, note="its docstring")


def _is_call(said: str, name: str) -> bool:
    """Whether this calls the function, with nothing but values and built-ins around."""
    tree = _parsed(said)
    if tree is None or not _is_plain(tree, {name, *_MAKERS, *_PURE}):
        return False
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
        for node in ast.walk(tree)
    )


def _is_value(said: str) -> bool:
    """Whether this says a value, by literals and what is known to make one."""
    tree = _parsed(said)
    return tree is not None and _is_plain(tree, {*_MAKERS, "set", "frozenset"})


def _is_plain(tree: ast.expr, names: set[str]) -> bool:
    """Whether only these names are in it, and no attribute but those of `datetime`."""
    return all(
        node.id in names
        if isinstance(node, ast.Name)
        else ast.unparse(node) in _MOMENTS
        if isinstance(node, ast.Attribute)
        else not isinstance(node, (ast.Lambda, ast.NamedExpr, ast.Await, ast.Yield))
        for node in ast.walk(tree)
    )


_MOMENTS = frozenset(f"datetime.{one}" for one in ("date", "time", "datetime", "timedelta"))
_PURE = frozenset(
    "abs round len sum min max sorted list tuple set frozenset dict str int float bool repr range "
    "reversed enumerate zip map all any type".split()
)


def _names(said: str) -> set[str]:
    tree = _parsed(said)
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} if tree is not None else set()


def _parsed(said: str) -> ast.expr | None:
    if not said.strip() or "\n" in said.strip():
        return None
    try:
        return ast.parse(said.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _alike(got: str, expected: str) -> bool:
    """Whether two values as they are written are one, as the tests compare."""
    if got == expected:
        return True
    try:
        one, other = ast.literal_eval(got), ast.literal_eval(expected)
    except (ValueError, TypeError, SyntaxError):
        return False
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return type(one) is not bool and abs(one - other) <= 1e-6 * abs(other)
    return bool(one == other)


def _has_float(said: str) -> bool:
    tree = _parsed(said)
    return tree is not None and any(
        (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id in ("inf", "nan"))
        for node in ast.walk(tree)
    )


def _test(number: int, fact: Fact) -> str:
    lines = []
    if fact.failing:
        lines.append(
            '@pytest.mark.xfail(strict=True, reason="the function does not meet this example")'
        )
    near = not fact.raises and _has_float(fact.expected)
    lines.append(f"def test_{number}({'close' if near else ''}):")
    if fact.note and not fact.note.startswith(">>>"):
        note = fact.note if len(fact.note) <= 80 else fact.note[:79] + "…"
        lines.append(f"    # {note}")
    if fact.raises:
        lines += [f"    with pytest.raises({fact.raises}):", f"        {fact.call}"]
    elif near:
        lines.append(f"    assert close({fact.call}, {fact.expected})")
    elif fact.expected in ("None", "True", "False"):
        lines.append(f"    assert {fact.call} is {fact.expected}")
    else:
        lines.append(f"    assert {fact.call} == {fact.expected}")
    return "\n".join(lines)
