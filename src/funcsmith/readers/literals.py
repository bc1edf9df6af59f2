"""Literals of JSON and Python in a text: lists, tuples, sets and objects, each leaf with its span.

A small reader of our own, since the parsers that exist do not say where a leaf stands. It is
lenient as people are: words without quotes are strings, commas and brackets may be full-width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from funcsmith.readers.numerals import digits
from funcsmith.readers.value import Source, Value

_CLOSING = {"[": "]", "(": ")", "{": "}", "【": "】"}
_DEEPEST = 24
_LONGEST = 50_000


def read_literals(source: Source) -> Iterator[Value]:
    """Every outermost bracketed literal that holds values."""
    text = source.folded
    at = 0
    failures = 0
    for match in re.finditer(r"[\[({【]", text):
        if match.start() < at or failures > 400:
            continue
        try:
            value = _Reader(source).bracket(match.start(), 0)
        except _NotALiteral:
            failures += 1
            continue
        if text[match.start()] in "({【" and not _sure(value, text[match.start()]):
            continue
        at = value.end
        yield value


class _NotALiteral(Exception):
    """What stands here is prose in brackets."""


def _sure(value: Value, opening: str) -> bool:
    # A remark in round brackets is prose: only numbers and quoted strings make a tuple.
    if opening == "{" and value.kind == "object":
        return True
    return len(value.items) > 1 and not any(item.note == "bare" for item in value.items)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.folded

    def bracket(self, start: int, depth: int) -> Value:
        if depth > _DEEPEST:
            raise _NotALiteral
        opening = self.text[start]
        closing = _CLOSING[opening]
        items: list[Value] = []
        keys: list[Any] = []
        at = self._space(start + 1)
        while self.text[at : at + 1] != closing:
            item = self._item(at, depth)
            at = self._space(item.end + (item.note == "quoted" and item.end > item.start))
            if opening == "{" and self.text[at : at + 1] == ":":
                keys.append(item.value)
                item = self._item(self._space(at + 1), depth)
                at = self._space(item.end + (item.note == "quoted" and item.end > item.start))
            items.append(item)
            if self.text[at : at + 1] in (",", "，", "、", ";") and at < len(self.text):
                at = self._space(at + 1)
            elif self.text[at : at + 1] != closing:
                raise _NotALiteral
            if at - start > _LONGEST:
                raise _NotALiteral
        return self._made(start, at + 1, items, keys, opening)

    def _made(
        self, start: int, end: int, items: list[Value], keys: list[Any], opening: str
    ) -> Value:
        if opening == "{" and (keys or not items):
            if len(keys) != len(items):
                raise _NotALiteral
            value = {str(key): item.value for key, item in zip(keys, items, strict=True)}
            return self.source.value("object", value, start, end, items=tuple(items))
        if not items and opening != "[":
            raise _NotALiteral
        values = [item.value for item in items]
        return self.source.value("list", values, start, end, items=tuple(items))

    def _item(self, at: int, depth: int) -> Value:
        char = self.text[at : at + 1]
        if not char:
            raise _NotALiteral
        if char in _CLOSING:
            return self.bracket(at, depth + 1)
        if char in _QUOTES:
            return self._quoted(at, _QUOTES[char])
        number = _number().match(self.text, at)
        if number and (amount := digits(number.group())) is not None:
            whole = number.group().lstrip("+-").isdigit()
            return self.source.value(
                "integer" if whole else "number",
                int(amount) if whole else float(amount),
                *number.span(),
            )
        word = _word().match(self.text, at)
        if word is None:
            raise _NotALiteral
        end = at + len(word.group().rstrip())
        said = self.text[at:end]
        if said in _CONSTANTS:
            kind = "boolean" if _CONSTANTS[said] is not None else "string"
            return self.source.value(kind, _CONSTANTS[said], at, end)  # type: ignore[arg-type]
        return self.source.value("string", self.source.text[at:end], at, end, note="bare")

    def _quoted(self, at: int, closing: str) -> Value:
        end = at + 1
        while self.text[end : end + 1] != closing:
            if end >= len(self.text) or end - at > _LONGEST:
                raise _NotALiteral
            end += 2 if self.text[end] == "\\" else 1
        inside = self.source.text[at + 1 : end]
        if "\\" in inside:
            inside = _escape().sub(_unescaped, inside)
        if end == at + 1:
            return self.source.value("string", "", at, end + 1)
        if end > len(self.text):
            raise _NotALiteral
        return self.source.value("string", inside, at + 1, end, note="quoted")

    def _space(self, at: int) -> int:
        space = _blank().match(self.text, at)
        return space.end() if space else at


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}.get(code, code)


_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』", "«": "»", "`": "`"}
_CONSTANTS: dict[str, Any] = {
    "true": True, "True": True, "false": False, "False": False, "null": None, "None": None,
}  # fmt: skip


@cache
def _number() -> re.Pattern[str]:
    return re.compile(
        r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?(?=\s*[,，、;:\])}】])"
    )


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[^\[\](){}【】,，、;:\"“”「」『』«»`\n]{1,200}")


@cache
def _blank() -> re.Pattern[str]:
    return re.compile(r"\s*")


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
