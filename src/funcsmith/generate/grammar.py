"""Grammars (GBNF) for calls: only listed functions, only values that the text states.

Fixed text is in the grammar, so the model decides nothing but the values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .form import place_rule
from .kinds import inner_schema, kind_of
from .options import Option

_SEGMENT = re.compile(
    # A sign of money stands apart, so that an amount may be quoted without it.
    r"[$€£¥](?=[0-9])|[A-Za-z0-9_@+#$€£¥\u00c0-\u024f](?:(?:[A-Za-z0-9_@.+\-/:'’&#%$€£¥\u00c0-\u024f]|(?<=[0-9]),(?=[0-9]{3}))*"
    r"[A-Za-z0-9_#%$€£¥+\u00c0-\u024f])?|[^\s\w]|\w"
)
_MOST_SEGMENTS = 400
_LONGEST = 4_000
"""Characters of a text that is quoted word by word."""
RESULT = "result"
"""How a call writes what the call before it gives."""
_EDGE = set("，。！？；：、,.!?;:()（）[]【】{}<>《》「」『』“”‘’\"'`~…—-·")


@dataclass
class Grammar:
    """Rules gathered while a grammar is built."""

    text: str
    rules: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, body: str) -> str:
        self.rules[name] = body
        return name

    def render(self, root: str) -> str:
        """The grammar as GBNF, with what an answer is."""
        rules = {"root": root, **self.rules}
        return "\n".join(f"{name} ::= {body}" for name, body in rules.items()) + "\n"

    def quote(self) -> str:
        """A rule for any run of words of the text, in double quotes."""
        return self.add("quote", f'"\\"" {self.words()} "\\""')

    def words(self) -> str:
        """A rule for any run of words of the text."""
        if "words" in self.rules:
            return "words"
        segments = self._segments()
        if not segments:
            return self.add("words", _FREE)
        starts: list[str] = []
        for index, (start, end) in enumerate(segments):
            piece = self.text[start:end]
            tail = ""
            if index + 1 < len(segments):
                # A quotation may pass over punctuation, but does not end with it.
                follow = self._follow(segments, index, "w")
                tail = f" {follow}" if piece in _EDGE else f" ({follow})?"
            self.add(f"w{index}", literal(piece) + tail)
            if piece not in _EDGE:
                starts.append(f"w{index}")
        return self.add("words", " | ".join(starts))

    def remarks(self) -> str:
        """A rule for runs of words of the text, in their order, with what each is there.

        In their order, since a small model that may go back says the same of one value for ever.
        """
        segments = self._segments()
        if not segments:
            return self.add("remarks", r"[^\n]{1,200}")
        self.add("role", r'" = " [^=,，\n]{1,30}')
        for index, (start, end) in enumerate(segments):
            piece = self.text[start:end]
            ways = []
            if piece not in _EDGE:
                last = index + 1 == len(segments)
                ways.append("role" if last else f'role ((", " | "，") r{index + 1})?')
            if index + 1 < len(segments):
                ways.append(self._follow(segments, index, "q"))
            self.add(f"q{index}", f"{literal(piece)} ({' | '.join(ways)})")
            begins = [f"q{index}"] if piece not in _EDGE else []
            later = [f"r{index + 1}"] if index + 1 < len(segments) else []
            self.add(f"r{index}", " | ".join([*begins, *later]))
        return self.add("remarks", "r0")

    def _follow(self, segments: Sequence[tuple[int, int]], index: int, rule: str) -> str:
        gap = self.text[segments[index][1] : segments[index + 1][0]]
        return (literal(gap) + " " if gap else "") + f"{rule}{index + 1}"

    def _segments(self) -> list[tuple[int, int]]:
        """The words of the text; none where it cannot be quoted word by word."""
        if len(self.text) > _LONGEST:
            return []
        segments = [(m.start(), m.end()) for m in _SEGMENT.finditer(self.text)]
        # A quotation cannot end with punctuation, so what trails the last word is never reached.
        while segments and self.text[slice(*segments[-1])] in _EDGE:
            segments.pop()
        plain = all(c.isprintable() and not "\ud800" <= c <= "\udfff" for c in self.text)
        return segments if plain and len(segments) <= _MOST_SEGMENTS else []


_FORMED = r'"\"" [^"\\\n]{1,300} "\""'
_FREE = r"[^\"\\\n]{1,200}"


def literal(text: str) -> str:
    """A fixed text as GBNF writes it."""
    out = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c == "\n":
            out.append("\\n")
        elif c == "\r":
            out.append("\\r")
        elif c == "\t":
            out.append("\\t")
        elif ord(c) < 32:
            out.append(f"\\x{ord(c):02X}")
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


def written(value: Any) -> str:
    """A value as the call writes it: Python for None, True, False, JSON text for the rest."""
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, list):
        return "[" + ", ".join(written(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(k)}: {written(v)}" for k, v in value.items()) + "}"
    return json.dumps(str(value), ensure_ascii=False)


def stated(text: str, option: Option) -> list[str]:
    """An option as the call may write it: as the parameter wants it, or as the text states it.

    A small model that forgets to convert is set right by the readers.
    """
    if not option.spans or isinstance(option.value, list):
        return [written(option.value)]
    start, end = min(s for s, _ in option.spans), max(e for _, e in option.spans)
    if isinstance(option.value, str):
        ways = (option.value, text[start:end], *option.said)
        return [json.dumps(said, ensure_ascii=False) for said in ways]
    bare = [s for s in (text[start:end], *option.said) if re.fullmatch(_PLAIN_NUMBER, s)]
    return [written(option.value), *bare]


def understood(text: str, option: Option) -> list[str]:
    """All ways of writing an option that are taken for it: also the characters that state it, in quotes.

    A grammar allows no number in quotes, but not every engine keeps to one.
    """
    ways = stated(text, option)
    if not option.spans or isinstance(option.value, str):
        return ways
    start, end = min(s for s, _ in option.spans), max(e for _, e in option.spans)
    return [*ways, *(json.dumps(s, ensure_ascii=False) for s in (text[start:end], *option.said))]


_PLAIN_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,9})?"


def value_rule(
    grammar: Grammar,
    name: str,
    schema: dict[str, Any],
    offered: Sequence[Option] | None,
    *,
    absent: bool = True,
    result: bool = False,
    nested: bool = False,
) -> str:
    """The rule for one parameter's value; with `result` it may be what the call before gives."""
    schema = inner_schema(schema)
    kind = kind_of(schema)
    ways: list[str] = []
    if offered is not None and kind not in ("boolean", "enum"):
        ways = [
            literal(said)
            for said in dict.fromkeys(w for o in offered for w in stated(grammar.text, o))
        ]
        if kind == "array" and offered:
            # Numbers of the text that it does not list as one.
            number = " | ".join(
                literal(written(one)) for one in dict.fromkeys(n for o in offered for n in o.value)
            )
            one = grammar.add(f"{name}n", number)
            ways.append(f'"[" {one} (", " {one}){{0,30}} "]"')
    elif kind == "string" and nested:
        ways = [grammar.quote()]
    elif kind == "string":
        # In the form that the parameter wants; what the text does not have is not believed later.
        shaped = place_rule(str(schema.get("description", "")))
        ways = [shaped or grammar.add("words-in-form", _FORMED)]
    elif kind == "array":
        items = schema.get("items") or {"type": "string"}
        inner = value_rule(grammar, f"{name}i", items, None, absent=False, nested=True)
        ways = [f'"[" {inner} (", " {inner}){{0,30}} "]"']
    elif kind == "object" and schema.get("properties"):
        parts: list[str] = []
        for index, (key, inner_s) in enumerate(schema["properties"].items()):
            inner = value_rule(grammar, f"{name}p{index}", inner_s, None, nested=True)
            lead = ("" if index == 0 else ", ") + written(key) + ": "
            parts.append(f"{literal(lead)} {inner}")
        ways = [f'"{{" {" ".join(parts)} "}}"']
    elif kind == "boolean":
        ways = ['"True"', '"False"']
    elif kind in ("integer", "number"):
        ways = [r'"-"? [0-9]{1,15} ("." [0-9]{1,8})?']
    elif kind == "enum":
        ways = [literal(written(one)) for one in schema.get("enum", [schema.get("const")])]
    else:
        quote = grammar.quote()
        ways = [quote, r'"-"? [0-9]{1,15} ("." [0-9]{1,8})?', '"True"', '"False"']
    if result and kind not in ("boolean", "enum"):
        ways.append(literal(RESULT))
    if absent or not ways:
        ways.append('"None"')
    return grammar.add(name, " | ".join(ways))


def rule_of(name: str) -> str:
    """A rule's name for any name; two names never share one."""
    return f"x{name.encode('utf-8', 'surrogatepass').hex()}"
