"""Text that a terminal can be shown: what could steer it or turn the reading order is escaped.

`visible` loses nothing (a character that is not shown as itself is shown as its escape);
`printed` is for what a program printed, whose colours are taken out.
"""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls, but not tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks that turn the reading order
    "\u2028\u2029\u206a-\u206f\ufeff\ufff9-\ufffb"  # separators and marks nobody sees
    "\U000e0000-\U000e0fff"  # tags: a second text inside the text
    "\ud800-\udfff"  # lone surrogates
)
_ESCAPED = re.compile(f"[{_UNSAFE}]")
_ANSI = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[ -/]*[0-Z\\\\^-~]"
)
_CJK = (
    ("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\uff00", "\uffef"), ("\U00020000", "\U0003ffff"),
)  # fmt: skip


def visible(text: str) -> str:
    """The text with every character that a terminal would obey written as its escape."""
    return _ESCAPED.sub(_escape, text)


def printed(text: str) -> str:
    """What a program printed, without its colours and with plain line ends."""
    return visible(_ANSI.sub("", text).replace("\r\n", "\n"))


def visible_json(text: str) -> str:
    """JSON text for a terminal: the same characters are written as JSON escapes."""
    # The unsafe ones can only stand inside strings, where an escape means the same.
    return _ESCAPED.sub(_json_escape, text)


def cells(text: str) -> int:
    """How many columns of a terminal the text takes.

    >>> cells("n 的阶乘")
    8
    """
    return len(text) if text.isascii() else sum(map(_cells, text))


def has_cjk(text: str) -> bool:
    return not text.isascii() and any(a <= c <= b for c in text for a, b in _CJK)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _cells(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1
