"""GBNF on our own: whether a text may still become one of a grammar, told letter by letter.

The subset that llama.cpp reads and our prompts use: rules, texts in quotes, classes of characters,
groups, alternatives, `?`, `*`, `+` and `{m,n}`. What it is not: a parser of answers; it only tells
which bytes may follow. States are remembered, so a grammar becomes an automaton as it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal as Kind

from ..errors import EngineFailed

_DEEPEST = 50_000
"""Places reached without a letter between them; a rule that begins with itself reaches more."""
_END = 0
"""The number of the stack on which nothing is left."""

Node = tuple[Kind["class", "all", "any", "rule", "times"], object]


@dataclass(frozen=True)
class State:
    """Where a text stands in a grammar: its number, and the bytes of a letter that is not whole."""

    number: int
    pending: bytes = b""


class Gbnf:
    """A grammar that was read. Raises `EngineFailed` where it cannot be."""

    def __init__(self, grammar: str) -> None:
        self._rules = _Reader(grammar).rules()
        # Stacks are numbered, so that equal ones are one: (node, number of the stack beneath).
        self._stacks: list[tuple[Node, int]] = [(("all", ()), 0)]
        # By identity: nodes live as long as the grammar, and hashing deep ones takes long.
        self._stack_numbers: dict[tuple[int, int], int] = {}
        self._repeats: dict[tuple[int, int, int | None], Node] = {}
        self._states: list[tuple[int, ...]] = []
        self._state_numbers: dict[tuple[int, ...], int] = {}
        self._after: dict[tuple[int, int], int | None] = {}
        self._first: dict[State, frozenset[int]] = {}
        self.start = State(self._numbered(self._reached([self._pushed(("rule", "root"), _END)])))

    def follow(self, state: State, said: bytes) -> State | None:
        """The state behind these bytes; None where no text of the grammar has them there."""
        number, pending = state.number, state.pending
        for byte in said:
            if not pending and byte < 0x80:
                after = self._step(number, byte)
                if after is None:
                    return None
                number = after
                continue
            pending += bytes((byte,))
            code = _whole(pending)
            if code is None:
                if not self._may_become(number, pending):
                    return None
                continue
            after = self._step(number, code) if code >= 0 else None
            if after is None:
                return None
            number, pending = after, b""
        return State(number, pending)

    def ends(self, state: State) -> bool:
        """Whether the text may end here."""
        return not state.pending and _END in self._states[state.number]

    def is_over(self, state: State) -> bool:
        """Whether the text must end here."""
        return not state.pending and self._states[state.number] == (_END,)

    def first_bytes(self, state: State) -> frozenset[int]:
        """The bytes that may come next."""
        found = self._first.get(state)
        if found is None:
            every = range(256)
            found = frozenset(b for b in every if self.follow(state, bytes((b,))) is not None)
            self._first[state] = found
        return found

    def _step(self, number: int, code: int) -> int | None:
        key = (number, code)
        if key in self._after:
            return self._after[key]
        beneath = [
            self._stacks[stack][1]
            for stack in self._states[number]
            if stack != _END and _has(self._stacks[stack][0], code, code)
        ]
        reached = self._reached(beneath)
        after = self._numbered(reached) if reached else None
        self._after[key] = after
        return after

    def _may_become(self, number: int, pending: bytes) -> bool:
        bounds = _bounds(pending)
        return bounds is not None and any(
            stack != _END and _has(self._stacks[stack][0], *bounds)
            for stack in self._states[number]
        )

    def _reached(self, stacks: Iterable[int]) -> tuple[int, ...]:
        """The stacks that begin with a letter (or are empty), from these on."""
        left, seen, found = list(stacks), set[int](), set[int]()
        while left:
            stack = left.pop()
            if stack in seen:
                continue
            seen.add(stack)
            if len(seen) > _DEEPEST:
                raise _unreadable("a rule begins with itself")
            if stack == _END:
                found.add(stack)
                continue
            node, beneath = self._stacks[stack]
            kind, inside = node
            if kind == "class":
                found.add(stack)
            elif kind == "rule":
                left.append(self._pushed(self._rules[str(inside)], beneath))
            elif kind == "any":
                left += [self._pushed(one, beneath) for one in _nodes(inside)]
            elif kind == "times":
                body, least, most = _times(inside)
                if least == 0:
                    left.append(beneath)
                if most is None or most > 0:
                    again = self._again(body, max(0, least - 1), most)
                    left.append(self._pushed(body, self._pushed(again, beneath)))
            else:
                for one in reversed(_nodes(inside)):
                    beneath = self._pushed(one, beneath)
                left.append(beneath)
        return tuple(sorted(found))

    def _again(self, body: Node, least: int, most: int | None) -> Node:
        """What is left of a repetition once its body was said."""
        left = None if most is None else most - 1
        key = (id(body), least, left)
        if key not in self._repeats:
            self._repeats[key] = ("times", (body, least, left))
        return self._repeats[key]

    def _pushed(self, node: Node, beneath: int) -> int:
        key = (id(node), beneath)
        number = self._stack_numbers.get(key)
        if number is None:
            number = self._stack_numbers[key] = len(self._stacks)
            self._stacks.append((node, beneath))
        return number

    def _numbered(self, stacks: tuple[int, ...]) -> int:
        number = self._state_numbers.get(stacks)
        if number is None:
            number = self._state_numbers[stacks] = len(self._states)
            self._states.append(stacks)
        return number


class _Reader:
    """Reads a grammar's text."""

    _SPACE = re.compile(r"(?:[ \t\r]|#[^\n]*)*")
    _LINES = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
    _NAME = re.compile(r"[a-zA-Z0-9_-]+")
    _TIMES = re.compile(r"\{[ \t]*(\d+)[ \t]*(,?)[ \t]*(\d*)[ \t]*\}")
    _ESCAPE = re.compile(
        r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
    )
    _PLAIN = {"n": 10, "r": 13, "t": 9}  # noqa: RUF012 - never changed

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._named: set[str] = set()

    def rules(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        self._skip(self._LINES)
        while self._at < len(self._text):
            name = self._taken(self._NAME)
            self._skip(self._SPACE)
            if name is None or not self._text.startswith("::=", self._at):
                raise self._wrong("a rule is wanted")
            self._at += 3
            self._skip(self._LINES)
            found[name.group()] = self._alternatives(nested=False)
            self._skip(self._LINES)
        if "root" not in found:
            raise _unreadable("there is no rule root")
        if lost := self._named - found.keys():
            raise _unreadable(f"there is no rule {min(lost)}")
        return found

    def _alternatives(self, *, nested: bool) -> Node:
        blank = self._LINES if nested else self._SPACE
        ways = [self._sequence(blank)]
        while self._text.startswith("|", self._at):
            self._at += 1
            self._skip(self._LINES)
            ways.append(self._sequence(blank))
        return ways[0] if len(ways) == 1 else ("any", tuple(ways))

    def _sequence(self, blank: re.Pattern[str]) -> Node:
        items: list[Node] = []
        while True:
            self._skip(blank)
            sign = self._text[self._at : self._at + 1]
            if sign == '"':
                item = self._quoted()
            elif sign == "[":
                item = self._class()
            elif sign == "(":
                self._at += 1
                self._skip(self._LINES)
                item = self._alternatives(nested=True)
                if not self._text.startswith(")", self._at):
                    raise self._wrong("a group has no end")
                self._at += 1
            elif sign == ".":
                self._at += 1
                item = ("class", (((0, 0x10FFFF),), False))
            elif name := self._taken(self._NAME):
                self._named.add(name.group())
                item = ("rule", name.group())
            else:
                return items[0] if len(items) == 1 else ("all", tuple(items))
            items.append(self._repeated(item))

    def _repeated(self, item: Node) -> Node:
        while True:
            sign = self._text[self._at : self._at + 1]
            if sign in ("?", "*", "+") and sign:
                self._at += 1
                least, most = (int(sign == "+"), 1 if sign == "?" else None)
            elif match := self._taken(self._TIMES):
                least = int(match[1])
                most = (int(match[3]) if match[3] else None) if match[2] else least
            else:
                return item
            item = ("times", (item, least, most))

    def _quoted(self) -> Node:
        self._at += 1
        letters: list[Node] = []
        while not self._text.startswith('"', self._at):
            code = self._letter()
            letters.append(("class", (((code, code),), False)))
        self._at += 1
        return ("all", tuple(letters))

    def _class(self) -> Node:
        self._at += 1
        negated = self._text.startswith("^", self._at)
        self._at += negated
        ranges: list[tuple[int, int]] = []
        while not self._text.startswith("]", self._at):
            low = high = self._letter()
            if self._text.startswith("-", self._at) and self._text[
                self._at + 1 : self._at + 2
            ] not in ("]", ""):
                self._at += 1
                high = self._letter()
            ranges.append((low, high))
        self._at += 1
        return ("class", (tuple(ranges), negated))

    def _letter(self) -> int:
        if self._at >= len(self._text):
            raise self._wrong("it ends inside quotes or brackets")
        escaped = self._ESCAPE.match(self._text, self._at)
        if escaped is None:
            self._at += 1
            return ord(self._text[self._at - 1])
        self._at = escaped.end()
        numeral = escaped[1] or escaped[2] or escaped[3]
        if numeral:
            return int(numeral, 16)
        return self._PLAIN.get(escaped[4], ord(escaped[4]))

    def _taken(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
        return match

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._taken(pattern)

    def _wrong(self, why: str) -> EngineFailed:
        line = self._text.count("\n", 0, self._at) + 1
        return _unreadable(f"line {line}: {why}")


def _has(node: Node, low: int, high: int) -> bool:
    """Whether a class has a letter between two codes."""
    ranges, negated = _class(node[1])
    if not negated:
        return any(first <= high and low <= last for first, last in ranges)
    # Of a range that is not one letter some are left, unless one excluded range holds it whole.
    return not any(first <= low and high <= last for first, last in ranges)


def _nodes(inside: object) -> tuple[Node, ...]:
    assert isinstance(inside, tuple)
    return inside


def _class(inside: object) -> tuple[tuple[tuple[int, int], ...], bool]:
    assert isinstance(inside, tuple)
    ranges, negated = inside
    return ranges, negated


def _times(inside: object) -> tuple[Node, int, int | None]:
    assert isinstance(inside, tuple)
    body, least, most = inside
    return body, least, most


def _length(lead: int) -> int:
    """How many bytes a letter has that begins with this one; 0 where none does."""
    if 0xC2 <= lead <= 0xDF:
        return 2
    if 0xE0 <= lead <= 0xEF:
        return 3
    return 4 if 0xF0 <= lead <= 0xF4 else 0


def _whole(pending: bytes) -> int | None:
    """The letter of whole UTF-8; None where bytes are to come, -1 where it cannot be any."""
    wanted = _length(pending[0])
    if wanted == 0:
        return -1
    if len(pending) < wanted:
        return None
    try:
        return ord(pending.decode())
    except UnicodeDecodeError:
        return -1


def _bounds(pending: bytes) -> tuple[int, int] | None:
    """The first and the last letter that may come of the bytes; None where none can."""
    wanted = _length(pending[0])
    if any(not 0x80 <= byte <= 0xBF for byte in pending[1:]):
        return None
    left = wanted - len(pending)
    value = pending[0] & (0xFF >> (wanted + 1))
    for byte in pending[1:]:
        value = value << 6 | byte & 0x3F
    low, high = value << (6 * left), (value + 1 << (6 * left)) - 1
    low, high = max(low, {2: 0x80, 3: 0x800, 4: 0x10000}[wanted]), min(high, 0x10FFFF)
    if low >= 0xD800 and high <= 0xDFFF:
        return None
    return (low, high) if low <= high else None


def _unreadable(why: str) -> EngineFailed:
    return EngineFailed(
        {"en": f"The grammar cannot be read: {why}.", "zh": f"无法读取语法：{why}。"}
    )


__all__ = ["Gbnf", "State"]
