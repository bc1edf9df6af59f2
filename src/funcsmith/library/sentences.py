"""When two texts are the same text, and where a text fits a template.

Two texts are the same if they differ only in width (ＡＢ/AB), in the case of longer ASCII words,
in spaces that carry nothing, in final punctuation and in politeness. Nothing that may change a
result is forgotten: short words keep their case (5 Mb is not 5 MB), quoted stretches stay as they
are, `x²` is not `x2`, `5!` is not `5`, and a line break is not a space.

A template is a text whose values are replaced by `{name}`. It fits a new text if every fixed part
stands there in order and each value is a short stretch without the end of a sentence in it. What
the values mean is read by others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT_LIMIT = 4_000
"""Longer texts are compared whole, but never against templates."""
VALUE_LIMIT = 60
FIXED_WEIGHT = 4
"""What the fixed parts of a template must carry: a letter counts 1, a Chinese character 2."""
ANCHOR = 4

_OPENERS = (
    "麻烦你 麻烦您 麻烦 劳驾 请问一下 请问 请你 请您 请帮我 请帮忙 请 帮我 帮忙 帮我们 你好 您好 "
    "能不能 能否 可否 可以 你能 您能"
).split()
_OPENERS_EN = ("could you", "can you", "would you", "will you", "please", "kindly", "pls", "hi")
_CLOSERS = ("谢谢你", "谢谢您", "谢谢", "多谢", "thank you", "thanks", "please", "pls")
_QUOTES = {'"': '"', "“": "”", "‘": "’", "「": "」", "『": "』", "«": "»", "`": "`", "'": "'"}
_FINAL = frozenset(".。?;…~!,、 \n")
_SENTENCE_END = frozenset("。！？!?；;\n\r")
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^\W\d]\w*)\}")
_MARK = 0xF0000
_UNINFORMATIVE = frozenset("的了呢吗是在和与把")
_NUMBERS = re.compile(r"\s*[-+]?[\d.]+\s*(?:[,，]\s*[-+]?[\d.]+\s*)+")
_BRACKETS = {"[": "]", "(": ")", "{": "}", "【": "】", "（": "）", **_QUOTES}


def normalised(text: str) -> str:
    """What stays of a text when all that carries nothing is taken away.

    >>> normalised("请计算 １０ 的阶乘。") == normalised("计算10的阶乘")
    True
    """
    return _folded(text).text


def same_values(old: str, new: str, arguments: Any) -> bool:
    """Whether text values taken from the old text stand in the new one just the same.

    Normalising forgets case and width; a value that is text must not be changed by that.
    """
    for value in _strings(arguments):
        if old.count(value) != new.count(value):
            return False
        if value and old.rstrip().endswith(value) and not new.rstrip().endswith(value):
            return False
    return True


def template_of(text: str, spans: Mapping[str, tuple[int, int]]) -> str:
    """The template of a text: each span (in code points) replaced by its name.

    >>> template_of("500 毫升的 4% 盐水", {"volume": (0, 3), "percent": (8, 9)})
    '{volume} 毫升的 {percent}% 盐水'
    """
    parts: list[str] = []
    last = 0
    for name, (start, end) in sorted(spans.items(), key=lambda item: item[1]):
        if start < last:
            raise ValueError(f"the span of {name} overlaps another")
        parts += [_escaped(text[last:start]), "{", name, "}"]
        last = end
    return "".join([*parts, _escaped(text[last:])])


@dataclass(frozen=True)
class Template:
    """A text with `{name}` where its values stood, ready to be compared."""

    names: tuple[str, ...]
    fixed: tuple[str, ...]
    """One more than names: what stands before, between and after the values."""

    @property
    def weight(self) -> int:
        """How much the fixed parts say."""
        return sum(_weight(part) for part in self.fixed)

    @property
    def anchor(self) -> str:
        """A few characters that every text that fits must contain."""
        return max(self.fixed, key=_weight).strip()[:ANCHOR]

    def match(self, text: str) -> dict[str, tuple[int, int]] | None:
        """Where each value stands in the text, or None if the text does not fit."""
        return _match(self, text, _folded(text)) if len(text) <= TEXT_LIMIT else None


def template(written: str) -> Template | None:
    """Read a template; None if it has no value or too little that is fixed."""
    if len(written) > TEXT_LIMIT or any(_MARK <= ord(c) < _MARK + 0xFFFE for c in written):
        return None
    names: list[str] = []

    def mark(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        names.append(found[1])
        return chr(_MARK + len(names) - 1)

    folded = _folded(_PLACEHOLDER.sub(mark, written)).text
    parts = re.split(f"[{chr(_MARK)}-{chr(_MARK + 0xFFFD)}]", folded)
    if not names or len(parts) != len(names) + 1 or "" in map(str.strip, parts[1:-1]):
        return None
    result = Template(tuple(names), tuple(part.strip(" ") for part in parts))
    return result if result.weight >= FIXED_WEIGHT else None


def anchors(text: str) -> set[str]:
    """Every anchor that a template fitting this text can have."""
    folded = _folded(text).text if len(text) <= TEXT_LIMIT else ""
    return {folded[i : i + n] for n in range(1, ANCHOR + 1) for i in range(len(folded) - n + 1)}


@dataclass(frozen=True)
class _Folded:
    text: str
    places: list[int]
    """For each character its place in the text as given."""
    quoted: list[bool]


def _folded(text: str) -> _Folded:
    characters, places, quoted = _characters(text)
    count = len(characters)
    kept: list[int] = []
    for i, character in enumerate(characters):
        if character == " " and not quoted[i]:
            before = characters[kept[-1]] if kept else ""
            after = characters[i + 1] if i + 1 < count else ""
            if before in ("", " ", "\n") or after in ("", " ", "\n"):
                continue
            if _joins(before, after):
                continue
        elif character == "\n" and not quoted[i] and kept and characters[kept[-1]] == "\n":
            continue
        kept.append(i)
    text = _lowered("".join(characters[i] for i in kept), [quoted[i] for i in kept])
    start, end = _core(text)
    kept = kept[start:end]
    return _Folded(text[start:end], [places[i] for i in kept], [quoted[i] for i in kept])


def _characters(text: str) -> tuple[list[str], list[int], list[bool]]:
    """Each character with its place: width folded and composed outside quotes."""
    inside = _quoted(text)
    characters: list[str] = []
    places: list[int] = []
    quoted: list[bool] = []
    i = 0
    while i < len(text):
        end = i + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = text[i:end]
        if end - i > 1:
            cluster = unicodedata.normalize("NFC", cluster)
        elif not inside[i]:
            cluster = _narrow(cluster)
        for character in cluster:
            characters.append(character)
            places.append(i)
            quoted.append(inside[i])
        i = end
    return characters, places, quoted


def _narrow(character: str) -> str:
    if character < "\x7f":
        return " " if character in "\t\x0b\x0c" else "\n" if character == "\r" else character
    if "！" <= character <= "～":
        return chr(ord(character) - 0xFEE0)
    if character.isspace():
        return "\n" if character in "\x85\u2028\u2029" else " "
    # Invisible marks (zero width, direction, byte order) say nothing.
    return "" if unicodedata.category(character) in ("Cf", "Cc") else character


def _quoted(text: str) -> list[bool]:
    inside = [False] * len(text)
    ends = {quote: text.rfind(quote) for quote in set(_QUOTES.values())}
    i = 0
    while i < len(text):
        close = _QUOTES.get(text[i])
        apostrophe = text[i] == "'" and i > 0 and text[i - 1].isalnum()
        if close and not apostrophe and ends[close] > i:
            end = text.find(close, i + 1)
            inside[i + 1 : end] = [True] * (end - i - 1)
            i = end
        i += 1
    return inside


def _joins(before: str, after: str) -> bool:
    """Whether a space between these two carries nothing: 计算 10 is 计算10, 1 2 is not 12."""
    if _is_chinese(before) != _is_chinese(after):
        return True
    return before in ",:;" and not (before == "," and after.isdigit())


def _is_chinese(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def _lowered(text: str, quoted: list[bool]) -> str:
    pieces: list[str] = []
    last = 0
    for word in re.finditer(r"[A-Za-z]+", text):
        start, end = word.span()
        keep = end - start <= 3 and start > 0
        pieces += [
            text[last:start],
            word[0] if keep or any(quoted[start:end]) else word[0].lower(),
        ]
        last = end
    return "".join([*pieces, text[last:]])


def _core(text: str) -> tuple[int, int]:
    """The stretch that is left without openers, closers and final punctuation."""
    start, end = 0, len(text)
    while True:
        while end > start and _is_final(text, start, end):
            end -= 1
        for closer in _CLOSERS:
            if text.endswith(closer, start, end) and end - start > len(closer):
                before = text[end - len(closer) - 1]
                if not (before.isalnum() and before.isascii()):
                    end -= len(closer)
                    break
        else:
            break
    while start < end:
        if text[start] in " \n,":
            start += 1
            continue
        opener = next((o for o in _OPENERS if text.startswith(o, start, end)), "")
        if not opener:
            low = text[start : start + 12].lower()
            opener = next((o for o in _OPENERS_EN if re.match(rf"{o}\b", low)), "")
        if not opener or start + len(opener) >= end:
            break
        start += len(opener)
    return start, end


def _is_final(text: str, start: int, end: int) -> bool:
    character = text[end - 1]
    if character == "!":  # the factorial's sign stays
        before = text[max(start, end - 3) : end - 1]
        return bool(before) and (_is_chinese(before[-1]) or (len(before) == 2 and before.isalpha()))
    return character in _FINAL


def _match(wanted: Template, text: str, folded: _Folded) -> dict[str, tuple[int, int]] | None:
    body = folded.text
    if not body.startswith(wanted.fixed[0]):
        return None
    position = len(wanted.fixed[0])
    found: dict[str, tuple[int, int]] = {}
    said: dict[str, str] = {}
    for number, name in enumerate(wanted.names):
        before, after = wanted.fixed[number], wanted.fixed[number + 1]
        last = number == len(wanted.names) - 1
        start = position + (body[position : position + 1] == " ")
        end = _next(body, after, start + 1) if after else len(body)
        if end < 0 or (last and end + len(after) != len(body)):
            return None
        stop = end - (body[end - 1 : end] == " ")
        value = body[start:stop]
        if not _is_value(value, before, after) or said.setdefault(name, value) != value:
            return None
        if _glued(before, value, start == position):
            return None
        span = (folded.places[start], folded.places[stop - 1] + 1)
        while span[1] < len(text) and unicodedata.combining(text[span[1]]):
            span = (span[0], span[1] + 1)
        found.setdefault(name, span)
        position = end + len(after)
    return found


def _next(body: str, part: str, position: int) -> int:
    """Where a fixed part begins next, not in the middle of a word or number."""
    place = body.find(part, position)
    while place >= 0:
        end = place + len(part)
        if not _glued(body[:place], part, True) and not _glued(part, body[end : end + 1], True):
            break
        place = body.find(part, place + 1)
    return place


def _glued(left: str, right: str, adjacent: bool) -> bool:
    if not (adjacent and left and right and left[-1].isascii() and right[0].isascii()):
        return False
    a, b = left[-1], right[0]
    return (a.isalpha() and b.isalpha()) or (a.isdigit() and b.isdigit())


def _is_value(value: str, before: str, after: str) -> bool:
    if not 0 < len(value) <= VALUE_LIMIT or "\n" in value:
        return False
    if any(_weight(part) and _next(value, part, 0) >= 0 for part in (before, after)):
        return False
    if before and after and _QUOTES.get(before[-1]) == after[0]:
        return True
    if len(value) > 1 and _BRACKETS.get(value[0]) == value[-1]:
        return True
    if any(c in _SENTENCE_END for c in value) or re.search(r"\.(\s|$)", value):
        return False
    return not re.search("[,，]", value) or bool(_NUMBERS.fullmatch(value))


def _weight(part: str) -> int:
    return sum(2 if _is_chinese(c) else 1 for c in part if c.isalnum() and c not in _UNINFORMATIVE)


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _strings(item)]
    return []
