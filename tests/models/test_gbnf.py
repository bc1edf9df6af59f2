"""Our own reading of GBNF: what may follow, letter by letter and byte by byte."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from funcsmith.errors import EngineFailed
from funcsmith.generate.grammar import Grammar
from funcsmith.models.gbnf import Gbnf
from funcsmith.models.json_grammar import grammar_of


def has(grammar: str | Gbnf, text: str) -> bool:
    read = grammar if isinstance(grammar, Gbnf) else Gbnf(grammar)
    state = read.follow(read.start, text.encode())
    return state is not None and read.ends(state)


CASES = {
    'root ::= "yes" | "no"': r"yes|no",
    'root ::= [0-9]{3} "-" [a-f]{2}': r"[0-9]{3}-[a-f]{2}",
    'root ::= "北京" | "上海" city?\ncity ::= "市"': r"北京|上海市?",
    r'root ::= "\"" [^"\\\n]{1,9} "\""': r'"[^"\\\n]{1,9}"',
    'root ::= a* b+ "."?\na ::= "ab"\nb ::= "a" | "é"': r"(ab)*[aé]+\.?",
    'root ::= ("a" ("b" | "c"){0,2}){2,} # said\n': r"(a[bc]{0,2}){2,}",
    "root ::= [^\\x00-\\x7f] | [-x]": r"[^\x00-\x7f]|[-x]",
    'root ::= ("" | "a")* "b"': r"a*b",
    'root ::= "(" root ")" | "x"': r"\(\(x\)\)|\(x\)|x",
}


@pytest.mark.parametrize("grammar", CASES)
@given(text=st.text('yesno012-af北京上海市éab.cx()"\\\n', max_size=8))
@effort(max_examples=150)
def test_as_the_regular_expression_says(grammar: str, text: str) -> None:
    """A grammar has the texts that the regular expression beside it has."""
    assert has(grammar, text) == bool(re.fullmatch(CASES[grammar], text))


@pytest.mark.parametrize(
    ("grammar", "text"),
    [
        ('root ::= "yes" | "no"', "no"),
        ('root ::= [0-9]{3} "-" [a-f]{2}', "007-ab"),
        (r'root ::= "\"" [^"\\\n]{1,9} "\""', '"a，b"'),
        ('root ::= ("a" ("b" | "c"){0,2}){2,}', "abcacc"),
    ],
)
def test_bytes_one_by_one(grammar: str, text: str) -> None:
    """Every beginning of a right text may follow, also in the middle of a letter."""
    read = Gbnf(grammar)
    state = read.start
    for byte in text.encode():
        assert byte in read.first_bytes(state)
        state = read.follow(state, bytes((byte,)))
        assert state is not None

    assert read.ends(state)


def test_bytes_that_are_no_letter() -> None:
    """A byte that cannot begin or continue UTF-8 follows nowhere."""
    read = Gbnf("root ::= [^a]*")

    assert read.follow(read.start, b"\xff") is None
    assert read.follow(read.start, b"\xe5\x41") is None
    assert read.follow(read.start, b"\xed\xa0") is None
    assert read.follow(read.start, b"\xc0\x80") is None
    assert not read.ends(read.follow(read.start, b"\xe5"))


def test_it_is_over() -> None:
    """Behind a whole text that nothing may follow the text must end."""
    read = Gbnf('root ::= "a" "b"?')
    after = read.follow(read.start, b"a")

    assert (read.ends(after), read.is_over(after)) == (True, False)
    assert read.is_over(read.follow(after, b"b"))


def test_a_text_that_is_quoted() -> None:
    """The grammar of quotations allows runs of the text's words, and nothing else."""
    grammar = Grammar("把 3 公斤的书寄到大连，谢谢")
    read = Gbnf(grammar.render(grammar.quote()))

    assert has(read, '"3 公斤"')
    assert has(read, '"大连"')
    assert not has(read, '"3 公斤，大连"')
    assert not has(read, '"成都"')
    assert not has(read, '"大连，"')


@pytest.mark.parametrize(
    ("grammar", "why"),
    [
        ("", "no rule root"),
        ('root ::= "a', "ends inside"),
        ("root ::= other", "no rule other"),
        ('root ::= ("a"', "has no end"),
        ('root = "a"', "a rule is wanted"),
        ('root ::= root "a" | root "b"', "begins with itself"),
    ],
)
def test_grammar_that_is_none(grammar: str, why: str) -> None:
    """A grammar that cannot be read is refused with the reason."""
    with pytest.raises(EngineFailed, match=why):
        Gbnf(grammar)


SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"enum": ["北京", "上海"]},
        "days": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 3}, "maxItems": 2},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "next": {"$ref": "#"},
    },
    "required": ["days"],
}


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ({"days": 3}, True),
        ({"city": "北京", "days": -3, "tags": ["a", "bcd"], "note": None}, True),
        ({"days": 3, "next": {"city": "上海", "days": 1}}, True),
        ({"city": "北京"}, False),
        ({"city": "成都", "days": 3}, False),
        ({"days": 3, "tags": ["a", "b", "c"]}, False),
        ({"days": 3, "tags": ["abcd"]}, False),
        ({"days": "3"}, False),
        ({"days": 3, "other": 1}, False),
        ([], False),
    ],
)
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
def test_schema(value, fits: bool, separators: tuple[str, str]) -> None:
    """The grammar of a schema has the values that fit it, with and without spaces."""
    text = json.dumps(value, ensure_ascii=False, separators=separators)

    assert has(grammar_of(SCHEMA), text) is fits


@given(st.recursive(st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=4), lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=3), one, max_size=3), max_leaves=6))  # fmt: skip
@effort(max_examples=50)
def test_any_json(value) -> None:
    """A schema that says nothing allows every value."""
    assert has(_ANY, json.dumps(value))


_ANY = Gbnf(grammar_of({}))


@pytest.mark.parametrize("schema", [{"$ref": "other.json"}, {"allOf": [{}, {}]}, {"type": "date"}])
def test_schema_without_a_grammar(schema) -> None:
    """What has no rule is refused instead of being let through."""
    with pytest.raises(EngineFailed, match="has no grammar"):
        grammar_of(schema)
