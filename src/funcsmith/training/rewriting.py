"""The same text said otherwise, by rule: numerals, full width, courtesy. Values stay the same.

Nothing here knows whether a rewriting is right: each is kept only where the readers find the same
values in it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from ..errors import InputInvalid
from .record import Record

_DIGITS = "零一二三四五六七八九"
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
_BEFORE = {
    "zh": ("请", "麻烦你", "请帮忙", "劳驾，", "你好，", "能不能", "现在"),
    "en": ("Please ", "Hi, ", "Could you help: ", "Hello, ", "Quick one: "),
}
_BEHIND = {
    "zh": ("，谢谢", "，谢谢！", "，麻烦了", "，急用"),
    "en": (" Thanks!", " Thank you.", " Much appreciated."),
}


def rewritten(record: Record) -> Iterator[Record]:
    """The text by each rule that applies, the same every time."""
    if record.kind not in ("parameters", "ask"):
        return
    draw = random.Random(f"rewrite {record.id}")  # noqa: S311 - a sample, not a secret
    for name, rule in _RULES.items():
        said = rule(record, draw)
        if said is None or said == record.text:
            continue
        made = f"{record.made}; {name}" if record.made else name
        # Members keep their words, but not their places.
        spans = _moved(record, said)
        try:
            yield record.but(text=said, spans=spans, made=made)
        except InputInvalid:
            continue


def chinese_numeral(number: int) -> str:
    """A number under a hundred million in Chinese.

    >>> [chinese_numeral(n) for n in (0, 10, 15, 105, 2040, 30500)]
    ['零', '十', '十五', '一百零五', '两千零四十', '三万零五百']
    """
    if number >= 10_000:
        rest = number % 10_000
        head = "两" if number // 10_000 == 2 else chinese_numeral(number // 10_000)
        if not rest:
            return f"{head}万"
        return f"{head}万{'零' if rest < 1000 else ''}{chinese_numeral(rest)}"
    said, gap = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += "零" if gap and said else ""
            said += ("两" if digit == 2 and unit == 1000 else _DIGITS[digit]) + word
            gap = False
        else:
            gap = True
    said = re.sub("^一十", "十", said)
    return said or "零"


def _in_words(record: Record, draw: random.Random) -> str | None:
    """A whole number of the call in words."""
    places = _numbers(record)
    if not places:
        return None
    (start, end), number = draw.choice(places)
    if record.language == "zh":
        said = chinese_numeral(number) if number < 100_000_000 else None
        if said == "二" or (number == 2 and said):
            said = "两"
    else:
        said = _SMALL[number] if number < len(_SMALL) else None
    return record.text[:start] + said + record.text[end:] if said else None


def _full_width(record: Record, draw: random.Random) -> str | None:
    """Digits as Chinese input methods write them."""
    if record.language != "zh" or draw.random() < 0.6:
        return None
    places = _numbers(record)
    said = record.text
    for (start, end), _ in reversed(places):
        wide = "".join(chr(ord(c) + 0xFEE0) for c in said[start:end])
        said = said[:start] + wide + said[end:]
    return said


def _courteous(record: Record, draw: random.Random) -> str | None:
    """With a word before it, or thanks behind it."""
    text = record.text
    if draw.random() < 0.6:
        said = draw.choice(_BEFORE[record.language])
        if (
            text.startswith(("请", "Please", "你好", "Hi", "Hello", "麻烦", "帮"))
            or text[:1] in '「"'
        ):
            return None
        stated = any(start == 0 for spans in record.spans.values() for start, _ in spans)
        small = text[:1].lower() if text[1:2].islower() and not stated else text[:1]
        return f"{said}{small}{text[1:]}"
    end = draw.choice(_BEHIND[record.language])
    if record.language == "zh":
        return None if text.endswith(("？", "?")) else text.rstrip("。.！") + end
    return f"{text}{'' if text[-1:] in '.?!' else '.'}{end}"


def _numbers(record: Record) -> list[tuple[tuple[int, int], int]]:
    """Whole numbers of the call that stand as plain digits, in order, the digits alone."""
    found: list[tuple[tuple[int, int], int]] = []
    for at, spans in record.spans.items():
        value = record.arguments.get(at[1:])
        if isinstance(value, bool) or not isinstance(value, int) or len(spans) != 1:
            continue
        start, end = spans[0]
        digits = re.search(r"(?<![\d.,:/-])\d{1,8}(?![\d.,:/-])", record.text[start:end])
        if digits and int(digits.group()) == value:
            found.append(((start + digits.start(), start + digits.end()), value))
    return sorted(found)


def _moved(record: Record, said: str) -> dict[str, list[tuple[int, int]]]:
    """Spans whose words stand in the new text once; the readers find the others."""
    kept: dict[str, list[tuple[int, int]]] = {}
    for at, spans in record.spans.items():
        words = record.text[slice(*spans[0])] if spans else ""
        if words and said.count(words) == 1:
            place = said.index(words)
            kept[at] = [(place, place + len(words))]
    return kept


_RULES: dict[str, Callable[[Record, random.Random], str | None]] = {
    "numeral": _in_words,
    "full width": _full_width,
    "courtesy": _courteous,
}

__all__ = ["chinese_numeral", "rewritten"]
