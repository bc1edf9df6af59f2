"""What the templates show of an outcome: pieces of text with their roles, never markup.

Templates escape every piece; nothing here writes HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pygments.lexers.python import PythonLexer
from pygments.token import STANDARD_TYPES

from ..cli.screen import (
    came_from,
    head_of,
    shortened,
    spoken,
    value_words,
    verdict_said,
    without_noise,
)
from ..cli.visible import printed
from ..cli.words import grants, say
from ..contract import Call, Evidence, Function, Outcome, Request, Result
from ..errors import Language
from .form import MOST_CHARACTERS, Field, fields

ROWS = 500
"""Rows of a table that are shown."""
_TEXT_CHARACTERS = 20_000
_LONG_REPR = 4_000
_COLOURED = frozenset("k kn kd kc ow nf nc s s1 s2 sa sd se si c1 mi mf".split())
"""Pygments' short names of what has a colour in `page.css`."""
_PNG = re.compile(r"data:image/png;base64,[A-Za-z0-9+/]+={0,2}")
_LINE = re.compile(r"\(line (\d+)\)$")


@dataclass(frozen=True)
class Mark:
    """A piece of the sentence; with `argument`, a value that was taken from it."""

    text: str
    argument: str = ""


@dataclass(frozen=True)
class Piece:
    """A piece of code: its class of colour, and how sure the model was where it was not."""

    text: str
    style: str = ""
    sure: float | None = None


@dataclass(frozen=True)
class Cell:
    text: str
    key: str
    """What a table is sorted by."""
    number: bool


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int


@dataclass(frozen=True)
class ResultView:
    """A result as what it is."""

    kind: Literal["number", "text", "table", "picture", "value", "nothing", "failed"]
    text: str = ""
    exactly: str = ""
    """What Python said, where the value as shown is not all of it."""
    table: Table | None = None
    stdout: str = ""
    line: int | None = None
    """The line of the source at which it failed."""
    seconds: float = 0.0
    fence: str = ""


@dataclass(frozen=True)
class Argument:
    """A field of the form, and where its value came from."""

    field: Field
    origin: str
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallView:
    function: str
    arguments: tuple[Argument, ...]
    result: ResultView | None
    runnable: bool
    too_large: bool


@dataclass(frozen=True)
class FunctionView:
    name: str
    signature: str
    code: tuple[tuple[Piece, ...], ...]
    origin: str
    verdict: str
    said: str
    """What the verdict rests on."""
    readback: str
    facts: tuple[tuple[str, str, bool | None], ...]
    """A call, what it gave, and whether that is what an example wants."""
    differing: tuple[str, ...]
    granted: str
    unsure: bool


def marks(text: str, calls: Sequence[Call]) -> list[Mark]:
    """The sentence in pieces; where two values share characters, the later one has them."""
    owners = [""] * len(text)
    for call in calls:
        for pointer, spans in call.spans.items():
            for start, end in spans:
                for place in range(max(0, start), min(end, len(text))):
                    owners[place] = head_of(pointer)
    pieces: list[Mark] = []
    began = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or owners[place] != owners[began]:
            pieces.append(Mark(text[began:place], owners[began]))
            began = place
    return pieces


def code(
    source: str, uncertainty: Sequence[tuple[int, int, float]] = ()
) -> tuple[tuple[Piece, ...], ...]:
    """The source line by line, coloured, its uncertain stretches known."""
    source = source.rstrip("\n")
    doubts: list[float | None] = [None] * len(source)
    for start, end, sure in uncertainty:
        for place in range(max(0, start), min(end, len(source))):
            doubts[place] = sure
    lines: list[list[Piece]] = [[]]
    for begin, token, words in PythonLexer().get_tokens_unprocessed(source):
        style = STANDARD_TYPES.get(token, "")
        style = style if style in _COLOURED else ""
        at = begin
        for part in re.split(r"(\n)", words):
            if part == "\n":
                lines.append([])
            elif part:
                # Indentation is nobody's doubt.
                bare = part.isspace() and not lines[-1]
                here = [None] * len(part) if bare else doubts[at : at + len(part)]
                lines[-1] += _doubted(part, style, here)
            at += len(part)
    return tuple(map(tuple, lines))


def result_view(result: Result, language: Language) -> ResultView:
    """The result as a number, a table, a picture, a text, or what went wrong."""
    shown = ResultView(
        "value",
        stdout=printed(result.stdout).rstrip("\n")[:_TEXT_CHARACTERS],
        seconds=result.seconds,
        fence=result.isolation.kind if result.isolation is not None else "",
    )
    if result.status != "ok":
        error = printed(result.error or "")
        found = _LINE.search(error)
        if result.status in ("timeout", "memory", "output", "not_run") and error:
            error = f"：{error}" if language == "zh" else f": {error}"
        said = say(language, result.status, error=error)
        return replace(shown, kind="failed", text=said, line=int(found[1]) if found else None)
    value = result.value
    if result.is_figure:
        if isinstance(value, str) and _PNG.fullmatch(value):
            return replace(shown, kind="picture", text=value)
        return replace(shown, text="…")
    if value is None and result.typed is None:
        said = result.repr or "None"
        return replace(shown, kind="nothing" if said == "None" else "value", text=said)
    exactly = shortened(result.repr or "", 300) if result.typed is not None else ""
    if isinstance(value, str):
        return replace(shown, kind="text", text=value[:_TEXT_CHARACTERS], exactly=exactly)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return replace(shown, kind="number", text=value_words(result), exactly=exactly)
    table = table_of(value)
    if table is not None:
        return replace(shown, kind="table", table=table)
    return replace(shown, text=shortened(value_words(result), _LONG_REPR))


def table_of(value: Any) -> Table | None:
    """Records, rows of one length, or a dictionary of plain values, as a table."""
    if isinstance(value, dict) and value and all(map(_is_plain, value.values())):
        return _table(("", "="), [(str(name), one) for name, one in value.items()])
    if not isinstance(value, list) or not value:
        return None
    if all(isinstance(row, dict) and row for row in value):
        head = list(dict.fromkeys(str(name) for row in value[:ROWS] for name in row))
        if len(head) > 40:
            return None
        return _table(tuple(head), [[row.get(name) for name in head] for row in value])
    if all(isinstance(row, list) and row for row in value):
        width = len(value[0])
        if width <= 40 and all(len(row) == width and all(map(_is_plain, row)) for row in value):
            return _table(tuple(str(n + 1) for n in range(width)), value)
    return None


def cell(value: Any) -> Cell:
    """A value as a cell."""
    if value is None:
        return Cell("–", "", number=False)
    if isinstance(value, str):
        return Cell(shortened(value, 1_000), value[:100], number=False)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    said = shortened(without_noise(spoken(value)), 1_000)
    return Cell(said, said, number=number)


def calls_view(
    outcome: Outcome, request: Request, language: Language, schemas: Mapping[str, Any]
) -> list[CallView]:
    """Each call with its form; `schemas` are those of the functions that can be run here."""
    return [
        _call(call, outcome, request, language, schemas.get(call.function))
        for call in outcome.calls
    ]


def function_view(function: Function, language: Language) -> FunctionView:
    return FunctionView(
        name=function.name,
        signature=function.signature,
        code=code(function.source, function.uncertainty) if function.source.strip() else (),
        origin=say(language, function.origin),
        verdict=function.verdict,
        said=verdict_said(function, language).partition("：" if language == "zh" else ": ")[2],
        readback=function.readback,
        facts=tuple(_fact(fact) for fact in function.evidence if fact.call or fact.text),
        differing=tuple(_differing(one) for one in function.counterexamples[:5]),
        granted=grants(language, function.grants) if function.grants else "",
        unsure=bool(function.uncertainty),
    )


def cost_words(outcome: Outcome, language: Language) -> list[str]:
    """What it cost, in short pieces."""
    cost, tokens = outcome.cost, outcome.tokens
    said = [outcome.model or ""] if cost.model_calls else [say(language, "no_model")]
    if cost.escalated_to:
        said.append(f"→ {cost.escalated_to}")
    if cost.model_calls:
        said.append(say(language, "model_calls", count=cost.model_calls))
    if cost.model_calls_avoided:
        said.append(say(language, "avoided", count=cost.model_calls_avoided))
    if tokens.generated:
        said.append(say(language, "tokens", prompt=tokens.prompt, generated=tokens.generated))
    for stage in ("detect", "generate", "execute"):
        spent = getattr(outcome.seconds, stage)
        if spent >= 0.05:
            said.append(say(language, "seconds", name=say(language, stage), seconds=f"{spent:.1f}"))
    if outcome.result is not None and outcome.result.isolation is not None:
        said.append(say(language, "isolation", kind=outcome.result.isolation.kind))
    return [each for each in said if each]


def _call(
    call: Call, outcome: Outcome, request: Request, language: Language, schema: Any
) -> CallView:
    made = fields(schema or {}, call.arguments)
    too_large = sum(len(field.text) for field in made) > MOST_CHARACTERS
    return CallView(
        function=call.function,
        arguments=()
        if too_large
        else tuple(_argument(field, call, outcome, request, language) for field in made),
        result=result_view(call.result, language) if call.result is not None else None,
        runnable=schema is not None and not too_large,
        too_large=too_large,
    )


def _argument(
    field: Field, call: Call, outcome: Outcome, request: Request, language: Language
) -> Argument:
    name = field.name
    spans = sorted(
        span for pointer, found in call.spans.items() if head_of(pointer) == name for span in found
    )
    if spans:
        quotes = tuple(shortened(request.text[start:end], 60) for start, end in spans[:6])
        return Argument(field, "", quotes)
    if name not in call.arguments:
        return Argument(field, "")
    key = came_from(name, call.arguments[name], outcome, request)
    return Argument(field, say(language, key, name=name))


def _doubted(words: str, style: str, doubts: Sequence[float | None]) -> list[Piece]:
    pieces, began = [], 0
    for place in range(1, len(words) + 1):
        if place == len(words) or doubts[place] != doubts[began]:
            pieces.append(Piece(words[began:place], style, doubts[began]))
            began = place
    return pieces


def _table(head: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> Table:
    shown = tuple(tuple(map(cell, row)) for row in rows[:ROWS])
    return Table(head, shown, max(0, len(rows) - ROWS))


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _fact(fact: Evidence) -> tuple[str, str, bool | None]:
    got = fact.got if fact.got is not None else fact.expected
    said = shortened(without_noise(got), 300) if got is not None else ""
    passed = fact.passed is not False if fact.kind == "example" else None
    return shortened(str(fact.call or fact.text), 300), said, passed


def _differing(one: Mapping[str, Any]) -> str:
    if one.get("question"):
        return shortened(str(one["question"]), 300)
    return shortened(", ".join(f"{name}: {value}" for name, value in one.items()), 300)
