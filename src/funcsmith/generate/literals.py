"""Literals where they stand in a text: what Python and JSON write, with Chinese marks as well.

Strict, unlike the readers' lists: a word without quotes is no value, a tuple stays a tuple, and
what is not read to its end is not read. Nothing is evaluated; depth, length and work are bounded.
"""

from __future__ import annotations

import datetime
import decimal
import fractions
import math
import re
from typing import Any


class NotRead(Exception):
    """No literal stands here."""


NOT_READ: Any = object()

_DEEPEST = 30
_WORK = 1_000_000
"""Characters looked at in one text, all attempts together."""


class Literals:
    """A reader over a text and its folded form (as long, half-width, simplified)."""

    def __init__(self, text: str, folded: str) -> None:
        self.text, self.folded = text, folded
        self._left = _WORK

    def read(self, at: int, depth: int = 0, *, prose: bool = False) -> tuple[Any, int]:
        """The literal that begins at `at`, and where it ends; raises `NotRead`.

        In `prose` a comma may belong to a number: what "1,234" means there is not known.
        """
        self._spend(1)
        char = self.folded[at : at + 1]
        if depth > _DEEPEST or not char:
            raise NotRead
        if char in _CLOSING:
            return self._bracket(at, depth)
        if char in _QUOTES:
            return self._string(at)
        number = _NUMBER.match(self.folded, at)
        if number:
            return self._number(number, inside=depth > 0, prose=prose)
        word = _WORD.match(self.folded, at)
        if word is None:
            raise NotRead
        if word.group() in _CONSTANTS:
            return _CONSTANTS[word.group()], word.end()
        if word.group() in ("r", "b") and self.folded[word.end() : word.end() + 1] in ("'", '"'):
            said, end = self._string(word.end(), raw=word.group() == "r")
            return (said if word.group() == "r" else _bytes(said)), end
        make = _MAKERS.get(word.group().rpartition(".")[2])
        if make is None or self.folded[word.end() : word.end() + 1] != "(":
            raise NotRead
        values, named, end = self.arguments(word.end() + 1, depth + 1)
        try:
            return make(*values, **named), end
        except (TypeError, ValueError, ArithmeticError):
            raise NotRead from None

    def arguments(self, at: int, depth: int = 0) -> tuple[list[Any], dict[str, Any], int]:
        """What stands between the brackets of a call; `at` is behind the opening one."""
        values: list[Any] = []
        named: dict[str, Any] = {}
        at = self._blank(at)
        while self.folded[at : at + 1] != ")":
            name = _NAMED.match(self.folded, at)
            value, end = self.read(name.end() if name else at, depth + 1)
            if name:
                named[self.text[slice(*name.span("name"))]] = value
            elif named:
                raise NotRead
            else:
                values.append(value)
            at = self._separator(end, ")")
        return values, named, at + 1

    def _bracket(self, at: int, depth: int) -> tuple[Any, int]:
        opening = self.folded[at]
        closing = _CLOSING[opening]
        items: list[Any] = []
        keys: list[Any] = []
        comma = False
        at = self._blank(at + 1)
        while self.folded[at : at + 1] != closing:
            value, end = self.read(at, depth + 1)
            colon = self._blank(end)
            if opening == "{" and self.folded[colon : colon + 1] in (":", "："):
                keys.append(value)
                value, end = self.read(self._blank(colon + 1), depth + 1)
            items.append(value)
            at = self._separator(end, closing)
            comma = self.folded[end:at].strip() != ""
        at += 1
        if opening == "(":
            return (items[0] if len(items) == 1 and not comma else tuple(items)), at
        if opening != "{":
            return items, at
        if len(keys) not in (0, len(items)):
            raise NotRead
        try:
            made = dict(zip(keys, items, strict=True)) if keys or not items else set(items)
        except TypeError:  # a list as a key
            raise NotRead from None
        return made, at

    def _separator(self, at: int, closing: str) -> int:
        at = self._blank(at)
        char = self.folded[at : at + 1]
        if char == closing:
            return at
        if char not in (",", "，", "、") or not char:
            raise NotRead
        return self._blank(at + 1)

    def _string(self, at: int, *, raw: bool = False) -> tuple[str, int]:
        quote = self.folded[at]
        if self.folded.startswith(quote * 3, at) and quote in "'\"":
            quote, at = quote * 3, at + 2
        closing = _QUOTES.get(quote, quote)
        end = at + 1
        while True:
            end = self.folded.find(closing, end)
            self._spend(max(1, end - at))
            if end < 0 or ("\n" in self.folded[at + 1 : end] and len(closing) == 1):
                raise NotRead
            behind = self.folded[at + 1 : end]
            if closing[0] not in "'\"" or (len(behind) - len(behind.rstrip("\\"))) % 2 == 0:
                break
            end += 1
        said = self.text[at + 1 : end]
        if closing[0] in "'\"" and not raw and "\\" in said:
            said = _ESCAPE.sub(_unescaped, said)
        return said, end + len(closing)

    def _number(self, match: re.Match[str], *, inside: bool, prose: bool) -> tuple[Any, int]:
        said, end = match.group().replace("_", ""), match.end()
        if inside and self.folded[end : end + 1] == "." and said.lstrip("+-").isdigit():
            said, end = f"{said}.0", end + 1
        if len(said) > 400 or _NUMBER_GOES_ON.match(self.folded, end):
            raise NotRead
        if prose and _GROUPED.match(self.folded, match.start()):
            raise NotRead
        digits = said.lstrip("+-")
        try:
            if digits[:2].lower() in ("0x", "0b", "0o"):
                return int(said, 0), end
            if digits.isdigit():
                return int(said), end
            value = float(said)
        except ValueError:
            raise NotRead from None
        if not math.isfinite(value):
            raise NotRead
        return value, end

    def _blank(self, at: int) -> int:
        match = _BLANK.match(self.folded, at)
        end = match.end() if match else at
        self._spend(end - at)
        return end

    def _spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise NotRead


def _unescaped(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "xuU" and len(code) > 1:
        point = int(code[1:], 16)
        return chr(point) if point < 0x110000 else match.group()
    return _ESCAPES.get(code, match.group())


def _bytes(said: str) -> bytes:
    try:
        return said.encode("latin-1")
    except UnicodeEncodeError:
        raise NotRead from None


def _float(said: str | float = 0.0) -> float:
    return float(said) if not isinstance(said, str) or len(said) < 400 else math.nan


def _fraction(numerator: Any = 0, denominator: Any = 1) -> fractions.Fraction:
    # From a string "1e999999999" would be written out.
    if not isinstance(numerator, int) or not isinstance(denominator, int):
        raise TypeError
    return fractions.Fraction(numerator, denominator)


_CLOSING = {"[": "]", "(": ")", "{": "}", "【": "】"}
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』"}
_CONSTANTS: dict[str, Any] = {
    "True": True, "true": True, "False": False, "false": False, "None": None, "null": None,
}  # fmt: skip
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "0": "\0",
    "\\": "\\", "'": "'", '"': '"', "/": "/", "\n": "",
}  # fmt: skip
_MAKERS: dict[str, Any] = {
    "set": set, "frozenset": frozenset, "list": list, "tuple": tuple, "dict": dict,
    "float": _float, "Decimal": decimal.Decimal, "Fraction": _fraction,
    "date": datetime.date, "datetime": datetime.datetime, "time": datetime.time,
    "timedelta": datetime.timedelta,
}  # fmt: skip
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+"
    r"|(?:0|[1-9][0-9]*(?:_[0-9]+)*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?|\.[0-9]+)"
)
# 50%, 2024-01-02, 3:30, 1.2.3, 1/2, 3km, 3×4 and 5+1 are more than their first number.
_NUMBER_GOES_ON = re.compile(
    r"[A-Za-z0-9_%‰°℃℉]|[.\-/:^~][0-9]|[ \t]*[×÷*/^+][ \t]*[0-9(]|[ \t]+-[ \t]*[0-9]"
)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])")
_WORD = re.compile(r"(?<![\w.])[A-Za-z]{1,30}(?:\.[A-Za-z]{1,30}){0,3}(?!\w)")
_NAMED = re.compile(r"(?P<name>[^\W\d]\w{0,80})[ \t]*=(?!=)\s*")
_BLANK = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
