"""What came of a request, for people: the sentence with its values marked, the function, where the
arguments came from, what is known of the function, the result.

One view for every screen; on a coloured terminal Rich paints it, elsewhere it is plain text.
Nothing of it reaches the terminal unescaped (`visible.py`).
"""

from __future__ import annotations

import json
import math
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from ..errors import Language
from .answer_table import answer_table, over_data
from .layout import Line, Piece, carets, columns, text_of, wrapped
from .stages import is_fancy
from .visible import cells, printed, visible
from .words import grants, language_of, say

if TYPE_CHECKING:
    from rich.text import Text

    from ..contract import Call, Function, Outcome, Request, Result

_PARTS = (
    "text", "function", "arguments", "call", "evidence", "counterexample", "printed", "result",
    "question", "found", "missing", "reading", "notes",
)  # fmt: skip
_SENTENCE_CHARACTERS = 1000
_VALUE_CHARACTERS = 4000
_ARGUMENT_CHARACTERS = 300
_EVIDENCE_SHOWN = 2


@dataclass(frozen=True)
class Code:
    """Source, shown as it is; `uncertain` are stretches that the model was not sure of."""

    source: str
    uncertain: tuple[tuple[int, int], ...] = ()


class Screen:
    """Standard output, or another stream."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self.coloured = is_fancy(self._stream)
        self.width: int | None = None
        if self._stream.isatty():
            self.width = max(40, min(100, shutil.get_terminal_size().columns))

    def outcome(self, outcome: Outcome, request: Request) -> None:
        """Show an outcome."""
        self.show(_View(outcome, request, self.width, marked=self.coloured).lines())

    def result(self, result: Result, language: Language) -> None:
        """Show a result alone."""
        label_width = _label_width(language)
        self.show(_result_lines(result, language, self.width, label_width))

    def line(self, *pieces: Piece | str) -> None:
        """Show one line, broken where it must be."""
        styled = [(piece, "") if isinstance(piece, str) else piece for piece in pieces]
        self.show(wrapped(styled, self.width))

    def show(self, lines: Sequence[Line | Code]) -> None:
        """Write lines; a reader that went away is not an error of ours."""
        if self.coloured:
            self._paint(lines)
        else:
            for line in lines:
                if isinstance(line, Code):
                    source = visible(line.source).rstrip("\n")
                    text = "\n".join(f"    {each}".rstrip() for each in source.split("\n"))
                else:
                    text = text_of([(visible(words), style) for words, style in line])
                self._stream.write(f"{text}\n")
        self._stream.flush()

    def _paint(self, lines: Sequence[Line | Code]) -> None:
        from rich.console import Console
        from rich.padding import Padding
        from rich.text import Text

        console = Console(
            file=self._stream, highlight=False, markup=False, emoji=False, soft_wrap=False
        )
        for line in lines:
            if isinstance(line, Code):
                console.print(Padding(_painted(line), (0, 0, 0, 4), expand=False))
                continue
            text = Text(no_wrap=True, overflow="ignore", end="")
            for words, style in line:
                text.append(visible(words), _style(style))
            console.print(text, no_wrap=True, overflow="ignore", crop=False)


def verdict_said(function: Function, language: Language) -> str:
    """The verdict and what it rests on, from the evidence alone."""
    passed = sum(each.kind == "example" and each.passed is not False for each in function.evidence)
    agreeing = [each for each in function.evidence if each.kind == "agreement"]
    versions = max((each.candidates or 0 for each in agreeing), default=0)
    return say(
        language,
        function.verdict,
        examples=say(language, "examples", count=passed)
        if passed
        else say(language, "examples_all"),
        versions=say(language, "versions", count=versions)
        if versions
        else say(language, "versions_some"),
        inputs=say(language, "inputs", count=len(agreeing))
        if len(agreeing) > 1
        else say(language, "inputs_some"),
    )


def highlighted(source: str) -> Text:
    """Python source in the terminal's own colours."""
    from rich.syntax import Syntax

    syntax = Syntax(source, "python", theme="ansi_dark", background_color="default")
    text = syntax.highlight(source)
    text.rstrip()
    return text


def spoken(value: Any) -> str:
    """A JSON value as Python writes it."""
    try:
        said = repr(value)
    except (RecursionError, ValueError):  # an int with more digits than Python prints
        said = "…"
    return said


_FLOAT_OR_TEXT = re.compile(
    r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|(?<![\w.])(?P<float>[0-9]+\.[0-9]{5,}(?:e-?[0-9]+)?)(?![\w.])""",
    re.DOTALL,
)
_NOISE_ULPS = 16


def without_noise(said: str) -> str:
    """Python's words for a value, its floats without what only binary arithmetic adds.

    >>> without_noise("[43.800000000000004, 0.1234567890123456, '0.30000000000000004']")
    "[43.8, 0.1234567890123456, '0.30000000000000004']"
    """
    return _FLOAT_OR_TEXT.sub(_rounded, said)


def _rounded(match: re.Match[str]) -> str:
    if match["float"] is None:
        return match[0]
    number = float(match["float"])
    rounded = float(f"{number:.12g}")
    noise = abs(number - rounded) <= _NOISE_ULPS * math.ulp(number)
    return repr(rounded) if noise and not number.is_integer() else match[0]


def shortened(text: str, at_most: int) -> str:
    return text if len(text) <= at_most else f"{text[:at_most]}…"


def came_from(name: str, value: Any, outcome: Outcome, request: Request) -> str:
    """Where an argument without a place in the text came from: a key of `WORDS`."""
    if name in request.inputs:
        return "from_inputs"
    previous = request.previous
    if previous is not None and previous.partial and name in previous.partial:
        return "from_previous"
    function = outcome.function
    properties = function.parameters.get("properties", {}) if function is not None else {}
    schema = properties.get(name)
    if isinstance(schema, Mapping) and "default" in schema and schema["default"] == value:
        return "from_default"
    return "from_sample"


class _View:
    """The lines of one outcome."""

    def __init__(
        self, outcome: Outcome, request: Request, width: int | None, *, marked: bool
    ) -> None:
        self.outcome = outcome
        self.request = request
        self.language: Language = language_of(request.text)
        self.label_width = _label_width(self.language)
        self.width = width
        self.body_width = width - self.label_width - 3 if width is not None else None
        self.marked = marked
        self.names = self._argument_names()

    def lines(self) -> list[Line | Code]:
        outcome = self.outcome
        lines: list[Line | Code] = [[]]
        lines += self._sentence()
        if outcome.error is not None:
            return [*lines, *self._failure(), []]
        if outcome.function is not None and outcome.kind != "none":
            lines += self._function(outcome.function)
        lines += self._kind()
        return [*lines, [], *self._footer(), []]

    def _kind(self) -> list[Line | Code]:
        outcome = self.outcome
        if outcome.kind == "none":
            said: list[Piece] = [(self._say("none"), "value")]
            if outcome.question:
                said = [(outcome.question, "value")]
            hint = wrapped([(self._say("none_hint"), "dim")], self.body_width)
            return [[], *self._part("result", [*wrapped(said, self.body_width), *hint])]
        if outcome.kind == "ask":
            return [*self._asking()]
        lines: list[Line | Code] = []
        for call in outcome.calls:
            lines += self._call(call)
        if outcome.function is not None:
            lines += self._evidence(outcome.function)
        lines += self._readings()
        lines += self._notes()
        if outcome.result is not None:
            lines += self._result(outcome.result)
        elif self.request.mode != "run":
            key = "written_only" if self.request.mode == "function" else "filled_only"
            lines += self._part("result", [[(self._say(key), "dim")]])
        return lines

    # Parts

    def _sentence(self) -> list[Line]:
        """The text, its values marked by colour or by carets."""
        text = self.request.text[:_SENTENCE_CHARACTERS]
        styles = [""] * len(text)
        for call in self.outcome.calls:
            for pointer, spans in call.spans.items():
                number = self.names.index(head_of(pointer))
                for start, end in spans:
                    for place in range(max(0, start), min(end, len(text))):
                        styles[place] = f"span{number}"
        pieces = list(zip(text, styles, strict=True))
        if len(self.request.text) > len(text):
            pieces.append(("…", "dim"))
        rows = wrapped(pieces, self.body_width)
        if not self.marked:
            rows = carets(rows, self.names)
        return self._part("text", rows)

    def _function(self, function: Function) -> list[Line | Code]:
        signature: list[Piece] = [(function.name, "name"), (function.signature, "")]
        body = wrapped([*signature, (f"   {self._say(function.origin)}", "dim")], self.body_width)
        if function.readback:
            body += wrapped([(function.readback, "")], self.body_width)
        reuse = self.outcome.detection.reuse
        if reuse is not None and reuse.decision != "new":
            body += wrapped([(reuse.reason, "dim")], self.body_width)
        if function.written_as is not None:
            same = self._say("same_behaviour", name=function.written_as)
            body += wrapped([(same, "dim")], self.body_width)
        if function.grants:
            granted = self._say("granted", lines=grants(self.language, function.grants))
            body += wrapped([(granted, "bad")], self.body_width)
        lines: list[Line | Code] = [*self._part("function", body)]
        if function.source.strip():
            uncertain = tuple((start, end) for start, end, _ in function.uncertainty)
            lines += [[], Code(function.source.rstrip(), uncertain), []]
        return lines

    def _call(self, call: Call) -> list[Line]:
        if len(self.outcome.calls) > 1:
            given = ", ".join(f"{name}={_short(value)}" for name, value in call.arguments.items())
            said: list[Piece] = [(call.function, "name"), (f"({given})", "")]
            if call.result is not None:
                shown = (
                    value_words(call.result) if call.result.status == "ok" else call.result.status
                )
                said.append((f" → {shortened(shown, _ARGUMENT_CHARACTERS)}", "bold"))
            return self._part("call", wrapped(said, self.body_width))
        rows: list[Line] = []
        known = self.outcome.function is not None or not call.function
        if not known:
            rows.append([(call.function, "name")])
        widest = max((cells(_assigned(*each)) for each in call.arguments.items()), default=0)
        for name, value in call.arguments.items():
            if isinstance(value, dict) and value.get("$ref") == f"/inputs/{name}":
                said = [(name, f"name{self._number(name)}"), ("   ← ", "dim")]
                rows += wrapped([*said, (self._handed(name), "dim")], self.body_width)
                continue
            said = [(name, f"name{self._number(name)}"), (f" = {_short(value)}", "")]
            gap = " " * max(0, min(widest, 30) - cells(_assigned(name, value)))
            said.append((f"{gap}   ← {self._source(call, name, value)}", "dim"))
            rows += wrapped(said, self.body_width)
        return self._part("arguments", rows)

    def _handed(self, name: str) -> str:
        """What was handed in as an input: its file, or that it was."""
        value = self.request.inputs.get(name)
        path = (
            value.get("path")
            if isinstance(value, Mapping) and set(value) <= {"path", "sheet"}
            else None
        )
        return str(path) if path else self._say("from_inputs", name=name)

    def _source(self, call: Call, name: str, value: Any) -> str:
        """Where an argument came from, in words."""
        spans = sorted(
            span
            for pointer, found in call.spans.items()
            if head_of(pointer) == name
            for span in found
        )
        if spans:
            quotes = [shortened(self.request.text[start:end], 60) for start, end in spans[:6]]
            more = " …" if len(spans) > 6 else ""
            return " ".join(self._say("from_text", words=quote) for quote in quotes) + more
        return self._say(came_from(name, value, self.outcome, self.request), name=name)

    def _evidence(self, function: Function) -> list[Line]:
        body = wrapped([(verdict_said(function, self.language), "verdict")], self.body_width)
        for fact in [each for each in function.evidence if each.call][:_EVIDENCE_SHOWN]:
            got = fact.got if fact.got is not None else fact.expected
            said = f"{fact.call} → {without_noise(got)}" if got is not None else str(fact.call)
            body += wrapped([(shortened(said, _ARGUMENT_CHARACTERS), "dim")], self.body_width)
        lines = self._part("evidence", body)
        if function.counterexamples:
            count = self._say("counterexamples", count=len(function.counterexamples))
            one = function.counterexamples[0]
            first = shortened(str(one.get("question") or _compact(one)), _ARGUMENT_CHARACTERS)
            doubt = wrapped([(count, "bad"), (f"  {first}", "dim")], self.body_width)
            lines += self._part("counterexample", doubt)
        return lines

    def _asking(self) -> list[Line]:
        outcome = self.outcome
        lines: list[Line] = []
        if outcome.partial:
            found = [[(_assigned(name, value), "")] for name, value in outcome.partial.items()]
            lines += self._part("found", found)
        if outcome.missing:
            lines += self._part("missing", [[(", ".join(outcome.missing), "name")]])
        asked = wrapped([(outcome.question or "?", "value")], self.body_width)
        hint = wrapped([(self._say("ask_hint"), "dim")], self.body_width)
        return [*lines, [], *self._part("question", [*asked, *hint])]

    def _notes(self) -> list[Line]:
        """How files that were handed in were read."""
        body = [
            row for said in self.outcome.notes for row in wrapped([(said, "dim")], self.body_width)
        ]
        return self._part("notes", body) if body else []

    def _result(self, result: Result) -> list[Line]:
        if result.status == "ok" and over_data(self.outcome):
            table = answer_table(result.value, self.language, self.body_width)
            if table is not None and not result.is_figure:
                return [[], *self._part("result", table)]
        return _result_lines(result, self.language, self.width, self.label_width)

    def _readings(self) -> list[Line]:
        lines: list[Line] = []
        for reading in self.outcome.readings[:3]:
            said = shortened(_compact(reading), _ARGUMENT_CHARACTERS)
            lines += self._part("reading", wrapped([(said, "dim")], self.body_width))
        return lines

    def _failure(self) -> list[Line]:
        failure = self.outcome.error
        assert failure is not None
        body = wrapped([(failure.message, "bad")], self.body_width)
        if failure.hint:
            body += wrapped([(failure.hint, "dim")], self.body_width)
        return self._part("result", body)

    def _footer(self) -> list[Line]:
        """What it cost and where it ran."""
        outcome, say_ = self.outcome, self._say
        cost, seconds = outcome.cost, outcome.seconds
        used = [outcome.model or ""] if cost.model_calls else [say_("no_model")]
        if cost.escalated_to:
            used[0] += f" → {cost.escalated_to}"
            if cost.escalation in ("no_better", "failed"):
                used[0] += f" ({say_(cost.escalation)})"
        if cost.model_calls:
            used.append(say_("model_calls", count=cost.model_calls))
        if cost.model_calls_avoided:
            used.append(say_("avoided", count=cost.model_calls_avoided))
        if outcome.tokens.prompt or outcome.tokens.generated:
            tokens = outcome.tokens
            used.append(say_("tokens", prompt=tokens.prompt, generated=tokens.generated))
        took = {"detect": seconds.detect, "generate": seconds.generate, "execute": seconds.execute}
        used += [
            say_("seconds", name=say_(stage), seconds=f"{spent:.1f}")
            for stage, spent in took.items()
            if spent >= 0.05
        ]
        isolation = outcome.result.isolation if outcome.result is not None else None
        if isolation is not None:
            used.append(say_("isolation", kind=isolation.kind))
        rows = [""]
        for each in filter(None, used):
            joined = f"{rows[-1]} · {each}" if rows[-1] else each
            if rows[-1] and self.width is not None and cells(joined) > self.width - 3:
                rows.append(each)
            else:
                rows[-1] = joined
        return [[("  ", ""), (row, "dim")] for row in rows]

    # Small things

    def _say(self, key: str, **values: object) -> str:
        return say(self.language, key, **values)

    def _part(self, key: str, body: Sequence[Line]) -> list[Line]:
        return columns(self._say(key), body, label_width=self.label_width)

    def _argument_names(self) -> list[str]:
        """Every argument's name, in order: the number of its colour."""
        names: dict[str, None] = {}
        for call in self.outcome.calls:
            names |= dict.fromkeys(call.arguments)
            names |= dict.fromkeys(map(head_of, call.spans))
        return list(names)

    def _number(self, name: str) -> int:
        return self.names.index(name)


def _result_lines(
    result: Result, language: Language, width: int | None, label_width: int
) -> list[Line]:
    body_width = width - label_width - 3 if width is not None else None
    lines: list[Line] = []
    if result.stdout:
        stdout = _cut(printed(result.stdout).rstrip("\n"), width, language)
        body = wrapped([(stdout, "")], body_width)
        lines += columns(say(language, "printed"), body, label_width=label_width)
    if result.status == "ok":
        said = [(_cut(value_words(result), width, language), "value")]
        if note := _exactly(result):
            said.append((f"   {shortened(note, _ARGUMENT_CHARACTERS)}", "dim"))
    else:
        error = printed(result.error or "")
        if result.status in ("timeout", "memory", "output", "not_run") and error:
            error = f"：{error}" if language == "zh" else f": {error}"
        said = [(say(language, result.status, error=error), "bad")]
    body = wrapped(said, body_width)
    return [*lines, [], *columns(say(language, "result"), body, label_width=label_width)]


def value_words(result: Result) -> str:
    """The value as people read it."""
    value = result.value
    if isinstance(value, str) and not result.is_figure:
        return value or "''"
    if isinstance(value, (bool, int, float)):
        return without_noise(spoken(value))
    return without_noise(result.repr if result.repr is not None else spoken(value))


def _exactly(result: Result) -> str:
    """What Python said, where the value as shown is not all of it."""
    plain = isinstance(result.value, (str, int, float)) and not result.is_figure
    lost = result.typed is not None and plain
    return result.repr or "" if lost and result.repr != spoken(result.value) else ""


def _cut(text: str, width: int | None, language: Language) -> str:
    """A terminal is not flooded; a file gets all of it."""
    if width is None or len(text) <= _VALUE_CHARACTERS:
        return text
    more = say(language, "cut", count=len(text) - _VALUE_CHARACTERS)
    return f"{text[:_VALUE_CHARACTERS]}\n{more}"


def _assigned(name: str, value: Any) -> str:
    return f"{name} = {_short(value)}"


def _short(value: Any) -> str:
    return shortened(spoken(value), _ARGUMENT_CHARACTERS)


def _compact(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return str(value)


def head_of(pointer: str) -> str:
    """The argument that a JSON Pointer leads into."""
    return pointer.removeprefix("/").partition("/")[0].replace("~1", "/").replace("~0", "~")


def _label_width(language: Language) -> int:
    return max(cells(say(language, part)) for part in _PARTS) + 2


def _painted(code: Code) -> Text:
    source = visible(code.source)
    text = highlighted(source)
    text.no_wrap, text.overflow = False, "fold"
    if source == code.source:
        for start, end in code.uncertain:
            text.stylize("underline", start, end)
    return text


_SPANS = ("cyan", "magenta", "yellow", "green", "blue", "red")
_STYLES = {
    "": "",
    "label": "dim",
    "dim": "dim",
    "bold": "bold",
    "name": "bold cyan",
    "verdict": "yellow",
    "value": "bold green",
    "bad": "bold red",
}


def _style(name: str) -> str:
    for prefix, more in (("span", "bold underline"), ("name", "bold")):
        if name.startswith(prefix) and name[len(prefix) :].isdigit():
            return f"{more} {_SPANS[int(name[len(prefix) :]) % len(_SPANS)]}"
    return _STYLES[name]
