"""Choices: which allowed value, yes or no, the words of a text mean, and where they say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..readers import Value, evidence, read
from ..readers.names import words_of

Span = tuple[int, int]


def only_member_in(text: str, schema: dict[str, Any]) -> tuple[Any, Span] | None:
    """The one allowed value that the text has as a word, with its place; None where none or more."""
    found = [
        (one, match.span())
        for one in schema.get("enum", [])
        if str(one).strip()
        for match in re.finditer(rf"(?<!\w){re.escape(str(one))}(?!\w)", text, re.IGNORECASE)
    ]
    return found[0] if len(found) == 1 else None


_REVERSED = re.compile(
    r"(?:^|[_\W])(?:no|non|not|without|free|skip|exclude|drop|remove|disable|off)(?:$|[_\W])"
)
_TAKES_AWAY = re.compile(
    r"不|没|無|无|别|免|去掉|去除|除去|\b(?:no|not|without|don'?t|doesn'?t|isn'?t|never|skip|free|drop|"
    r"exclude|remove|leave out|except|off)\b",
    re.IGNORECASE,
)


def member_of(name: str, schema: dict[str, Any], words: str, member: Any) -> Any:
    """The member that quoted words mean, where their own wording decides it.

    A member's own name decides among members, a not between yes and no.
    """
    low = words.lower()
    if isinstance(member, bool):
        parts = "_".join(words_of(name))
        turned = bool(_REVERSED.search(parts))
        bare = _REVERSED.sub("_", parts)
        about = concept(bare, str(schema.get("description", "")))
        if turned or any(word in low for word in about):
            return bool(_TAKES_AWAY.search(low)) is turned
        return member
    listed = [
        one
        for one in schema.get("enum", [])
        if re.search(rf"(?<![a-z0-9]){re.escape(str(one).lower())}(?![a-z0-9])", low)
    ]
    listed = listed or [
        one for one in schema.get("enum", []) if named(words, schema, one, [], None)
    ]
    return listed[0] if len(listed) == 1 else member


POINTS = re.compile(
    r"(?:in |over |right )?(?:there|here|it|that|this|them|one|yes|no|ok|please)|[那这][里儿边个些]?|是|好|行|它",
    re.IGNORECASE,
)
"""Words that only point, and name nothing."""
_NEGATIONS = re.compile(
    r"不|没|無|无|別|别|免|非|勿|未|\b(no|not|without|don'?t|doesn'?t|isn'?t|never|skip|exclude|excluding|"
    r"except|non)\b",
    re.IGNORECASE,
)


def meant(
    text: str, name: str, schema: dict[str, Any], value: bool, values: Sequence[Value]
) -> tuple[Span, ...]:
    """Where the text says that a yes-or-no parameter is so: by its words, with or without a not."""
    words = concept(name, str(schema.get("description", "")))
    for reading in values:
        if reading.kind != "boolean" or reading.value is not value:
            continue
        said = reading.text.lower()
        if any(word in said for word in words):
            return ((reading.start, reading.end),)
    low = text.lower()
    for word in words:
        at = low.find(word)
        if at < 0:
            continue
        before = low[max(0, at - (4 if word[0] > "\u2e80" else 14)) : at]
        negated = bool(_NEGATIONS.search(before))
        if negated is not value:
            return ((at, at + len(word)),)
    return ()


def concept(name: str, description: str) -> list[str]:
    """The words that speak of a parameter, in both languages, longest first."""
    from ..library.lexicon import translations
    from ..library.terms import terms

    said = re.sub(r"[_\-.]", " ", name)
    said = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", said)
    stop = {
        "is",
        "has",
        "with",
        "include",
        "included",
        "includes",
        "need",
        "needs",
        "use",
        "the",
        "是否",
        "or",
        "if",
    }
    found: set[str] = set()
    for part in (
        said,
        re.sub(
            r"是否|含有?|需要|whether|include[sd]?|true|false",
            " ",
            description,
            flags=re.IGNORECASE,
        ),
    ):
        for term in [*terms(part), *translations(part)]:
            if len(term) >= 2 and term not in stop:
                found.add(term)
    found |= {w.lower() for w in said.split() if len(w) > 2 and w.lower() not in stop}
    return sorted(found, key=lambda w: (-len(w), w))


def named(
    text: str,
    schema: dict[str, Any],
    value: Any,
    values: Sequence[Value],
    now: datetime | None,
) -> tuple[Span, ...]:
    """Where the text names one of a parameter's allowed values, in its own or other words."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # The "a" before a noun is one of it, and no member that is called 1.
        values = [v for v in values or read(text, now=now) if v.note != "article"]
    found = evidence(text, value, now=now, values=values)
    if found:
        return (found[0],)
    low = text.lower()
    for word in _aliases(str(value), str(schema.get("description", "")), schema.get("enum", [])):
        at = low.find(word.lower())
        if at >= 0:
            return ((at, at + len(word)),)
    for word in concept(str(value), ""):
        at = low.find(word)
        if at >= 0:
            return ((at, at + len(word)),)
    return ()


def _aliases(value: str, description: str, listed: Sequence[Any]) -> list[str]:
    """The words that a description puts beside an allowed value: "dental" 牙科，"eye" 眼科."""
    quoted = re.escape(value)
    found = re.search(
        rf"[\"'“‘`]?\b{quoted}\b[\"'”’`]?\s*[:：=（(是为表示]*\s*([^,，;；。/、\"'“]+)", description
    )
    words: list[str] = []
    if found:
        words.append(found.group(1).strip(" ）)\"'"))
    before = re.search(rf"([\u4e00-\u9fff]+)\s*[（(:：=]?\s*[\"'“‘`]?{quoted}\b", description)
    if before:
        words.append(before.group(1))
    return [w for w in words if 1 <= len(w) <= 20 and w not in map(str, listed)]


__all__ = ["POINTS", "concept", "meant", "member_of", "named", "only_member_in"]
