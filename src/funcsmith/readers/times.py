"""Clock times: 下午三点半, 15:30, 3pm, half past three, noon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from funcsmith.readers import numerals
from funcsmith.readers.value import Source


class Clock(NamedTuple):
    """A time of day and its place; `day` is 1 where midnight belongs to the next day."""

    start: int
    end: int
    hour: int
    minute: int
    second: int = 0
    part: str = ""  # "am", "pm" or "" where nothing says which half of the day
    day: int = 0
    zone: str = ""

    @property
    def plain(self) -> str:
        """As "HH:MM", with seconds where they are said."""
        text = f"{self.hour:02d}:{self.minute:02d}"
        return f"{text}:{self.second:02d}" if self.second else text

    @property
    def ambiguous(self) -> bool:
        """Whether it may as well be twelve hours later."""
        return self.part == "" and 1 <= self.hour <= 11


def scan_times(source: Source) -> list[Clock]:
    """Every clock time, in order, none inside another."""
    text = source.lower
    found = [*_digital(text), *_chinese(text), *_before_hour(text), *_english(text), *_words(text)]
    found.sort(key=lambda clock: (clock.start, -clock.end))
    kept: list[Clock] = []
    for clock in found:
        if not kept or clock.start >= kept[-1].end:
            kept.append(clock)
    return kept


def in_part(hour: int, part: str) -> tuple[int, int] | None:
    """The hour of 24 that an hour in a part of the day is, and whether it is the next day's.

    >>> in_part(3, "下午"), in_part(12, "晚上"), in_part(12, "am")
    ((15, 0), (0, 1), (0, 0))
    """
    if not 0 <= hour <= 24:
        return None
    half = PARTS.get(part, "")
    if hour > 12 or hour == 0:
        return (0, 1) if hour == 24 else (hour, 0)
    if half == "am":
        return (0 if hour == 12 else hour), 0
    if half == "pm":
        return (12 if hour == 12 else hour + 12), 0
    if half == "noon":
        return (hour + 12 if hour < 10 else hour), 0
    if half == "night":
        if hour == 12:
            return 0, 1
        return (hour + 12 if hour >= 5 else hour), int(hour < 5)
    return hour, 0


PARTS = {
    **dict.fromkeys(
        "上午 早上 早晨 清晨 凌晨 早 清早 一早 大清早 今早 明早 am a.m. morning".split(), "am"
    ),
    **dict.fromkeys("下午 午后 傍晚 黄昏 pm p.m. afternoon evening".split(), "pm"),
    **dict.fromkeys("中午 正午".split(), "noon"),
    **dict.fromkeys(
        "晚上 晚间 夜里 夜晚 夜间 半夜 深夜 午夜 晚 今晚 明晚 昨晚 后晚 当晚 night".split(), "night"
    ),
}
_PART = "上午|早上|早晨|清晨|凌晨|清早|一早|下午|午后|傍晚|黄昏|中午|正午|晚上|晚间|夜里|夜晚|夜间|半夜|深夜|午夜|早|晚"
_HOUR = "二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九]|[01]?[0-9]|2[0-4]"
_SIXTY = "[二三四五]十[一二三四五六七八九]?|十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九]|[0-5]?[0-9]"
_DIGIT = tuple("零〇一二两三四五六七八九十0123456789")
_SMALL = {
    word: number for number, word in enumerate(list(numerals.ONES)[1:13], start=1)
}  # one … twelve
_MINUTE_WORDS = {
    **{word: numerals.ONES[word] for word in numerals.ONES}, **numerals.TENS,
    "a quarter": 15, "quarter": 15, "half": 30, "twenty-five": 25, "twenty five": 25,
}  # fmt: skip


def _digital(text: str) -> Iterator[Clock]:
    for match in _digital_pattern().finditer(text):
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        second = int(match["second"] or 0)
        said = (match["after"] or match["before"] or "").replace(" ", "")
        if minute > 59 or second > 59 or hour > 24 or (hour == 24 and minute):
            continue
        part = said or match["english"] or ("night" if match["tonight"] is not None else "")
        if not part and not match["minute"]:
            continue
        if re.fullmatch(r"[ap](?:\.?m?\.?)?", part):
            part = part[0] + "m"
            if hour > 12 and match["minute"] is None:
                continue
        read = in_part(hour, part)
        if read is None:
            continue
        zone = (match["zone"] or "").upper().replace(" ", "")
        sure = part or (":24" if len(match["hour"]) == 2 or hour > 12 or hour == 0 else ":")
        yield Clock(*match.span(), read[0], minute, second, sure, read[1], zone)


def _chinese(text: str) -> Iterator[Clock]:
    for match in _chinese_pattern().finditer(text):
        hour = _count(match["hour"])
        if hour is None or hour > 24:
            continue
        part = match["part"] or ""
        rest = match["rest"] or ""
        # 三点五 is a number before it is a time, 三点一四 is nothing else.
        loose = (
            match["minute"] and not rest.endswith(("分", "钟", "秒")) and len(match["minute"]) < 2
        )
        if not part and (loose or (not rest and text[match.end() : match.end() + 1] in _DIGIT)):
            continue
        minute = second = 0
        end = match.end()
        if match["quarter"]:
            minute = {"一": 15, "二": 30, "两": 30, "三": 45, "1": 15, "2": 30, "3": 45}[
                match["quarter"]
            ]
        elif "半" in rest:
            minute = 30
        elif match["minute"]:
            minute = _count(match["minute"]) or 0
            second = _count(match["second"]) or 0 if match["second"] else 0
        read = in_part(hour, part)
        if read is None or minute > 59 or second > 59:
            continue
        if (
            match["mark"] == "时"
            and not part
            and not rest
            and match.start()
            and text[match.start() - 1] == "小"
        ):
            continue
        yield Clock(match.start(), end, read[0], minute, second, part, read[1])


def _before_hour(text: str) -> Iterator[Clock]:
    """差一刻八点, 八点差五分."""
    for match in _to_hour_pattern().finditer(text):
        hour = _count(match["hour"] or match["hour2"])
        said = match["minute"] or match["minute2"]
        minutes = 15 if said.startswith(("一刻", "1刻")) else _count(said.rstrip("分钟"))
        if hour is None or minutes is None or not 0 < minutes < 60:
            continue
        part = match["part"] or match["part2"] or ""
        read = in_part(hour, part)
        if read:
            yield Clock(*match.span(), (read[0] - 1) % 24, 60 - minutes, 0, part)


def _english(text: str) -> Iterator[Clock]:
    for match in _english_pattern().finditer(text):
        hour = _english_hour(match["hour"] or match["oclock"] or match["alone"])
        if hour is None or (hour > 12 and not match["oclock"]):
            continue
        minute = 0
        said = match["minute"]
        if said:
            minute = int(said) if said.isdigit() else _MINUTE_WORDS.get(said, 99)
            if minute > 59:
                continue
        elif match["more"]:
            minute = _MINUTE_WORDS.get(match["more"], 99)
            if minute > 59:
                continue
        if match["side"] in ("to", "before", "till", "after") and not _surely_clock(text, match):
            continue
        said_part = (match[name] for name in ("suffix", "half", "s2", "h2", "s3", "h3"))
        part = next(filter(None, said_part), "").replace(".", "").strip()
        read = in_part(hour, part)
        if read is None:
            continue
        hour = read[0]
        if match["side"] in ("to", "before", "till"):
            hour, minute = (hour - 1) % 24, 60 - minute
        yield Clock(*match.span(), hour, minute, 0, part)


def _words(text: str) -> Iterator[Clock]:
    for match in _word_pattern().finditer(text):
        midnight = match.group() in ("midnight", "午夜", "零点", "零时")
        yield Clock(*match.span(), 0 if midnight else 12, 0, 0, "noon", 0)


def _surely_clock(text: str, match: re.Match[str]) -> bool:
    """Five to six may be a range; at five to six, a quarter to six and 5 minutes to 6 are times."""
    minute = match["minute"]
    if "quarter" in minute or "minute" in match.group():
        return True
    before = text[max(match.start() - 8, 0) : match.start()]
    return not minute.isdigit() and bool(_AT.search(before))


def _count(run: str) -> int | None:
    if run.isdigit() and run.isascii():
        return int(run)
    number = numerals.chinese(run.lstrip("零〇") or "零")
    return None if number is None else int(number)


_AT = re.compile(r"(?:^|[^a-z])(?:at|by|around|until|till|is|it's) $")


def _english_hour(word: str) -> int | None:
    return int(word) if word.isdigit() else _SMALL.get(word)


@cache
def _digital_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<before>{_PART})的? ?)?(?<![0-9:.,$¥€£])(?<![0-9]/)(?P<hour>[01]?[0-9]|2[0-4])"
        r"(?:(?: ?: ?|(?<=[0-9])\.(?=[0-5][0-9] ?[ap]\.?m))(?P<minute>[0-5][0-9])(?:[:](?P<second>[0-5][0-9])(?:\.[0-9]{1,6})?)?)?"
        r"(?: ?(?P<after>[ap]\. ?m\b\.?|[ap] ?m\b)|(?P<tonight>(?= tonight(?![a-z])))"
        r"|(?: o'clock)? (?:in the|at) (?P<english>morning|afternoon|evening|night)(?![a-z]))?"
        r"(?P<zone> ?(?:utc|gmt|z|est|edt|cst|cdt|pst|pdt|mst|cet|jst"
        r"|bst)(?![a-z])(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?)?"
        r"(?![0-9]|:[0-9]|[.,][0-9])"
    )


@cache
def _chinese_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<part>{_PART})的? ?)?(?<![0-9.,一二两三四五六七八九十百千万零])(?P<hour>{_HOUR}) ?(?P<mark>点钟?|时|点整)"
        r"(?![0-9一二三四五六七八九十]{1,4}(?:[%万亿千百倍个元米公克度]))(?!候|间|代|光|刻|段|事|常|尚|速|评|赞|击|开|到为|心|子|点)"
        rf"(?P<rest>半(?![个天小])|整|钟|过?(?P<quarter>[一二两三123])刻(?!钟[前后])钟?"
        rf"|过?(?P<minute>{_SIXTY})(?:分(?![之钱])钟?(?:(?P<second>{_SIXTY})秒)?"
        rf"|(?=[^0-9一二三四五六七八九十百千万分个年月日号天]|$)))?"
    )


@cache
def _to_hour_pattern() -> re.Pattern[str]:
    minute = rf"(?:[一1]刻钟?|(?:{_SIXTY})分钟?)"
    return re.compile(
        rf"(?:(?P<part>{_PART}) ?)?差(?P<minute>{minute})(?:就|到|不到)?(?P<hour>{_HOUR})点钟?"
        rf"|(?:(?P<part2>{_PART}) ?)?(?P<hour2>{_HOUR})点钟?差(?P<minute2>{minute})"
    )


@cache
def _english_pattern() -> re.Pattern[str]:
    hours = "|".join(sorted(_SMALL, key=len, reverse=True))
    minutes = "|".join(sorted(_MINUTE_WORDS, key=len, reverse=True))
    more = "|".join(
        word for word in sorted(_MINUTE_WORDS, key=len, reverse=True) if "quarter" not in word
    )
    suffix = (
        r"(?: in the| at)? (?P<suffix>morning|afternoon|evening|night)\b| ?(?P<half>[ap]\.?m\b\.?)"
    )
    return re.compile(
        rf"(?<![a-z0-9-])(?:(?P<minute>{minutes}"
        rf"|[0-9]{{1,2}})(?: minutes?)? (?P<side>past|after|to|before"
        rf"|till) (?P<hour>{hours}|1[0-2]|[1-9])(?![a-z0-9:.-])(?! (?:minutes?|hours?"
        rf"|days?|people))(?: o'clock)?(?:{suffix})?"
        rf"|(?P<oclock>{hours}|[0-9]{{1,2}}) ?o['’ ]?clock(?:{suffix.replace('suffix', 's2').replace('half', 'h2')})?"
        rf"|(?P<alone>{hours})(?:[ -](?P<more>{more}))?(?=(?: ?[ap]\.?m\b"
        rf"| in the (?:morning|afternoon|evening)))(?: ?(?P<h3>[ap]\.?m\b\.?)"
        rf"| in the (?P<s3>morning|afternoon|evening)))"
    )


@cache
def _word_pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z])(?:noon|midday|midnight)(?![a-z])|(?:中午"
        r"|正午)(?! ?[0-9一二三四五六七八九十两]{1,3}[点时:])|午夜(?!前"
        r"|后)(?! ?[0-9一二三四五六七八九十两]{1,3}[点时:])|零[点时](?![0-9一二三四五六七八九十半])"
    )
