"""Days relative to now: 大后天, 下周三, next Friday, the end of the month, three days ago."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from funcsmith.readers import numerals
from funcsmith.readers.days import Day, coming, in_month, month_end, shift, weekday, yearless


def read_relative(text: str, now: date) -> Iterator[Day]:
    """Every relative date, holidays by their name too."""
    yield from _chinese_relative(text, now)
    yield from _english_relative(text, now)
    yield from _distances(text, now)


def _chinese_relative(text: str, now: date) -> Iterator[Day]:
    for match in _chinese_day_pattern().finditer(text):
        found = shift(now, _DAYS[match["word"]], "day")
        if found:
            end = match.end("word")
            part = match["word"][1:] if match["word"][1:] in ("晚", "早") else ""
            yield Day(match.start(), end, found, time=part)
    for match in _chinese_week_pattern().finditer(text):
        which, number = match["which"] or "", _WEEKDAYS.get(match["day"] or "")
        weeks = which.count("下") - which.count("上")
        if match["day"] is None:
            number = 5  # 周末
        if number is None:
            continue
        found = weekday(now, weeks, number) if which else coming(now, number)
        if found:
            yield Day(*match.span(), found)
    for match in re.finditer(
        "(?<![0-9一二三四五六七八九十半每整全])(?P<which>这|本|当|上|下)?个?(?P<unit>月|年)(?P<edge>[底末初中]|的?最后一天|的?第一天)(?!国)",
        text,
    ):
        months = {"上": -1, "下": 1}.get(match["which"] or "", 0)
        base = shift(now.replace(day=1), months, "month" if match["unit"] == "月" else "year")
        if base is None:
            continue
        edge = {"最后一天": "底", "第一天": "初"}.get(match["edge"].lstrip("的"), match["edge"])
        if match["unit"] == "月":
            yield from in_month(*match.span(), base, None, edge)
        elif edge != "中":
            last = edge in "底末"
            yield Day(*match.span(), date(base.year, 12, 31) if last else date(base.year, 1, 1))
    for match in _holiday_pattern().finditer(text):
        month, number = _HOLIDAYS[match.group()]
        yield from yearless(*match.span(), month, number, "", now)


def _english_relative(text: str, now: date) -> Iterator[Day]:
    for match in _english_day_pattern().finditer(text):
        found = shift(now, _ENGLISH_DAYS[match["word"]], "day")
        word = match["word"]
        part = "night" if word == "tonight" else match["part"] or word.removeprefix("this ")
        if found:
            yield Day(*match.span(), found, time=_PARTS.get(part, ""))
    for match in _english_week_pattern().finditer(text):
        number = _ENGLISH_WEEKDAYS[match["day"][:3]]
        which, tail = match["which"] or "", match["tail"] or ""
        if "week after next" in which + tail or tail == " after next":
            found = weekday(now, 2, number)
        elif "next" in which or "next week" in tail:
            found = weekday(now, 1, number)
        elif which in ("last ", "past ", "previous ") or "last week" in tail:
            found = weekday(now, -1, number)
        elif which == "this " or "this week" in tail:
            found = weekday(now, 0, number)
        else:
            found = coming(now, number)
        if found:
            part = _PARTS.get(match["part"] or "", "")
            yield Day(*match.span(), found, time=part)
            near = coming(now, number)
            if which == "next " and near and near != found:
                yield Day(*match.span(), near, "ambiguous", time=part)
    for match in _edge_pattern().finditer(text):
        step = {"next": 1, "last": -1}.get(match["which"] or "", 0)
        unit, last = match["unit"], match["edge"] == "end"
        base = shift(now, step, unit)
        if base is None:
            continue
        if unit == "month":
            found = month_end(base) if last else base.replace(day=1)
        elif unit == "year":
            found = date(base.year, 12, 31) if last else date(base.year, 1, 1)
        else:
            found = weekday(base, 0, 6 if last else 0)
        if found:
            yield Day(*match.span(), found)
    for match in re.finditer(
        r"(?<![a-z])(?P<which>this|next|last) (?P<unit>month|year)(?![a-z])", text
    ):
        step = {"next": 1, "last": -1}.get(match["which"], 0)
        base = shift(now.replace(day=1), step, match["unit"])
        if base:
            yield Day(*match.span(), base, kind=match["unit"])


def _distances(text: str, now: date) -> Iterator[Day]:
    """三天后, 两周前, in three days, a fortnight ago, 2 weeks from now."""
    for match in _distance_pattern().finditer(text):
        said = {name.rstrip("123"): run for name, run in match.groupdict().items() if run}
        number = _amount(said["number"])
        unit = said["unit"]
        if number is None:
            continue
        back = said.get("tail", "").endswith(("前", "ago", "earlier", "before today", "back"))
        name = _DISTANCE_UNITS[unit.rstrip("s")]
        found = shift(now, -number if back else number, name)
        if found:
            yield Day(*match.span(), found)


def _amount(run: str) -> float | None:
    if run.startswith(("a ", "an ")) or run in ("a", "an", "one"):
        return 1.0 if run in ("a", "an", "one") else {"a couple of": 2.0, "a few": None}.get(run)
    if run == "半":
        return 0.5
    number = numerals.digits(run) if run[0].isdigit() else None
    number = number if number is not None else numerals.chinese(run.removesuffix("个半"))
    if number is None:
        number = numerals.english(run.replace("-", " ").split())
    return None if number is None or number > 10**6 else float(number)


_PART = "morning|afternoon|evening|night"
_PARTS = {"morning": "早", "afternoon": "晚", "evening": "晚", "night": "晚"}
_WEEKDAYS = dict(
    zip("一二三四五六日天1234567", [0, 1, 2, 3, 4, 5, 6, 6, 0, 1, 2, 3, 4, 5, 6], strict=True)
)
_ENGLISH_WEEKDAYS = {
    name: number for number, name in enumerate("mon tue wed thu fri sat sun".split())
}
_DAYS = {
    "今天": 0, "今日": 0, "今晚": 0, "今早": 0, "今儿": 0, "当天": 0, "明天": 1, "明日": 1, "明晚": 1, "明早": 1,
    "明儿": 1, "后天": 2, "后日": 2, "后晚": 2, "大后天": 3, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1,
    "前天": -2, "前日": -2, "前晚": -2, "大前天": -3,
}  # fmt: skip
_ENGLISH_DAYS = {
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "tmr": 1, "yesterday": -1,
    "the day after tomorrow": 2, "day after tomorrow": 2, "overmorrow": 2,
    "the day before yesterday": -2, "day before yesterday": -2,
}  # fmt: skip
_HOLIDAYS = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "劳动节": (5, 1), "五一": (5, 1), "儿童节": (6, 1),
    "建党节": (7, 1), "建军节": (8, 1), "教师节": (9, 10), "国庆节": (10, 1), "国庆": (10, 1), "圣诞节": (12, 25),
    "平安夜": (12, 24), "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "new year's eve": (12, 31), "new year's day": (1, 1), "new year’s day": (1, 1),
    "valentine's day": (2, 14), "halloween": (10, 31), "independence day": (7, 4),
}  # fmt: skip
_DISTANCE_UNITS = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "个星期": "week", "个礼拜": "week",
    "个月": "month", "年": "year", "day": "day", "week": "week", "fortnight": "fortnight",
    "month": "month", "year": "year", "个工作日": "day",
}  # fmt: skip


@cache
def _chinese_day_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(_DAYS, key=len, reverse=True))
    return re.compile(rf"(?P<word>{words})(?!空|然|鹅|后[天]|前)")


@cache
def _chinese_week_pattern() -> re.Pattern[str]:
    return re.compile(
        "(?P<which>下{1,3}|上{1,3}|这|本|当)?(?:一?个)?(?:(?:周|星期|礼拜)(?:(?P<day>[一二三四五六日天]"
        "|(?<![0-9])[1-7](?![0-9]))(?![0-9个]|周年)|末(?!日)))"
    )


@cache
def _holiday_pattern() -> re.Pattern[str]:
    return re.compile(
        "|".join(re.escape(name) for name in sorted(_HOLIDAYS, key=len, reverse=True))
    )


@cache
def _english_day_pattern() -> re.Pattern[str]:
    words = "|".join(sorted(_ENGLISH_DAYS, key=len, reverse=True))
    return re.compile(rf"(?<![a-z])(?P<word>{words})(?: (?P<part>{_PART}))?(?![a-z])")


@cache
def _english_week_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z])(?P<which>(?:the )?(?:next week(?:'s)? |next |last |this |past "
        r"|previous |coming )(?:on )?)?"
        r"(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?"
        r"|wed|thurs?|thu|fri|sat|sun)(?![a-z])"
        r"(?P<tail>(?: of)? (?:next week|last week|this week|the week after next|after next))?"
        rf"(?: (?P<part>{_PART})(?![a-z]))?"
    )


@cache
def _edge_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z])(?:the )?(?P<edge>end|beginning|start|last day"
        r"|first day) of (?:the |this |(?P<which>next|last) )?(?P<unit>month|year|week)(?![a-z])"
    )


@cache
def _distance_pattern() -> re.Pattern[str]:
    units = "(?:day|week|fortnight|month|year)s?"
    number = "an?|[0-9]{1,4}|[a-z]{1,12}(?:-[a-z]{1,8})?|a couple of"
    amount = "(?<![0-9.])(?:[0-9]{1,4}|[零一二三四五六七八九十百两半]{1,6})"
    measures = "个?星期|个?礼拜|个工作日|[天日周年]|个月"
    return re.compile(
        rf"再?过(?P<number1>{amount}) ?(?P<unit1>{measures})(?:之?后|以后)?"
        rf"|(?P<number2>{amount}) ?(?P<unit2>{measures}) ?(?P<tail2>之?后|以后|之?前|以前)(?!的?[天日]期)"
        rf"|(?<![a-z])(?:in|within) (?P<number3>{number}) (?P<unit3>{units})(?![a-z])(?:['’] time)?"
        rf"|(?<![a-z0-9-])(?P<number>{number}) (?P<unit>{units}) "
        r"(?P<tail>ago|earlier|from now|from today|later|after today|before today|back)(?![a-z])"
    )
