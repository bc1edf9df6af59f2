"""A grammar lets through what the text states and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.grammar import Grammar, literal, value_rule, written
from funcsmith.generate.options import Option

_PART = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]|[a-z0-9-]+|[|()?]|\{\d+,\d+\})')
_ESCAPE = re.compile(r"\\(x[0-9A-F]{2}|.)")


class Matcher:
    """GBNF, as much as we write of it: strings, classes, rules, groups, |, ? and {m,n}."""

    def __init__(self, gbnf: str) -> None:
        self.rules: dict[str, Any] = {}
        for line in gbnf.strip("\n").split("\n"):
            name, _, body = line.partition(" ::= ")
            parts: list[str] = []
            at = 0
            while body[at:].strip():
                match = _PART.match(body, at)
                assert match, body[at:]
                parts.append(match.group(1))
                at = match.end()
            self.rules[name] = self._ways(parts)
            assert not parts, line

    def accepts(self, text: str, rule: str = "root") -> bool:
        self.text = text
        self.seen: dict[tuple[str, int], frozenset[int]] = {}
        return len(text) in self._rule(rule, 0)

    def _ways(self, parts: list[str]) -> Any:
        ways: list[list[Any]] = [[]]
        while parts and parts[0] != ")":
            part = parts.pop(0)
            if part == "|":
                ways.append([])
            elif part == "(":
                ways[-1].append(self._ways(parts))
                assert parts.pop(0) == ")"
            elif part == "?" or part[0] == "{":
                low, high = (0, 1) if part == "?" else map(int, part[1:-1].split(","))
                ways[-1].append((ways[-1].pop(), low, high))
            else:
                ways[-1].append(part)
        return ways

    def _rule(self, name: str, at: int) -> frozenset[int]:
        if (name, at) not in self.seen:
            self.seen[name, at] = frozenset(self._any(self.rules[name], at))
        return self.seen[name, at]

    def _any(self, ways: Any, at: int) -> Iterator[int]:
        for way in ways:
            ends = {at}
            for part in way:
                ends = {e for start in ends for e in self._one(part, start)}
            yield from ends

    def _one(self, part: Any, at: int) -> set[int]:
        if isinstance(part, list):
            return set(self._any(part, at))
        if isinstance(part, tuple):
            inner, low, high = part
            ends, now = (set() if low else {at}), {at}
            for count in range(1, high + 1):
                now = {e for start in now for e in self._one(inner, start)}
                if count >= low:
                    ends |= now
                if not now:
                    break
            return ends
        if part[0] == '"':
            fixed = _ESCAPE.sub(_unescaped, part[1:-1])
            return {at + len(fixed)} if self.text.startswith(fixed, at) else set()
        if part[0] == "[":
            return {at + 1} if re.match(part, self.text[at : at + 1]) else set()
        return set(self._rule(part, at))


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1)
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(code, code)


def quoting(text: str) -> Matcher:
    grammar = Grammar(text)
    return Matcher(grammar.render(grammar.quote()))


def valued(
    text: str, schema: dict[str, Any], offered: list[Option] | None, **named: Any
) -> Matcher:
    grammar = Grammar(text)
    assert value_rule(grammar, "value", schema, offered, **named) == "value"
    return Matcher(grammar.render("value"))


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ("寄到北京朝阳区，谢谢", ["北京", "北京朝阳区", "寄", "谢谢", "朝阳区，谢谢"]),
        ("Send a note to Anna-Lena O'Neil.", ["Anna-Lena", "Anna-Lena O'Neil", "a note", "Send"]),
        ("email a.b+c@x.org now", ["a.b+c@x.org", "email a.b+c@x.org"]),
        ("把 hello world 反过来", ["hello", "hello world", "反过来", "把 hello"]),
        ('说 "好" 吧', ["好", "吧"]),
        ("换行\n之后", ["换行", "之后"]),
    ],
)
def test_words_of_the_text_are_accepted(text: str, quotations: list[str]) -> None:
    """Whole words, or any run of Chinese characters, as they stand."""
    matcher = quoting(text)

    assert [said for said in quotations if not matcher.accepts(f'"{said}"')] == []


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        (
            "寄到北京朝阳区，谢谢",
            ["上海", "北朝", "京北", "北京，", "，谢谢", "", "北京朝阳区谢谢"],
        ),
        ("Send a note to Anna.", ["Ann", "nna", "Bob", "anna", "Anna.", "note Anna", "to  Anna"]),
        ("3 or 4", ["5", "34", "3 4"]),
    ],
)
def test_what_the_text_does_not_say_is_refused(text: str, strangers: list[str]) -> None:
    """No half words, no other order, no punctuation at either end, and never nothing."""
    matcher = quoting(text)

    assert [said for said in strangers if matcher.accepts(f'"{said}"')] == []


_EDGED = "ab 好，。.,!-'\"()《》5\\é\t"


@given(st.text(_EDGED, min_size=1, max_size=25), st.text(_EDGED, max_size=8))
def test_only_quotations(text: str, other: str) -> None:
    """For any printable text: what is accepted stands in it, character by character."""
    if "\t" in text or not re.search(r"\w", text):
        return

    accepted = quoting(text).accepts(f'"{other}"')

    assert not accepted or other in text


@pytest.mark.parametrize("text", ["", "，。", "\ud800", "\x00\x1b", "字" * 2000, "a\u202eb"])
def test_text_that_cannot_be_listed(text: str) -> None:
    """Where the words cannot be listed, the rule is still a bounded quotation."""
    matcher = quoting(text)

    assert not matcher.accepts('"a"b"')
    assert not matcher.accepts('"' + "a" * 300 + '"')


@given(st.text())
def test_literal_is_the_text_itself(text: str) -> None:
    """Whatever the text, its rule accepts it and nothing longer, on one line."""
    rule = f"root ::= {literal(text)}\n"

    if "\n" not in rule[:-1]:
        assert Matcher(rule).accepts(text) is True
        assert Matcher(rule).accepts(text + "x") is False
    assert rule.count("\n") == 1


def test_only_offered_values() -> None:
    """A parameter takes one of its options, or None; never another number."""
    matcher = valued("3 和 4.5", {"type": "number"}, [Option(3, (), 1), Option(4.5, (), 1)])

    assert [s for s in ("3", "4.5", "None") if not matcher.accepts(s)] == []
    assert [s for s in ("4", "34", "3.0", "", "5", '"3"') if matcher.accepts(s)] == []


def test_nothing_offered_leaves_none() -> None:
    """With nothing stated only None can be written."""
    matcher = valued("去北京", {"type": "number"}, [])

    assert matcher.accepts("None")
    assert not matcher.accepts("1")


def test_object_has_its_members() -> None:
    """An object is written with its members in order, each from the text or None."""
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "n": {"type": "integer"}},
    }
    matcher = valued("订 2 间给王芳", schema, None)

    assert matcher.accepts('{"name": "王芳", "n": 2}')
    assert matcher.accepts('{"name": None, "n": None}')
    assert not matcher.accepts('{"name": "李雷", "n": 2}')
    assert not matcher.accepts('{"n": 2}')


def test_list_of_words() -> None:
    """A list holds quotations of the text."""
    matcher = valued("买苹果和梨", {"type": "array", "items": {"type": "string"}}, None)

    assert matcher.accepts('["苹果", "梨"]')
    assert not matcher.accepts('["香蕉"]')
    assert not matcher.accepts("[]")


def test_only_members() -> None:
    """A choice is one of its members, or None."""
    matcher = valued("要靠窗的座位", {"enum": ["window", "aisle"]}, [Option("window", (), 0.5)])

    assert [s for s in ('"window"', '"aisle"', "None") if not matcher.accepts(s)] == []
    assert [
        s for s in ("window", '"door"', "True", '("靠窗", "window")') if matcher.accepts(s)
    ] == []
    assert valued("要靠窗的座位", {"type": "boolean"}, None).accepts("True")


def test_words_may_have_a_form_of_their_own() -> None:
    """Words are written as the parameter wants them; a place like the example of its description."""
    free = valued("in Lyon", {"type": "string"}, None)
    place = valued("in Lyon", {"type": "string", "description": "such as Austin, TX"}, None)
    either = "such as Austin, TX or Lyon, France"
    country = valued("in Lyon", {"type": "string", "description": either}, None)

    assert free.accepts('"LYS"')
    assert not free.accepts('"a"b"')
    assert [s for s in ('"Lyon, FR"', "None") if not place.accepts(s)] == []
    assert [
        s for s in ('"Lyon"', '"Lyon, fr"', '", FR"', '"Lyon, France"') if place.accepts(s)
    ] == []
    assert [s for s in ('"Lyon, FR"', '"Lyon, France"') if not country.accepts(s)] == []


def test_remarks_follow_the_text() -> None:
    """What is said of the values goes forward through the text and names nothing else."""
    grammar = Grammar("成都到昆明，2 张。")
    matcher = Matcher(grammar.render(grammar.remarks()))

    assert matcher.accepts("成都 = 出发地，昆明 = 目的地, 2 张 = 张数")
    assert matcher.accepts("2 = seats")
    refused = [
        "昆明 = 目的地，成都 = 出发地",
        "成都 = 甲，成都 = 乙",
        "北京 = 城市",
        "昆明， = 城市",
        "成都",
        "",
    ]
    assert [said for said in refused if matcher.accepts(said)] == []


@given(st.text(_EDGED, max_size=25))
def test_remarks_can_always_be_written(text: str) -> None:
    """Every rule that a grammar speaks of is there, whatever the text."""
    grammar = Grammar(text)
    rules = grammar.render(grammar.remarks())

    names = set(re.findall(r"^(\S+) ::=", rules, re.MULTILINE))
    bodies = re.sub(r'"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]', "", rules.replace(" ::= ", " "))
    assert set(re.findall(r"[a-z]+[0-9]*", bodies)) == names


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(), lambda s: st.lists(s, max_size=3) | st.dictionaries(st.text(), s, max_size=2),
    max_leaves=5,
))  # fmt: skip
def test_value_is_written_for_both(value: Any) -> None:
    """What is written is a Python literal of the same value; strings are JSON's."""
    assert eval(written(value), {"__builtins__": {}}) == value
    assert not isinstance(value, str) or json.loads(written(value)) == value
