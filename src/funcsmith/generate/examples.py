"""Read the examples that a text or a header states: "f(3, 4) == 7", «例如输入 3 和 4，输出 7».

They become the tests of a function that is written afterwards, so a wrong one costs more than a
missed one: an example is read only where its form is explicit and both sides are literals. Values
that a text merely mentions (`把 3 和 4 相加`) are no example. Nothing is evaluated.

    >>> [(e.name, e.arguments, e.expected) for e in read_examples("add(3, 4) should return 7.")]
    [('add', (3, 4), 7)]
    >>> [(e.arguments, e.expected) for e in read_examples("求阶乘，例如输入 5，输出 120。")]
    [((5,), 120)]
"""

from __future__ import annotations

import ast
import itertools
import keyword
import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..readers.characters import fold
from ..syntax import parse
from .literals import NOT_READ, Literals, NotRead


@dataclass(frozen=True)
class Example:
    """One call and what it must give, as the text states it."""

    arguments: tuple[Any, ...]
    expected: Any
    span: tuple[int, int]
    name: str | None = None
    """The function's name where the example is a call."""
    text: str = ""
    """The words of the span."""
    keywords: dict[str, Any] = field(default_factory=dict)
    expression: str | None = None
    """What is expected is of this: the call with plain built-ins around it, as in
    `round(f(2), 3)`. None where it is of the call itself."""


def read_examples(
    text: str, *, name: str | None = None, parameters: Sequence[str] = ()
) -> list[Example]:
    """Every example in the text, in order; calls of functions other than `name` are left out.

    `parameters` are the names of the function's parameters where they are known: they decide
    whether "3, 1, 2" is three arguments or one list.
    """
    page = _Page(text, name, tuple(parameters))
    found: list[Example] = []
    for form in (_doctests, _calls, _tables, _blocks, _sentences):
        for example in form(page):
            if len(found) < _MOST and page.claim(*example.span):
                found.append(example)
    return sorted(found, key=lambda example: example.span)


_MOST = 200


class _Page:
    """The text with what is known about it."""

    def __init__(self, text: str, name: str | None, parameters: tuple[str, ...]) -> None:
        self.text, self.name, self.parameters = text, name, parameters
        self.folded = _CONTINUATION.sub(lambda match: " " * len(match.group()), fold(text))
        self.literals = Literals(text, self.folded)
        self._claimed = bytearray(len(text))

    def claim(self, start: int, end: int) -> bool:
        """Keep a stretch for one form; False where another has a part of it."""
        if any(self._claimed[start:end]):
            return False
        self._claimed[start:end] = b"\1" * (end - start)
        return True

    def is_claimed(self, at: int) -> bool:
        return at < len(self._claimed) and self._claimed[at] == 1

    def skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.folded, at)
        return match.end() if match else at

    def example(self, start: int, end: int, values: _Values, expected: Any) -> Example:
        return Example(
            values.arguments,
            expected,
            (start, end),
            values.name,
            self.text[start:end],
            values.keywords,
            values.expression,
        )


@dataclass(frozen=True)
class _Values:
    arguments: tuple[Any, ...]
    keywords: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    expression: str | None = None


# Calls: doctests, assertions, `f(3) -> 7`, "f(3) should return 7"


def _doctests(page: _Page) -> Iterator[Example]:
    for prompt in _PROMPT.finditer(page.folded):
        start = prompt.end("indent")
        call = _call_at(page, prompt.end())
        if call is None or not _ENDS_CALL.match(page.folded, call[1]):
            call = _expression_at(page, prompt.end()) or call
        at = page.skip(_REST_OF_LINE, call[1] if call else prompt.end())
        block = _OUTPUT_LINES.match(page.folded, at)
        lines = _lines_of(page, at, block.end() if block else at)
        example = _doctest(page, start, call, lines) if call else None
        if example:
            yield example
        else:
            # What a doctest does not state (an error, another value) no other form may read.
            page.claim(start, lines[-1][1] if lines else at)


def _doctest(
    page: _Page, start: int, call: tuple[_Values, int], lines: list[tuple[int, int]]
) -> Example | None:
    """The literal below the call, or what its own line states: `>>> f(2) == 4`, with True or no
    literal below.
    """
    values, after = call
    beside = _beside(page, after)
    try:
        below, end = page.literals.read(lines[0][0] if lines else len(page.text))
    except NotRead:
        return page.example(start, beside[1], values, beside[0]) if beside else None
    # One literal may run over several lines; behind it nothing may stand.
    if end != lines[-1][1]:
        return None
    if beside:
        return page.example(start, end, values, beside[0]) if below is True else None
    plain = _END_OF_LINE.match(page.folded, after)
    return page.example(start, end, values, below) if plain else None


def _beside(page: _Page, after: int) -> tuple[Any, int] | None:
    """What the rest of a doctest's line says that the call gives; what stands behind # is a comment."""
    said = _CALL_RELATION.match(page.folded, after)
    if said is None or "#" in said.group():
        return None
    try:
        expected, end = page.literals.read(said.end())
    except NotRead:
        return None
    return (expected, end) if _END_OF_LINE.match(page.folded, end) else None


def _lines_of(page: _Page, at: int, end: int) -> list[tuple[int, int]]:
    """The lines behind the one at `at`, without their margins."""
    lines: list[tuple[int, int]] = []
    first = page.folded.find("\n", at, end)
    if first < 0:
        return lines
    for match in _INSIDE_LINE.finditer(page.folded, first, end):
        if match.group().startswith('"""') or match.group().startswith("'''"):
            break
        lines.append((match.start(), match.end()))
    return lines


def _calls(page: _Page) -> Iterator[Example]:
    for opening in _CALL.finditer(page.folded):
        at = _name_start(page, opening)
        if page.is_claimed(at):
            continue
        before = _BEFORE_CALL.search(page.folded, max(0, at - 12), at)
        if before and before.group("refused"):
            continue
        call = _call_at(page, at)
        if call is None:
            continue
        values, after = call
        relation = _CALL_RELATION.match(page.folded, after)
        if relation is None:
            continue
        # "f() -> None" is a signature.
        if not (values.arguments or values.keywords) and relation["arrow"]:
            continue
        asserted = bool(before and before.group("asserted"))
        try:
            expected, end = _worked_out(page, relation.end()) or page.literals.read(relation.end())
        except NotRead:
            continue
        if _sentence_ends(page, end, call=True, message=asserted):
            start = before.start("asserted") if before and asserted else at
            yield page.example(start, end, values, expected)


def _worked_out(page: _Page, at: int) -> tuple[Any, int] | None:
    """The last value of `20 - 4 - 9 = 7`, where the sum says the same; None where none stands."""
    said = _SUM.match(page.folded, at)
    if said is None:
        return None
    try:
        line = parse(said["sum"].strip()).body[0]
        total = _arithmetic(line.value) if isinstance(line, ast.Expr) else math.nan
        expected, end = page.literals.read(said.end())
    except (SyntaxError, ValueError, ArithmeticError, NotRead):
        return None
    if isinstance(expected, bool) or not isinstance(expected, (int, float)):
        return None
    return (expected, end) if abs(total - expected) <= 1e-6 * max(1, abs(total)) else None


def _arithmetic(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return _ARITHMETIC[type(node.op)](_arithmetic(node.left), _arithmetic(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_arithmetic(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    raise ValueError


_SUM = re.compile(r"[ \t]*(?P<sum>[\d(][\d.()*/+ -]{2,80}[\d)])[ \t]*=(?!=)[ \t]*")
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


def _name_start(page: _Page, opening: re.Match[str]) -> int:
    """Where the name begins: in «例如f(3)» and «例如阶乘(5)» behind the words before it."""
    start, end = opening.span("name")
    if page.name and page.folded.endswith(fold(page.name), start, end):
        return end - len(page.name)
    inner = _ASCII_NAME.search(page.folded, start, end)
    if inner:
        return inner.start()
    return page.skip(_WORDS_BEFORE_NAME, start) if page.folded[start] > "\x7f" else start


def _call_at(page: _Page, at: int) -> tuple[_Values, int] | None:
    match = _CALL_HERE.match(page.folded, at)
    if match is None:
        return None
    said = page.text[slice(*match.span("name"))]
    if said != page.name and (page.name or keyword.iskeyword(said) or said in ("print", "")):
        return None
    try:
        values, named, end = page.literals.arguments(match.end())
    except NotRead:
        return None
    return _Values(tuple(values), named, said), end


def _expression_at(page: _Page, at: int) -> tuple[_Values, int] | None:
    """The rest of the line where it is one call of the function with plain built-ins around it."""
    end = page.skip(_REST_OF_LINE, at)
    said = page.text[at:end].split(" #")[0].rstrip()
    if page.name is None or page.name not in said or len(said) > _LONGEST_WORD:
        return None
    try:
        tree = parse(said)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    own = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == page.name]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    if len(own) != 1 or not names - {page.name} <= _AROUND_A_CALL:
        return None
    if not all(isinstance(node, _PLAIN_NODES) for node in nodes) or len(calls) == 1:
        return None
    # Places in a tree are counted in bytes.
    start = at + len(said.encode()[: own[0].col_offset].decode())
    call = _call_at(page, start)
    return None if call is None else (replace(call[0], expression=said), at + len(said))


_AROUND_A_CALL = frozenset(
    "abs all any bool dict float int len list max min round set sorted str sum tuple".split()
)
_PLAIN_NODES = (
    ast.Module, ast.Expr, ast.Call, ast.Name, ast.Load, ast.Constant, ast.keyword, ast.List, ast.Tuple,
    ast.Dict, ast.Set, ast.UnaryOp, ast.USub, ast.UAdd, ast.Not,
)  # fmt: skip
_ENDS_CALL = re.compile(r"[ \t]*(?:[=#]|$)", re.MULTILINE)


# Tables: | input | output |


def _tables(page: _Page) -> Iterator[Example]:
    for rule in _TABLE_RULE.finditer(page.folded):
        head = page.folded.rfind("\n", 0, max(0, rule.start() - 1)) + 1
        titles = [page.folded[s:e].lower().strip("*` ") for s, e in _cells(page, head)]
        outputs = [i for i, title in enumerate(titles) if _OUTPUT_TITLE.fullmatch(title)]
        inputs = [i for i, title in enumerate(titles) if _INPUT_TITLE.fullmatch(title)]
        if not inputs and len(outputs) == 1:
            known = {parameter.lower() for parameter in page.parameters}
            inputs = [i for i, title in enumerate(titles) if title in known]
            if len(inputs) != len(page.parameters):
                continue
        if len(outputs) != 1 or not inputs:
            continue
        at = rule.end() + 1
        while at < len(page.folded) and (cells := _cells(page, at)):
            line_end = page.skip(_REST_OF_LINE, at)
            if len(cells) == len(titles):
                row = _row(page, [cells[i] for i in inputs], cells[outputs[0]])
                if row is not None:
                    margin = page.skip(_SPACES, at)
                    end = max(cells[-1][1], page.folded.rfind("|", at, line_end) + 1)
                    yield page.example(margin, end, *row)
            at = line_end + 1


def _cells(page: _Page, at: int) -> list[tuple[int, int]]:
    line = page.folded[at : page.skip(_REST_OF_LINE, at)]
    if "|" not in line:
        return []
    cells, start = [], at
    for part in line.split("|"):
        cells.append((start, start + len(part)))
        start += len(part) + 1
    if line.lstrip().startswith("|"):
        cells = cells[1:]
    return cells[:-1] if line.rstrip().endswith("|") else cells


def _row(
    page: _Page, inputs: list[tuple[int, int]], output: tuple[int, int]
) -> tuple[_Values, Any] | None:
    given: list[Any] = []
    for cell in inputs:
        values = _segment(page, *cell, bare=True)
        if values is None or not values.arguments or values.keywords:
            return None
        given += values.arguments
    expected = _one(_segment(page, *output, bare=True))
    fitted = _fitted(page, given)
    return None if fitted is None or expected is NOT_READ else (fitted, expected)


# Blocks: 输入：[1, 2] 输出：3 / Input: … Output: …


def _blocks(page: _Page) -> Iterator[Example]:
    labels = [m for m in _LABEL.finditer(page.folded) if not page.is_claimed(m.start())]
    headed = False
    for label, after in itertools.pairwise(labels):
        if label["out"] or not after["out"] or after.start() - label.end() > _LONGEST_BLOCK:
            continue
        # A description («输入：一个正整数») has the same labels: words are values only in samples.
        headed = headed or bool(label["head"] or label["sample"])
        if (label["bare"] or after["bare"]) and not headed:
            continue
        values = _segment(page, label.end(), after.start(), bare=headed)
        output = _output_segment(page, after.end())
        if values is None or output is None:
            continue
        expected = _one(_segment(page, *output, bare=headed))
        if expected is NOT_READ:
            continue
        fitted = values if values.keywords else _fitted(page, list(values.arguments))
        if fitted is not None:
            start = label.start("sample") if label["sample"] else label.start("which")
            yield page.example(start, _trimmed(page, *output)[1], fitted, expected)


def _output_segment(page: _Page, at: int) -> tuple[int, int] | None:
    """The rest of the line, or the lines below up to a blank line, a fence or a label."""
    line_end = page.skip(_REST_OF_LINE, at)
    start, end = _trimmed(page, at, line_end)
    if start == end:
        match = _LINES_BELOW.match(page.folded, line_end)
        if match is None:
            return None
        start, end = match.span("lines")
    cut = _AFTER_OUTPUT.search(page.folded, start, end)
    start, end = _trimmed(page, start, cut.start() if cut else end)
    try:
        _, after = page.literals.read(start)
    except NotRead:
        pass
    else:
        # Behind a literal an explanation may stand.
        if after < end and _sentence_ends(page, after, call=False, marked=True):
            end = after
    return (start, end) if start < end else None


def _segment(page: _Page, start: int, end: int, *, bare: bool) -> _Values | None:
    """The values between two places, all of it: literals, assignments, or words if `bare`."""
    start, end = _trimmed(page, start, end)
    if start >= end:
        return None
    assigned = _assignments(page, start, end)
    if assigned is not None:
        return assigned
    lines = [m.span() for m in _INSIDE_LINE.finditer(page.folded, start, end)]
    if len(lines) > 1:
        try:
            value, after = page.literals.read(start)
        except NotRead:
            pass
        else:
            if after == end:
                return _Values((value,))
        # Several lines are several arguments, and a line of several values is a list.
        parts = [_segment(page, *line, bare=bare) for line in lines]
        if any(part is None or part.keywords for part in parts):
            return None
        flat = [part.arguments for part in parts if part is not None]
        if len(lines) != len(page.parameters) and any(len(each) > 1 for each in flat):
            return None
        return _Values(tuple(each[0] if len(each) == 1 else list(each) for each in flat))
    values = _sequence(page, start, end)
    if values is not None:
        return _Values(tuple(values))
    said = page.text[start:end].strip("`")
    if (
        bare
        and said
        and len(said) <= _LONGEST_WORD
        and not _DESCRIPTION.search(page.folded[start:end])
    ):
        return _Values((said,))
    return None


def _sequence(page: _Page, start: int, end: int) -> list[Any] | None:
    values: list[Any] = []
    at = start
    while True:
        try:
            value, at = page.literals.read(page.skip(_TICK, at), prose=True)
        except NotRead:
            return None
        values.append(value)
        at = page.skip(_TICK_BEHIND, at) if at < end else at
        if at >= end:
            return values if at == end else None
        following = page.skip(_BETWEEN_OR_SPACE, at)
        if following == at:
            return None
        at = following


def _assignments(page: _Page, start: int, end: int) -> _Values | None:
    """`nums = [2, 7], target = 9`: by name where the names are the parameters', else in order."""
    named: dict[str, Any] = {}
    at = start
    while at < end:
        match = _ASSIGNED.match(page.folded, at) or _LABELLED.match(page.folded, at)
        if match is None:
            return None
        try:
            named[page.text[slice(*match.span("name"))]], at = page.literals.read(match.end())
        except NotRead:
            return None
        at = page.skip(_BETWEEN_OR_LINE, at)
    return _by_name(page, named)


def _by_name(page: _Page, named: dict[str, Any]) -> _Values | None:
    if page.parameters and set(named) <= set(page.parameters):
        return _Values((), named)
    return _fitted(page, list(named.values()))


def _trimmed(page: _Page, start: int, end: int) -> tuple[int, int]:
    start = min(end, page.skip(_AROUND, start))
    said = page.folded[start : min(end, start + _LONGEST_BLOCK)]
    said = _FENCE_BEHIND.sub("", said)
    return start, start + len(said.rstrip(" \t\r\n,，;；。.*`" if not said.endswith("..") else " "))


def _one(values: _Values | None) -> Any:
    if values is None or values.keywords or not values.arguments:
        return NOT_READ
    return values.arguments[0] if len(values.arguments) == 1 else list(values.arguments)


def _fitted(page: _Page, values: list[Any]) -> _Values | None:
    """The values as the parameters take them; None where their number does not fit."""
    wanted = len(page.parameters)
    if wanted != 1 and len(values) == 1 and isinstance(values[0], tuple) and values[0]:
        values = list(values[0])
    if wanted in (0, len(values)):
        return _Values(tuple(values))
    return _Values((values,)) if wanted == 1 else None


# Sentences: "for example, 'ab' gives 'ba'", «比如 5 得 120»


def _sentences(page: _Page) -> Iterator[Example]:
    for start in _SENTENCE_START.finditer(page.folded):
        at, marked = start.end(), bool(start["marker"])
        while not page.is_claimed(at) and (found := _sentence(page, at, marked=marked)):
            yield found
            at = page.skip(_NEXT, found.span[1])


def _sentence(page: _Page, start: int, *, marked: bool) -> Example | None:
    head = _inputs_and_relation(page, start, marked=marked)
    if head is None:
        return None
    values, at = head
    try:
        expected, end = page.literals.read(at, prose=True)
    except NotRead:
        return None
    if not _sentence_ends(page, end, call=False, marked=marked):
        return None
    return page.example(start, end, values, expected)


def _inputs_and_relation(page: _Page, start: int, *, marked: bool) -> tuple[_Values, int] | None:
    lead = _LEAD.match(page.folded, start)
    input_lead = bool(lead and lead["in"])
    try:
        values, at = _inputs(page, lead.end() if lead else start)
    except NotRead:
        return None
    if values is None or (lead and not (marked or input_lead or values.keywords)):
        return None
    conditional = input_lead or bool(values.keywords)
    relation = (_RELATION_AFTER_INPUT if conditional else _RELATION).match(page.folded, at)
    # An unmarked arrow may be an edge, a range or a move.
    if relation is None or (relation["arrow"] and not (marked or input_lead)):
        return None
    return values, relation.end()


def _inputs(page: _Page, at: int) -> tuple[_Values | None, int]:
    values: list[Any] = []
    named: dict[str, Any] = {}
    while True:
        at = page.skip(_TICK, at)
        match = _ASSIGNED.match(page.folded, at)
        value, at = page.literals.read(match.end() if match else at, prose=True)
        if match:
            named[page.text[slice(*match.span("name"))]] = value
        else:
            values.append(value)
        at = page.skip(_TICK, at)
        between = _BETWEEN.match(page.folded, at)
        if between is None or _RELATION_AFTER_INPUT.match(page.folded, at):
            break
        at = between.end()
    if not named:
        return _fitted(page, values), at
    # «n = 0 时返回 1» may state one parameter of several: all must be there.
    complete = not values and set(named) == set(page.parameters)
    return (_Values((), named) if complete else None), at


def _sentence_ends(
    page: _Page, at: int, *, call: bool, marked: bool = False, message: bool = False
) -> bool:
    """Whether the statement ends behind this value: «7。» does, «7 个» and "7 + 1" do not."""
    end = _VALUE_END.match(page.folded, at)
    if end is None:
        return False
    if not end["comma"]:
        return bool(call or not end["word"] or end["word"] not in ("and", "和", "与", "以及"))
    if message:
        return True
    after = end.end()
    try:
        page.literals.read(after)
    except NotRead:
        return call or marked or _EXPLAINED.match(page.folded, after) is not None
    # Another value: "7, 8" may be one answer of two; a whole further example may not.
    return not call and _inputs_and_relation(page, after, marked=marked) is not None


_LONGEST_BLOCK = 2_000
_LONGEST_WORD = 200

_ARROW = r"[-=~]{1,3}>|→|⇒|➜|➞|➔|⟶|⟹|↦"
_ZH_GIVES = (
    r"(?:就|则|便|应该?|应当|会|将|要|必须|需要?){0,3}"
    r"(?:的?(?:返回值|结果|值|答案|输出)(?:就|应该?|应当)?[是为:：]|返回|输出|得到|得出|得|等于|变成|变为|转为|转成|给出|应为|[是为])"
)
_EN_GIVES = (
    r"(?:(?:should|must|will|would)\s+)?(?:also\s+)?"
    r"(?:returns?|gives?|yields?|outputs?|produces?|becomes?|equals?|evaluates?\s+to|maps?\s+to|turns?\s+into|results?\s+in|(?:is|be)\s+equal\s+to)"
)

_CONTINUATION = re.compile(r"^[ \t]*\.\.\.(?=[ \n])", re.MULTILINE)
_PROMPT = re.compile(r"^(?P<indent>[ \t]*)>>> ?", re.MULTILINE)
_OUTPUT_LINES = re.compile(r"(?:\n[ \t]*(?!>>>)\S[^\n]*){1,60}")
_REST_OF_LINE = re.compile(r"[^\n]*")
_INSIDE_LINE = re.compile(r"[^\s](?:[^\n]*[^\s])?")
_END_OF_LINE = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|$)")
_SPACES = re.compile(r"[ \t]*")
_TICK = re.compile(r"[ \t]*`?[ \t]*")
_TICK_BEHIND = re.compile(r"`?")
_CALL_HERE = re.compile(r"(?P<name>[^\W\d]\w{0,80}) ?\(")
_CALL = re.compile(
    r"(?P<name>(?<![\w.])[^\W\d]\w{0,80}|(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_]{0,80}) ?\("
)
_ASCII_NAME = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_]*$")
_WORDS_BEFORE_NAME = re.compile(
    r"(?:例如|比如|譬如|例|调用|执行|运行|使得|满足|那么|并且|以及|而|且|即|则|和|与|有){1,3}"
)
_BEFORE_CALL = re.compile(
    r"(?:(?P<asserted>\bassert\s+)"
    r"|(?P<refused>(?:\b(?:def|class|if|elif|while|unless|whether|not|or)\s+|是否|如果|假如|若|当|不是?)`?\s*))$",
    re.IGNORECASE,
)
_CALL_RELATION = re.compile(
    rf"[`'\"”]?[ \t]*(?:#[ \t]*)?(?:(?P<arrow>{_ARROW})|===?|=|\bis(?![ \t]+not)|\bshould[ \t]+be|{_EN_GIVES}|{_ZH_GIVES}|#)"
    r"(?:[ \t]*(?::|：))?[ \t]*`?",
    re.IGNORECASE,
)
_TABLE_RULE = re.compile(
    r"^[ \t]{0,40}\|?[ \t]{0,40}:?-{2,}:?[ \t]{0,40}(?:\|[ \t]{0,40}:?-{2,}:?[ \t]{0,40}){0,12}\|?[ \t]{0,40}$",
    re.MULTILINE,
)
_INPUT_TITLE = re.compile(
    r"(?:inputs?|arguments?|args?|输入|参数|入参|样例输入|示例输入|输入样例|输入示例)(?: ?[0-9]| ?[a-c])?"
)
_OUTPUT_TITLE = re.compile(
    r"(?:expected|expected (?:output|result|value)|outputs?|results?|returns?|return value|"
    r"(?:期望|预期|样例|示例)?(?:输出|结果|返回值?)(?:样例|示例)?|期望值?|预期值?)"
)
_SAMPLE = r"样例|示例|范例|例子|sample|example|test[ ]case"
_LABEL = re.compile(
    rf"(?:(?<![\w])(?P<head>(?:{_SAMPLE}|例)s?[ ]?[0-9一二三四五]{{0,2}}[ ]?(?:[:：.][ \t]*\n?|\n)[\s*#>-]*))?"
    rf"(?<![a-z])(?P<sample>(?:{_SAMPLE})[ ]?)?"
    r"(?P<which>(?P<in>输入|inputs?)|(?P<out>(?:期望|预期|expected[ ])?(?:输出|output)s?))"
    rf"(?P<kind>(?:样例|示例)?)[ ]?#?[0-9]{{0,2}}\**[ ]?(?:[:：]\**|(?P<bare>\n))",
    re.IGNORECASE,
)
_LINES_BELOW = re.compile(
    r"(?:[ \t]*\n(?:[ \t]*```\w*[ \t]*(?=\n))?){1,3}(?P<lines>[^\n]+(?:\n(?!\s*(?:```|\n|$))[^\n]+){0,60})"
)
_AFTER_OUTPUT = re.compile(
    rf"\n?[ \t*#>-]*(?:解释|说明|注意|提示|explanation|note|(?:{_SAMPLE})|输入|input)s?[^\n]{{0,8}}[:：\n]|```",
    re.IGNORECASE,
)
_AROUND = re.compile(r"(?:[\s*]|```\w*\n)*`?")
_FENCE_BEHIND = re.compile(r"\s*(?:```)?[\s*#>-]*$")
_DESCRIPTION = re.compile(
    r"一个|若干|[整实]数|字符串|列表|数组|(?:^|\s)(?:an?|the)\s|^(?:string|str|int|integer|list|array|number|float|bool|boolean)s?$",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"(?P<name>[^\W\d]\w{0,40})[ \t]*=(?!=)[ \t]*")
_LABELLED = re.compile(r"(?P<name>[A-Za-z_]\w{0,40})[ \t]*[:：](?!=)[ \t]*")
_BETWEEN = re.compile(r"[ \t]*(?:,|，|、|和|与|跟|以及|及|\band\b)[ \t]*", re.IGNORECASE)
_BETWEEN_OR_SPACE = re.compile(
    r"[ \t]*(?:,|，|、|;|；|和|与|以及|\band\b)[ \t]*|[ \t]+", re.IGNORECASE
)
_BETWEEN_OR_LINE = re.compile(rf"(?:{_BETWEEN_OR_SPACE.pattern})?\s*", re.IGNORECASE)
_SENTENCE_START = re.compile(
    r"(?:(?P<marker>(?:例如|比如|譬如|举例来?说?|(?:示例|样例|例子|例)\d{0,2}(?=[:：])|(?<![a-z])(?:for example|for instance|examples?(?:[ ]?[0-9]{1,2})?(?=[:：])|e\.g\.|eg\.))[ \t]*[,，:：]?)"
    r"|^|[。.!！?？;；:：(（](?=[\s\[({【'\"“‘「『`0-9+-]|当?输入|input|given))"
    r"(?:\s|[-*•](?=\s)|[0-9]{1,2}[.)](?=\s)|(?:\"{3}|'{3})(?=[\w\s]))*",
    re.IGNORECASE | re.MULTILINE,
)
_LEAD = re.compile(
    r"(?P<in>当?(?:我|用户)?(?:输入|传入|给定)(?:为|是)?|(?:for|with|when|on)?[ ]?(?:the[ ])?inputs?(?:[ ]is|[ ]of)?|(?:when[ ])?given)[ ]?[:：]?[ ]?"
    r"|(?:对于?|把|将|由|参数|从|for|from|with|when|calling it with)[ ]?",
    re.IGNORECASE,
)
_RELATION = re.compile(
    rf"[ \t]*(?:(?P<arrow>{_ARROW})|{_EN_GIVES}\b|{_ZH_GIVES})[ \t]*[:：]?[ \t]*`?", re.IGNORECASE
)
_RELATION_AFTER_INPUT = re.compile(
    rf"[ \t]*(?:时候?|的时候|后|之后)?[ \t]*[,，;；]?[ \t]*(?:then[ ]|(?:it|you|the[ ]function)[ ])?"
    rf"(?:(?P<arrow>{_ARROW})[ \t]*(?:outputs?|输出)?|{_EN_GIVES}\b|(?:the[ ])?(?:expected[ ])?(?:output|result|answer)(?:[ ](?:is|should[ ]be))?|{_ZH_GIVES})"
    r"[ \t]*[:：]?[ \t]*`?",
    re.IGNORECASE,
)
_VALUE_END = re.compile(
    r"[`'\"”’」』）)\]】*]{0,3}[ \t]*(?:$|(?=\n)|(?P<comma>[,，、][ \t]*)|[。；;!！(（#]|\.(?![\w.])|"
    r"(?P<word>(?:and|but|while|whereas|because|since)\b|而|但|因为|并且|以及|和|与))",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    r"(?:because|since|as\s|i\.e\.|that is|因为|因|即|也就是|由于|而)", re.IGNORECASE
)
_NEXT = re.compile(
    r"(?:[\s`'\")）]*[,，;；。.、!\n](?:\s|[-*•]\s)*(?:and\s+|以及|而|again,?\s+)?)?", re.IGNORECASE
)
