"""The unit that a parameter's name and description ask for."""

from __future__ import annotations

import re
from functools import cache

from funcsmith.readers.characters import fold, lower
from funcsmith.readers.classifiers import find_count
from funcsmith.readers.currencies import find_currency
from funcsmith.readers.units import UNITS, canonical, find


def wanted_unit(name: str, description: str) -> str | None:
    """The canonical unit a parameter wants its number in, None where nothing says so.

    >>> wanted_unit("weight_kg", ""), wanted_unit("weight", "重量（克）"), wanted_unit("rate", "0 to 1")
    ('kg', 'g', 'fraction')
    """
    said = fold(description)
    low = lower(said)
    if _fraction().search(low):
        return "fraction"
    for pattern in _places():
        for match in pattern.finditer(low):
            unit = _unit_at(said, low, match.end())
            if unit and unit[0] == "deg" and low[unit[1] - 1] == "度":
                return _degrees(low)
            if unit:
                other = _or_another(said, low, unit[1]) or _rate().match(low, unit[1])
                return None if other else unit[0]
    return _of_name(name) or _percent(low) or _of_tail(said, low)


def _degrees(low: str) -> str:
    """度 alone counts electricity, warmth or an angle."""
    if re.search("电|千瓦时|kwh", low):
        return "kWh"
    return "°C" if re.search("温|热|冷|摄氏", low) else "deg"


def _unit_at(said: str, low: str, at: int) -> tuple[str, int] | None:
    while low[at : at + 1] == " ":
        at += 1
    large = re.compile("[百千万亿]元").match(low, at)
    if large:
        return large.group(), large.end()
    found = [one for one in (find(said, low, at), find_currency(low, at)) if one]
    count = find_count(low, at)
    if count and count[0] == "night":
        found.append(count)
    if not found:
        return None
    unit, end = max(found, key=lambda one: one[1])
    word = low[at:end]
    # "in day 3" and "in the month" ask for no unit, "in days" does.
    if word in _SINGULAR or (unit == "in" and word == "in") or word == "a":
        return None
    after = low[end : end + 1]
    if word.isascii() and word.isalpha() and (after.isalnum() and after.isascii()):
        return None
    return unit, end


def _or_another(said: str, low: str, end: int) -> bool:
    """Celsius or Fahrenheit is a choice, not a wish."""
    other = re.compile(r" ?(?:,|、|/|or|或者?|和|and)+ ?(?:(?:in )|或|or )?").match(low, end)
    if other is None:
        return False
    unit = _unit_at(said, low, other.end())
    first = _unit_at(said, low, end)
    return unit is not None and unit != first


def _of_name(name: str) -> str | None:
    words = re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace("-", "_").split("_")
    words = [word for word in words if word]
    for size in (3, 2, 1):
        if size > len(words):
            continue
        last = " ".join(words[-size:])
        for candidate in (last, last.replace(" per ", "/")):
            unit = canonical(candidate) or _currency(candidate) or _night(candidate)
            if unit is None or candidate in _SINGULAR or candidate in _WORDS:
                continue
            if size == len(words) and len(candidate) < 3 and candidate not in ("kg", "km", "cm"):
                continue
            if len(candidate) == 1 and candidate not in "gmshlckf":
                continue
            return {"c": "°C", "f": "°F", "k": "K", "in": "in"}.get(candidate, unit)
    if words and words[-1] in ("fraction", "probability"):
        return "fraction"
    return None


def _currency(name: str) -> str | None:
    found = find_currency(name, 0)
    return found[0] if found and found[1] == len(name) else None


def _night(name: str) -> str | None:
    return "night" if name in ("nights", "晚数") else None


def _percent(low: str) -> str | None:
    return "%" if re.search("percent|百分比|百分数|百分率|百分之|%", low) else None


def _of_tail(said: str, low: str) -> str | None:
    """重量，千克: the last word alone is a unit."""
    tail = re.search(r"(?:^|[\s,，;；:：、])([^\s,，;；:：、。.]{1,12})[。.]?$", low)
    if tail is None or tail.group(1) in _SINGULAR | _WORDS:
        return None
    unit = _unit_at(said, low, tail.start(1))
    return unit[0] if unit and unit[1] == tail.end(1) and len(said) > len(tail.group(1)) else None


_SINGULAR = frozenset(
    "day month year week hour minute second quarter decade century date time bar stone mole point"
    " score number 年 月 日 周 天 分 year-month foot level".split()
)
_WORDS = frozenset(
    "in t st ct pt mu us no am won real rand dong bit gig case mo all top try".split()
)


@cache
def _rate() -> re.Pattern[str]:
    """Behind a unit: what it is for, so that it is none by itself (minutes per page)."""
    return re.compile(r" ?(?:per|/|each) ?[a-z]")


@cache
def _fraction() -> re.Pattern[str]:
    return re.compile(
        r"(?:between|from|in) \[?0(?:\.0)? ?(?:and|to|,|-|~) ?1(?:\.0)?(?![0-9.%])"
        r"|as a (?:decimal|fraction)"
        r"|decimal (?:form|fraction)|(?<![0-9.])0(?:\.0)? ?(?:-|~|to|到|至"
        r"|–) ?1(?:\.0)?(?![0-9.%])|小数(?:形式|表示)"
        r"|用小数|0\.[0-9]+ (?:for|means|=) [0-9]+ ?%|[0-9]+% (?:is|as|=) 0\.[0-9]|比例[(（]0|\[0, ?1\]"
    )


@cache
def _places() -> tuple[re.Pattern[str], ...]:
    """Where a description names its unit, the surest places first."""
    return (
        re.compile(
            r"单位(?:是|为|:|：)? ?|以(?=[^以]{1,8}为单位|[^以]{1,6}计)|按(?=[^按]{1,6}计)|用(?=[^用]{1,6}表示)"
        ),
        re.compile(
            r"[(（\[](?:in |unit:? ?|units:? ?|单位:? ?|measured in |以)?(?=[^()（）\[\]]{1,24}[)）\]])"
        ),
        re.compile(
            r"(?<![a-z])(?:in|measured in|expressed in|given in|units? (?:of|is|are|:)"
            r"|units?:) (?:the |units? of )?"
        ),
        re.compile(r"(?<![a-z])(?:(?:number|amount|count) of|how many|多少) ?"),
        re.compile(r"(?=(?:天|日|小时|分钟|秒|公里|公斤|周|月|年|晚|夜|米|克)数)"),
    )


assert "kg" in UNITS
