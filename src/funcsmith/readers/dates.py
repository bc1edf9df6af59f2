"""Dates: 2026-03-01, 3月1日, March 1st, 大后天, 下周三, the end of the month, three days ago.

Weeks begin on Monday, so 下周三 and "next Wednesday" are the Wednesday of the next week. A day
without a year is this year's; next year's is a second reading where this year's has gone by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise

from funcsmith.readers import numerals
from funcsmith.readers.days import Day, day, in_month, shift, yearless
from funcsmith.readers.relative import read_relative
from funcsmith.readers.value import Source


def scan_dates(source: Source) -> list[Day]:
    """Every date, in order; a longer one hides those inside it, its other readings follow it."""
    text, now = source.lower, source.now.date()
    found = [
        *_numeric(text), *_chinese(text, now), *_english(text, now),
        *_lone_days(text, now), *read_relative(text, now),
    ]  # fmt: skip
    found.sort(key=lambda one: (one.start, -one.end))
    found = [one._replace(end=one.start + len(text[one.start : one.end].rstrip())) for one in found]
    kept: list[Day] = []
    for one in found:
        if not kept or one.start >= kept[-1].end or one[:2] == kept[-1][:2]:
            kept.append(one)
    return _completed(text, kept)


def stated_today(lowered: str) -> date | None:
    """The day that a text (in small letters) says today is; None where it does not, or in no full date.

    >>> stated_today("rain on friday? today is thursday, 4 june 2026"), stated_today("“今天是 2020 年 5 月 1 日”")
    (datetime.date(2026, 6, 4), None)
    """
    for match in _today_pattern().finditer(lowered):
        quoted = (one.span() for one in _quoted_pattern().finditer(lowered))
        if any(start < match.start() < end for start, end in quoted):
            continue
        behind = lowered[match.end() : match.end() + 40]
        for one in (*_numeric(behind), *_chinese(behind, date.min), *_english(behind, date.min)):
            led = behind[: one.start].strip(" ,，(（")
            dated = one.kind == "date" and not one.note and one.date.year > 1
            if dated and _weekday_pattern().fullmatch(led):
                return one.date
    return None


def _completed(text: str, found: list[Day]) -> list[Day]:
    """The days, the short end of a stretch with the year, or the month, of its full end.

    «From 4 April 2023 to 8 April», «2023年4月4日到8日».
    """
    completed: dict[tuple[int, int], Day] = {}
    # Of each place the first reading; others follow it.
    places = list({one[:2]: one for one in reversed(found)}.values())[::-1]
    for left, right in pairwise(places):
        gap = text[left.end : right.start]
        listed = _list_pattern().match(text, right.end)
        if _apposed_pattern().fullmatch(gap) and left.kind == right.kind == "date" and not listed:
            completed |= _apposed(text, left, right)
        both = _both_pattern().search(text[: left.start]) and gap.strip() == "and"
        if not both and not _stretch_pattern().fullmatch(gap):
            continue
        for full, short in ((left, right), (right, left)):
            said = text[short.start : short.end]
            if short.kind != "date" or full.kind != "date" or _full(text, short):
                continue
            has_month = _month_pattern().search(said)
            if has_month and _full(text, full):
                month = short.date.month
            elif not has_month and _lone(said) and not _lone(text[full.start : full.end]):
                month = full.date.month
            else:
                continue
            whole = day(full.date.year, month, short.date.day)
            step = "year" if has_month else "month"
            if whole is not None and full is left and whole < full.date:
                # A stretch ends behind its beginning: 28 December to 3 January.
                whole = shift(whole, 1, step)
            elif whole is not None and full is right and whole > full.date:
                whole = shift(whole, -1, step)
            if whole is not None:
                completed[short[:2]] = short._replace(date=whole, note="")
    kept: list[Day] = []
    for one in found:
        whole_one = completed.get(one[:2])
        if whole_one is None:
            kept.append(one)
        elif whole_one not in kept:
            kept.append(whole_one)
    return kept


def _apposed(text: str, left: Day, right: Day) -> dict[tuple[int, int], Day]:
    """A day that is said twice, relative and by its date: «tomorrow, June 1st», 下周三（3月5日）."""
    said = [text[one.start : one.end] for one in (left, right)]
    dated = [bool(_month_pattern().search(words) or _FULL.search(words)) for words in said]
    if dated == [False, True]:
        return {left[:2]: left._replace(date=right.date, note=right.note)}
    if dated == [True, False] and "(" in text[left.end : right.start].replace("（", "("):
        return {right[:2]: right._replace(date=left.date, note=left.note)}
    return {}


def _lone(said: str) -> bool:
    """Whether a day is stated without its month: 8号, "the 8th"."""
    return bool(
        re.fullmatch(r"(?:the )?[0-9〇零一二三四五六七八九十廿]+ ?(?:st|nd|rd|th|号|日|號)", said)
    )


def _full(text: str, one: Day) -> bool:
    """Whether a day is stated with its year."""
    said = text[one.start : one.end]
    return one.kind == "date" and bool(_FULL.search(said))


_FULL = re.compile("[0-9]{4}|[0-9〇零一二三四五六七八九]年")


def _numeric(text: str) -> Iterator[Day]:
    for match in _numeric_pattern().finditer(text):
        start, end = match.span()
        if match["compact"]:
            run = match["compact"]
            found = day(int(run[:4]), int(run[4:6]), int(run[6:]))
            if found:
                yield Day(start, end, found)
        elif match["year"]:
            found = day(int(match["year"]), int(match["month"]), int(match["day"]))
            if found:
                yield Day(start, end, found)
        elif match["ym"]:
            found = day(int(match["ym"]), int(match["ymonth"]), 1)
            if found:
                yield Day(start, end, found, kind="month")
        else:
            first, second, year = int(match["first"]), int(match["second"]), int(match["last"])
            year += 2000 if year < 100 else 0
            readings = [day(year, first, second), day(year, second, first)]
            if match["dot"] == ".":
                readings.reverse()
            known = list(dict.fromkeys(reading for reading in readings if reading))
            for reading in known:
                yield Day(start, end, reading, "ambiguous" if len(known) > 1 else "")


def _chinese(text: str, now: date) -> Iterator[Day]:
    for match in _chinese_pattern().finditer(text):
        start, end = match.span()
        year = _year(match["year"], now) if match["year"] else None
        if match["year"] and year is None:
            continue
        months = _relative_month(match["shift"]) if match["shift"] else None
        number = _count(match["day"]) if match["day"] else None
        if months is not None:
            base = shift(now.replace(day=1), months, "month")
            if base is None:
                continue
            yield from in_month(start, end, base, number, match["edge"] or "")
        elif match["month"]:
            month = _count(match["month"])
            if month is None or not 1 <= month <= 12:
                continue
            if year is None and (number or match["edge"]):
                yield from yearless(start, end, month, number, match["edge"] or "", now)
            else:
                base = day(year or now.year, month, 1)
                if base:
                    yield from in_month(start, end, base, number, match["edge"] or "")
        elif year is not None:
            edge = match["year_edge"]
            if edge:
                found = day(year, 12, 31) if edge in "底末" else day(year, 1, 1)
                if found:
                    yield Day(start, end, found)
            elif found := day(year, 1, 1):
                yield Day(start, end, found, kind="year")


def _lone_days(text: str, now: date) -> Iterator[Day]:
    """15号 is this month's, or next month's where this month's has gone by."""
    for match in _lone_day_pattern().finditer(text):
        if " " in match.group() and not _until_pattern().search(text[: match.start()]):
            # «3 日» alone lasts three days.
            continue
        number = _count(match["day"])
        found = day(now.year, now.month, number) if number else None
        if found is None:
            continue
        yield Day(*match.span(), found, "ambiguous")
        later = shift(found, 1, "month")
        if later and found < now:
            yield Day(*match.span(), later, "ambiguous")


def _english(text: str, now: date) -> Iterator[Day]:
    for match in _english_pattern().finditer(text):
        start, end = match.span()
        name = match["month"] or match["month2"] or match["month3"]
        month = _MONTHS[name[:3]]
        said = match["day"] or match["day2"]
        number = _english_day(said) if said else None
        year = match["year"] or match["year2"] or match["year3"]
        before = _year_before_pattern().search(text[max(0, start - 9) : start])
        if not year and said and before:
            # The year first: 2031 April 4th.
            year, start = before[1], start - len(before[1]) - 1
        if name == "may" and not said and not year:
            continue
        if said and number is None:
            continue
        if match["until"]:
            # June 12-16, 2031: the year is that of both.
            last = _english_day(match["until"])
            base = day(int(year) if year else now.year, month, 1)
            if last and base:
                if year:
                    yield from in_month(match.start("until"), end, base, last, "")
                else:
                    yield from yearless(match.start("until"), end, month, last, "", now)
            end = match.end("day")
        if year:
            base = day(int(year), month, 1)
            if base:
                yield from in_month(start, end, base, number, "")
        elif number:
            yield from yearless(start, end, month, number, "", now)
        elif len(name) > 3 and name != "march":
            yield Day(start, end, date(now.year, month, 1), kind="month")
    for match in _the_day_pattern().finditer(text):
        number = _english_day(match["day"])
        months = {"next": 1, "last": -1}.get(match["which"] or "", 0)
        base = shift(now.replace(day=1), months, "month")
        found = day(base.year, base.month, number) if base and number else None
        if found is None:
            continue
        yield Day(*match.span("all"), found, "" if match["which"] else "ambiguous")
        if not match["which"] and found < now:
            later = shift(found, 1, "month")
            if later:
                yield Day(*match.span("all"), later, "ambiguous")


def _year(said: str, now: date) -> int | None:
    steps = {"今": 0, "本": 0, "明": 1, "去": -1, "后": 2, "前": -2, "来": 1, "这一": 0, "当": 0}
    if said in steps:
        return now.year + steps[said]
    number = _count(said)
    if number is None:
        return None
    if len(said) == 2:
        return 2000 + number if number < 70 else 1900 + number
    return number if 1000 <= number <= 2999 else None


def _relative_month(said: str) -> int:
    return said.count("下") - said.count("上")


def _count(run: str) -> int | None:
    if run.isascii():
        return int(run) if run.isdigit() and len(run) < 5 else None
    number = numerals.chinese(run.removeprefix("初"))
    return None if number is None else int(number)


def _english_day(said: str) -> int | None:
    digits = re.match("[0-9]+", said)
    if digits:
        return int(digits.group())
    return _ENGLISH_ORDINALS.get(said.replace(" ", "-"))


_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_ENGLISH_ORDINALS = {
    word: place
    for place, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
        " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        " twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth"
        " twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first".split(), start=1
    )
}  # fmt: skip
_N = "[零〇一二三四五六七八九十两]"


@cache
def _numeric_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?<![0-9a-z./_-])(?:(?P<year>[12][0-9]{3})(?P<sep>[-/.])(?P<month>0?[1-9]"
        r"|1[0-2])(?P=sep)(?P<day>[12][0-9]|3[01]|0?[1-9])(?![0-9]|[-/.][0-9])"
        r"|(?P<first>0?[1-9]|[12][0-9]|3[01])(?P<dot>[-/.])(?P<second>0?[1-9]|[12][0-9]"
        r"|3[01])(?P=dot)(?P<last>[12][0-9]{3}|[0-9]{2})(?![0-9]|[-/.][0-9])"
        r"|(?P<ym>(?:19|20)[0-9]{2})[-/](?P<ymonth>0[1-9]|1[0-2])(?![0-9]|[-/.][0-9])"
        r"|(?P<compact>(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![0-9a-z.]))"
    )


@cache
def _chinese_pattern() -> re.Pattern[str]:
    day_ = rf"(?P<day>[0-9]{{1,2}}|初?{_N}{{1,3}}) ?(?:日|号)(?!线|楼|店|房|院|门|口|机|车|位|元|子|本|常|用|志|记)"
    return re.compile(
        rf"(?<![0-9])(?:(?P<year>[0-9]{{4}}|{_N}{{4}}|[0-9]{{2}}(?=年[0-9]{{1,2}}月)"
        rf"|[今本明去后前来](?=年)) ?年(?:的|度)? ?)?(?:(?:(?:(?P<shift>上上|下下|上|下|这|本|当)个?月(?:的"
        rf"|份)? ?|(?<![0-9一二三四五六七八九十])(?P<month>1[0-2]|0?[1-9]|十[一二]?"
        rf"|[一二三四五六七八九正]) ?月(?:份)?的? ?)(?:{day_}|(?P<edge>[底末初中](?!国)))?)"
        rf"|(?<=年)(?P<year_edge>[底末初])|(?<=年))"
    )


@cache
def _lone_day_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![0-9.月第{_N[1:-1]}])(?P<day>[12]?[0-9]|3[01]|{_N}{{1,3}}) ?(?:号|日(?![之以]?[前后内]))"
        "(?!线|楼|店|房|院|门|口|机|车|位|元|子|本|常|用|志|记|码|游)"
    )


@cache
def _english_pattern() -> re.Pattern[str]:
    month = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    words = "|".join(sorted(_ENGLISH_ORDINALS, key=len, reverse=True)).replace("-", "[- ]")
    number = rf"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?![0-9:])|{words}"
    year = r"(?:,? ?|,? of )(?P<{}>(?:1[0-9]|20|21)[0-9]{{2}})(?![0-9])"
    return re.compile(
        rf"(?<![a-z0-9])(?:(?P<month>{month})(?:\.?[ -](?:the )?|\.?(?=[0-9]))(?P<day>{number})(?![a-z0-9%$€]|[.,][0-9](?![0-9]{{3}}(?![0-9]))|:[0-9])(?: ?[-–—] ?(?P<until>{number})(?![a-z0-9%$€:]))?(?:{year.format('year')})?"
        rf"|(?:the )?(?P<day2>{number})[ -]?(?:of )?(?P<month2>{month})(?![a-z])\.?(?:-?{year.format('year2')})?"
        rf"|(?P<month3>{month})(?![a-z])\.?(?:{year.format('year3')})?)"
    )


@cache
def _the_day_pattern() -> re.Pattern[str]:
    months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    return re.compile(
        rf"(?<![a-z0-9])(?:on|by|until|till|before|after|from"
        rf"|to) (?P<all>(?:the )?(?P<day>(?:[12]?[0-9]|3[01])(?:st|nd|rd"
        rf"|th))(?: of)?(?: (?P<which>this|next|last) month"
        rf"| the month)?)(?![a-z0-9])(?!,? (?:of )?(?:{months}|[a-z]))"
    )


@cache
def _today_pattern() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:today(?:'s date)?|(?:the )?current date|the date today) is\b|今天(?:的日期)?(?:是|为)|当前日期(?:是|为|：|:)"
    )


@cache
def _apposed_pattern() -> re.Pattern[str]:
    return re.compile(r"[ ,，(（]{0,3}(?:the |on |是|即)?")


@cache
def _year_before_pattern() -> re.Pattern[str]:
    return re.compile(r"(?:^|[a-z(（:：;；] ?)((?:19|20)[0-9]{2}) $")


@cache
def _list_pattern() -> re.Pattern[str]:
    """Behind a date: another one is named with it."""
    return re.compile(r" {0,2}(?:and|or|,|、|和|与|及|或) ?")


@cache
def _stretch_pattern() -> re.Pattern[str]:
    return re.compile(
        r" {0,3}(?:, ?)?(?:to|until|till|through|thru|[-–—~～]|到|至|直到) {0,3}(?:the ?)?"
    )


@cache
def _until_pattern() -> re.Pattern[str]:
    """Before the last day of a stretch."""
    return re.compile("(?:到|至|[-–—~～]) {0,2}$")


@cache
def _both_pattern() -> re.Pattern[str]:
    """Before the first day of a stretch whose ends are joined by "and"."""
    return re.compile(r"\bbetween (?:the )?$")


@cache
def _month_pattern() -> re.Pattern[str]:
    return re.compile(f"{'|'.join(_MONTHS)}|月|[0-9][/-][0-9]")


@cache
def _quoted_pattern() -> re.Pattern[str]:
    return re.compile(r"\"[^\"]*\"|“[^”]*”|「[^」]*」|『[^』]*』|‘[^’]*’")


@cache
def _weekday_pattern() -> re.Pattern[str]:
    return re.compile(r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:星期|周|礼拜).)?")
