"""Which encoding bytes are written in: marks first, then UTF-8, then what Chinese and western files use.

A guess is made only where the text then consists of everyday characters; else the file is refused.
"""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EVERYDAY = 0.85


def encoding_of(content: bytes, *, whole: bool = True) -> str | None:
    """The encoding of a text file's bytes; None where none makes sense of them.

    Without `whole` the last character may be torn.

    >>> encoding_of("地区,销售额".encode("gbk")), encoding_of("地区".encode("utf-16"))
    ('gb18030', 'utf-16')
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    wide = _wide(content)
    if wide is not None:
        return wide
    if b"\0" in content:
        return None
    if _decoded(content, "utf-8", whole) is not None:
        return "utf-8"
    for name, everyday in (("gb18030", _simplified), ("big5", _traditional), ("cp1252", _western)):
        text = _decoded(content, name, whole)
        if text is None:
            continue
        foreign = [c for c in text if c > "\x7f"]
        if foreign and sum(map(everyday, foreign)) >= _EVERYDAY * len(foreign):
            return name
    return None


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its spaces, digits and line ends is zero."""
    some = content[: min(4096, len(content) & ~1)]
    even, odd = some[::2].count(0), some[1::2].count(0)
    for name, here, there in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if here >= 2 and here > 4 * there and here * 10 > len(some):
            text = _decoded(some, name, whole=False)
            if text is not None and all(c.isprintable() or c in "\t\r\n" for c in text):
                return name
    return None


def _decoded(content: bytes, name: str, whole: bool) -> str | None:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        return decoder.decode(content, final=whole)
    except UnicodeDecodeError:
        return None


def _simplified(character: str) -> bool:
    """Whether it is among the 3,755 commonest Chinese characters, or punctuation."""
    written = character.encode("gb18030")
    return (
        len(written) == 2
        and (0xA1 <= written[0] <= 0xA3 or 0xB0 <= written[0] <= 0xD7)
        and (written[1] >= 0xA1)
    )


def _traditional(character: str) -> bool:
    try:
        written = character.encode("big5")
    except UnicodeEncodeError:
        return False
    return len(written) == 2 and 0xA1 <= written[0] <= 0xC6


def _western(character: str) -> bool:
    return character.isalpha() or character in "€£°²³µ–—‘’“”«»§©®…·½¼¾×÷¿¡ \xa0"
