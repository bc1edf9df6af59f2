"""The form in which a parameter's description wants its value: DD/MM/YYYY, "City, State", a code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Literal


@dataclass(frozen=True)
class Form:
    """How a day or a time is written."""

    pattern: str
    """As `datetime.strftime` takes it."""

    @property
    def kind(self) -> Literal["date", "datetime", "time"]:
        """What it writes."""
        if "%H" not in self.pattern:
            return "date"
        return "datetime" if "%d" in self.pattern else "time"

    def written(self, iso: str) -> str:
        """A day, a moment or a time of day, given as ISO text, in this form.

        >>> Form("%d/%m/%Y").written("2024-03-15"), Form("%H:%M").written("2024-03-15T10:05")
        ('15/03/2024', '10:05')
        """
        if re.match(r"\d{1,2}:", iso):
            return time.fromisoformat(iso).strftime(self.pattern)
        return datetime.fromisoformat(iso).strftime(self.pattern)


@lru_cache(256)
def form_of(description: str) -> Form | None:
    """The form that a description names or shows; None where it does neither.

    >>> form_of("day, MM/DD/YYYY").pattern, form_of("start time, e.g. '2024-03-15T10:00:00'").pattern
    ('%m/%d/%Y', '%Y-%m-%dT%H:%M:%S')
    >>> form_of("the day of arrival")
    """
    named = [one for one in _named(description) if _written_of(one)]
    days = [one for one in named if "%d" in one]
    clocks = [one for one in named if "%d" not in one]
    if days and clocks and "%H" not in days[0]:
        # A day and a time of day, each in a form of its own, are one moment.
        together = f"{days[0]} {clocks[0]}"
        return Form(together if named[0] is days[0] else f"{clocks[0]} {days[0]}")
    for found in (*named, *_in_words(description), *_shown(description)):
        if _written_of(found):
            return Form(found)
    if _ISO.search(description) and _CLOCK.search(description):
        return Form("%Y-%m-%dT%H:%M:%S")
    return None


def _written_of(pattern: str) -> bool:
    """Whether a pattern writes a day or an hour."""
    return bool({"%d", "%H"} & set(re.findall("%.", pattern)))


_UNIT = r"(?:YYYY|yyyy|MM|mm|DD|dd|HH|hh|SS|ss|%[YmdHMS])"
_NAMED = re.compile(
    rf"(?<![A-Za-z]){_UNIT}(?:[-/.:年月]?[ ]?(?:T(?=[Hh%]))?{_UNIT}[日]?)+(Z)?(?![A-Za-z])"
)
_PIECE = re.compile(rf"{_UNIT}|[^A-Za-z%]+|[TZ]")


def _named(description: str) -> Iterator[str]:
    for match in _NAMED.finditer(description):
        written, before = "", ""
        for piece in _PIECE.findall(match.group()):
            low = piece.lower()
            if piece.startswith("%"):
                written += piece
            elif low in ("yyyy", "dd", "hh", "ss"):
                written += {"yyyy": "%Y", "dd": "%d", "hh": "%H", "ss": "%S"}[low]
            elif low == "mm":
                # Minutes are written like months; they stand right behind the hour.
                written += "%M" if before in ("hh", "%H") else "%m"
            else:
                written += piece
            if low.isalpha() or piece.startswith("%"):
                before = piece if piece.startswith("%") else low
        yield written


_WORDS = re.compile(r"\b(day|month|year)([-/.])(day|month|year)\2(day|month|year)\b", re.IGNORECASE)


def _in_words(description: str) -> Iterator[str]:
    letters = {"day": "%d", "month": "%m", "year": "%Y"}
    for one, between, two, three in _WORDS.findall(description):
        parts = [letters[word.lower()] for word in (one, two, three)]
        if len(set(parts)) == 3:
            yield between.join(parts)


_EXAMPLE = re.compile(
    r"(?<![\d/.-])(?:(\d{4})([-/.])\d{2}\2\d{2}|(\d{2})([-/.])(\d{2})\4\d{4})"
    r"(?:([T ])\d{2}:\d{2}(:\d{2})?(Z)?)?(?![\d/-])"
)


def _shown(description: str) -> Iterator[str]:
    for match in _EXAMPLE.finditer(description):
        year, dash, first, slash, second, between, seconds, zone = match.groups()
        if year:
            day = f"%Y{dash}%m{dash}%d"
        else:
            # Without a day above twelve nobody can tell, and most who write so put the month first.
            parts = ("%d", "%m") if int(first) > 12 >= int(second) else ("%m", "%d")
            day = f"{parts[0]}{slash}{parts[1]}{slash}%Y"
        clock = f"{between}%H:%M{':%S' if seconds else ''}{zone or ''}" if between else ""
        yield day + clock


_ISO = re.compile(r"ISO[ -]?8601", re.IGNORECASE)
_CLOCK = re.compile(r"date ?(?:and |-)?time|timestamp|datetime|日期时间|时间戳", re.IGNORECASE)

_PLACE = re.compile(r"city,? (?:and |& )?(?:state|country)", re.IGNORECASE)
_WORDS_IN_FORM = re.compile(
    _PLACE.pattern + r"|\b(?:two|three|2|3)[- ]?letter|\bISO[ -]?[0-9]{3,4}|\bIATA\b"
    r"|\b(?:country|language|state|airport|currency|ticker|stock)[ _]?(?:code|symbol)s?\b"
    r"|\bticker\b|\babbr|代码|缩写",
    re.IGNORECASE,
)


def wants_form(description: str) -> bool:
    """Whether a description wants words in a form that the text need not have: a code, "City, State".

    >>> wants_form("where, as City, State"), wants_form("The city")
    (True, False)
    """
    return bool(_WORDS_IN_FORM.search(description))


_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY"
    "|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|ON|QC|BC|AB|MB|SK|NS|NB|UK"
)
_STATE = re.compile(rf",? ({_STATES})(?![A-Za-z])")


def stated_form(
    text: str, place: tuple[int, int], description: str
) -> tuple[str | None, tuple[int, int]]:
    """A place with the state that the text itself has behind it, and where both stand.

    >>> stated_form("in Ann Arbor MI today", (3, 12), "City, State")
    ('Ann Arbor, MI', (3, 15))
    >>> stated_form("in Ann Arbor PM slot", (3, 12), "City, State")
    (None, (3, 12))
    """
    start, end = place
    behind = _STATE.match(text, end) if _PLACE.search(description) else None
    if behind is None:
        return None, place
    return f"{text[start:end]}, {behind[1]}", (start, behind.end())


_SHOWN_PLACE = re.compile(
    r"[A-Z][A-Za-z.]+(?: [A-Z][A-Za-z.]+)*, (?:[A-Z]{2}(?![A-Za-z])|[A-Z][a-z]+)"
)


def place_rule(description: str) -> str | None:
    """The GBNF of a place as a description's own examples have it, «Austin, TX»; None where it has none.

    >>> place_rule("where, such as Austin, TX") is None, place_rule("the city")
    (False, None)
    """
    shown = [one.rpartition(", ")[2] for one in _SHOWN_PLACE.findall(description)]
    coded = [one for one in shown if one.isupper()]
    if not coded:
        return None
    ending = "[A-Z] [A-Z]" if len(coded) == len(shown) else "[A-Z] [A-Za-z ]{1,40}"
    return rf'"\"" [^",\\\n]{{1,60}} ", " {ending} "\""'


def head_of(text: str, written: str) -> str | None:
    """The words of a text that a place, in the form that was wanted, begins with.

    >>> head_of("in ann arbor today", "Ann Arbor, MI"), head_of("in Lyon", "Paris, FR")
    ('ann arbor', None)
    """
    head, comma, _ = written.partition(",")
    if not comma or not head.strip():
        return None
    found = re.search(rf"(?<!\w){re.escape(head.strip())}(?!\w)", text, re.IGNORECASE)
    return found.group() if found else None


_A_CODE = re.compile(r"[A-Z]{2,5}(?:[-.][A-Z]{2,4})?")


def formed(words: str, written: str, description: str) -> str:
    """The form that was written for words of a text, if it is theirs; else the words themselves.

    Theirs: the words with something added, or their initials in full; where a code is wanted, also
    one of a few letters.

    >>> place = "City, State"
    >>> formed("Boston", "Boston, MA", place), formed("LA", "Los Angeles, CA", place)
    ('Boston, MA', 'Los Angeles, CA')
    >>> formed("Boston", "Paris, France", place), formed("葡萄牙", "PT", "country code")
    ('Boston', 'PT')
    """
    said, made = _plain(words), _plain(written)
    if not said:
        return words
    head = re.findall(r"[^\W\d_]+", written.partition(",")[0])
    initials = "".join(part[0] for part in head).lower()
    code = _A_CODE.fullmatch(written.strip())
    if _A_CODE.fullmatch(words.strip()) and not _PLACE.search(description):
        return words
    if made.startswith(said) or initials == said:
        return written.strip()
    return written.strip() if code and not _PLACE.search(description) else words


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


__all__ = ["Form", "form_of", "formed", "head_of", "place_rule", "stated_form", "wants_form"]
