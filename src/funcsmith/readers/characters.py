"""Characters in the one form that readers look at; offsets never move.

Every character is folded to exactly one: full-width to half-width, traditional to simplified, odd
spaces to a space. Nothing is composed or decomposed, so an offset in the folded text is an offset
in the text as given.
"""

from __future__ import annotations

import re
from functools import cache

from funcsmith.readers.traditional import SIMPLIFIED, TRADITIONAL


def fold(text: str) -> str:
    """The text in half-width, simplified characters, as long as it was.

    >>> fold("３．５萬　元")
    '3.5万 元'
    """
    if text.isascii():
        return text
    folded = text.translate(_table())
    # A full-width comma separates in Chinese prose; only between full-width digits can it group.
    if "\N{FULLWIDTH COMMA}" in folded:
        folded = _GROUPING_COMMA.sub(
            lambda match: "," if text[match.start() - 1] in _WIDE_DIGITS else match.group(), folded
        )
    return folded


def lower(text: str) -> str:
    """The text in lower case, as long as it was ("İ" would grow and stays)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def is_cjk(char: str) -> bool:
    """Whether the character is a Han character (or 〇)."""
    return "\u4e00" <= char <= "\u9fff" or char == "〇" or "\u3400" <= char <= "\u4dbf"


_WIDE_DIGITS = frozenset("０１２３４５６７８９")
_GROUPING_COMMA = re.compile("(?<=[0-9])，(?=[0-9]{3}(?![0-9]))")


@cache
def _table() -> dict[int, str]:
    table = dict(zip(map(ord, TRADITIONAL), SIMPLIFIED, strict=True))
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    del table[0xFF0C]
    for code in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000):
        table[code] = " "
    for code in (0x2010, 0x2011, 0x2212, 0xFE63):
        table[code] = "-"
    table |= {ord("￥"): "¥", ord("＄"): "$", ord("￡"): "£", ord("﹪"): "%", ord("〜"): "~"}
    table |= {ord("′"): "'", ord("⁄"): "/", ord("圎"): "圆", ord("両"): "两", ord("弐"): "贰"}
    table |= {ord("○"): "〇", ord("週"): "周"}
    return table
