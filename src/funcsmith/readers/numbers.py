"""Numbers in a text: where they stand and what they are, in digits, Chinese and English words.

`scan` finds the bare numbers that every other reader builds on; `read_numbers` turns them into
values. What number a run says is decided in `numerals`; what it counts, in `quantities`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from funcsmith.readers import numerals
from funcsmith.readers.characters import is_cjk
from funcsmith.readers.classifiers import find_count
from funcsmith.readers.units import find
from funcsmith.readers.value import Source, Value


class Number(NamedTuple):
    """A bare number and its place."""

    start: int
    end: int
    amount: Decimal
    written: str  # "digits", "chinese" or "english"
    note: str = ""
    whole: bool = True  # not written with a fraction: 3.0 is a number, 2.5亿 an integer

    @property
    def plain(self) -> int | float:
        """The number as JSON has it."""
        if self.whole and self.amount == self.amount.to_integral_value():
            return int(self.amount)
        return float(self.amount)


def scan(source: Source) -> list[Number]:
    """Every bare number, in order, none inside another."""
    numbers = [*_in_digits(source), *_in_english(source), *_in_chinese(source)]
    numbers.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in numbers:
        if not kept or number.start >= kept[-1].end:
            kept.append(_signed(number, source.open))
    return kept


def read_numbers(source: Source, numbers: list[Number]) -> Iterator[Value]:
    """The bare numbers as values, and the 1 that a, an and 一个 may be."""
    for number in numbers:
        kind = "integer" if isinstance(number.plain, int) else "number"
        yield source.value(kind, number.plain, number.start, number.end, note=number.note)  # type: ignore[arg-type]
        if "," in source.text[number.start : number.end] and number.written == "digits":
            yield from _ungrouped(source, number)
    for match in _article().finditer(source.open):
        yield source.value("integer", 1, *match.span(1), note="article")


def number_at(numbers: dict[int, Number], start: int, text: str) -> Number | None:
    """The number that begins here, after at most one space."""
    return numbers.get(start) or (
        numbers.get(start + 1) if text[start : start + 1] == " " else None
    )


def plain_number(amount: Decimal) -> int | float:
    """The amount as JSON has it: whole ones as integers."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _in_digits(source: Source) -> Iterator[Number]:
    text = source.open
    for match in _digits().finditer(text):
        start, end = match.span()
        amount = numerals.digits(match["plain"])
        if amount is None:
            continue
        whole = "." not in match.group() and "e" not in match.group()
        if match["scale"]:
            mixed = _chinese_prefix(match["plain"].replace(",", ""), match["scale"])
            if mixed:
                amount, length = mixed
                end = match.start("scale") + length
                whole = True
            else:
                end = match.end("plain")
        elif match["vulgar"]:
            amount, whole = amount + _VULGAR[match["vulgar"]], False
        elif match["letter"]:
            amount, whole = amount * numerals.LETTER_SCALES.get(match["letter"], 10**4), True
        yield Number(start, end, amount, "digits", _note_after(text, end), whole)
    for match in _vulgar_alone().finditer(text):
        yield Number(*match.span(), _VULGAR[match.group()], "digits", "", False)


def _chinese_prefix(digits: str, scale: str) -> tuple[Decimal, int] | None:
    # 3万5 is one number, but of 3万5.2 only 3万 can be trusted, so shorten until it reads.
    for length in range(len(scale), 0, -1):
        amount = numerals.chinese(digits + scale[:length].strip())
        if amount is not None:
            return amount, length
    return None


def _in_chinese(source: Source) -> Iterator[Number]:
    text = source.open
    for match in _chinese().finditer(text):
        start, end = match.span()
        run = match.group()
        amount: Decimal | None
        if run == "半":
            if _dozens(text, end):
                yield Number(start, end + 1, Decimal(6), "chinese")
            elif _half_counts(text, start, end):
                yield Number(start, end, Decimal("0.5"), "chinese", "", False)
            continue
        if "点" in run and _clock_follows(text, start, end):
            run = run.partition("点")[0]
            end = start + len(run)
        if run[-1] == "千" and len(run) > 1 and text[end : end + 1] in _AFTER_KILO and text[end:]:
            run, end = run[:-1], end - 1
        if len(run) == 2 and _neighbours(run):
            continue
        amount = numerals.chinese(run)
        if amount is None and "点" in run:
            run = run.partition("点")[0]
            end, amount = start + len(run), numerals.chinese(run)
        if amount is None:
            for cut in range(len(run) - 1, 0, -1):
                amount = numerals.chinese(run[:cut])
                if amount is not None:
                    end = start + cut
                    run = run[:cut]
                    break
        if amount is not None and _dozens(text, end):
            yield Number(start, end + 1, amount * 12, "chinese")
            continue
        if amount is None or not _counts(run, text, start, end):
            continue
        if end - start > 1 and run[-1] == "两" and run[0] != "两":
            continue
        note = _note_after(text, end)
        if run == "一" and text[end : end + 1] == "个":
            note = "article"
        whole = amount == amount.to_integral_value() and ("点" not in run or run[-1] in "万亿千百")
        yield Number(start, end, amount, "chinese", note, whole)


def _in_english(source: Source) -> Iterator[Number]:
    text = source.open
    for match in re.finditer("(?<![a-z])a (?:couple|pair)(?: of)?(?![a-z])", text):
        yield Number(*match.span(), Decimal(2), "english", "approximate")
    for match in _english().finditer(text):
        words = [(word.group(), word.start()) for word in re.finditer(r"[^ ]+", match.group())]
        place = 0
        while place < len(words):
            for stop in range(min(len(words), place + 24), place, -1):
                run = [word for word, _ in words[place:stop]]
                amount = numerals.english(_unhyphened(run))
                if amount is not None:
                    break
            else:
                place += 1
                continue
            begin = match.start() + words[place][1]
            end = match.start() + words[stop - 1][1] + len(run[-1])
            place = stop
            if all(word.isdigit() for word in run) or not _english_counts(text, run, end):
                continue
            note = "article" if run == ["one"] and _pronoun(text, begin, end) else ""
            whole = amount == amount.to_integral_value()
            yield Number(begin, end, amount, "english", note, whole)


def _unhyphened(words: list[str]) -> list[str]:
    parts: list[str] = []
    for word in words:
        tens = word.partition("-")[0] in numerals.TENS
        parts += [word] if tens else word.split("-")
    return parts


def _english_counts(text: str, run: list[str], end: int) -> bool:
    clock = run[0] in ("half", "quarter", "a", "an") and run[-1] in ("half", "quarter")
    if clock and re.match(r" (?:past|to|after|of the year)\b", text[end : end + 12]):
        return False
    if run in (["quarter"], ["quarters"]):
        return False
    return not (len(run) == 1 and run[0] in numerals.SCALES and text[end : end + 1] != "-")


def _pronoun(text: str, start: int, end: int) -> bool:
    if re.match(r" (?:of|another|by one|day\b|more time|who|that|which)", text[end : end + 12]):
        return True
    return bool(
        re.search(r"\b(?:this|that|which|another|every|no|the|each|any) $", text[:start][-9:])
    )


def _counts(run: str, text: str, start: int, end: int) -> bool:
    """Whether a run of Chinese numerals counts here, or is a syllable of a word."""
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    if run in ("俩", "仨"):
        # 俩 is 两个: what it counts needs no measure word.
        return True
    if after == "几" or (before in ("几", "数", "好") and before and run[0] in "十百千万"):
        return False
    if run[0] in "壹贰叁肆伍陆柒捌玖拾" and len(run) == 1:
        return after in ("元", "圆", "角", "分", "整", "份", "张", "箱")
    if before and before == "初" and len(run) <= 2:
        return False
    if len(run) > 1 and run not in ("十一", "十二", "一百", "一千", "一万"):
        return set(run) != {"一"}
    if (
        run == "一"
        and before
        and text[max(start - 2, 0) : start] != "分之"
        and before in "统唯万专单任之某同逐每这那哪进首归如合不"
    ):
        return False
    if before and (before in "周期拜" or (before == "不" and len(run) == 1)):
        return False
    if len(run) > 1:
        return True
    if run == "一" and after and after in "下般样起直共定些切致律旦边面道向经并概再度味来带流点系":
        return False
    if run == "十" and after == "分":
        return bool(before and before in "得打评满给扣加减") or text[end : end + 2] == "分钟"
    if run == "两" and before and before.isdigit():
        return False
    if not after or not is_cjk(after) or after in _AFTER_SINGLE:
        return not (before and before == "星" and after != "级")
    if run == "三" and text[end : end + 2] in ("角形", "角函", "明治"):
        return False
    following = text[end : end + 3]
    return bool(find(following, following, 0) or find_count(following, 0))


def _dozens(text: str, end: int) -> bool:
    """两打鸡蛋 is 24 eggs; 一打电话 and 打八折 count nothing by the dozen."""
    return bool(
        re.match(
            "打(?![折电算的了开字车工扮针扰包雷听])(?=[\u4e00-\u9fff]|$|[，。])",
            text[end : end + 2],
        )
    )


def _half_counts(text: str, start: int, end: int) -> bool:
    if text[start - 1 : start] == "一" and start:
        return True
    following = text[end : end + 4]
    if following[:1] in ("年", "月", "天", "日", "夜", "价", "周"):
        return following[:1] not in ("夜", "价", "周")
    return bool(find(following, following, 0) or find_count(following, 0))


def _clock_follows(text: str, start: int, end: int) -> bool:
    return text[end : end + 1] in ("分", "刻") or (
        bool(_DAY_PART_BEFORE.search(text[max(start - 4, 0) : start]))
    )


def _neighbours(run: str) -> bool:
    """三四, 七八: two neighbours are "three or four", not a number of two digits."""
    first, second = numerals.DIGITS.get(run[0]), numerals.DIGITS.get(run[1])
    if first is None or second is None:
        return False
    return (second - first == 1 and first > 0) or run == "三五"


def _signed(number: Number, text: str) -> Number:
    start = number.start
    before = text[max(start - 9, 0) : start]
    if before.endswith(("-", "+")):
        lead = before[-2:-1]
        if lead and (
            (lead.isascii() and lead.isalnum()) or lead in ")]}%°\ue000-+~" or lead in "点日号月年"
        ):
            return number
        negative = before[-1] == "-"
        amount = -number.amount if negative else number.amount
        return number._replace(start=start - 1, amount=amount)
    for sign in ("零下", "负"):
        if before.endswith(sign):
            return number._replace(start=start - len(sign), amount=-number.amount)
    word = re.search(r"(?<![a-z])(?:negative|minus) $", before)
    if word and not text[: start - len(word.group())].rstrip()[-1:].isdigit():
        return number._replace(start=start - len(word.group()), amount=-number.amount)
    return number


def _note_after(text: str, end: int) -> str:
    if text[end : end + 1] in ("多", "余", "来", "几") and text[end : end + 1]:
        return "approximate"
    return ""


def _ungrouped(source: Source, number: Number) -> Iterator[Value]:
    """100,200,300 may be three numbers; 1,234,567 hardly, but 1,234 in a list may be two."""
    run = source.lower[number.start : number.end]
    if "." in run or not re.fullmatch("-?[0-9]{3}(?:,[0-9]{3})+", run) or ",000" in run:
        return
    for match in re.finditer("-?[0-9]+", run):
        start, end = number.start + match.start(), number.start + match.end()
        yield source.value("integer", int(match.group()), start, end, note="ambiguous")


_AFTER_KILO = "克瓦卡焦赫帕伏"
_AFTER_SINGLE = frozenset(
    "加减乘除的和与到至或跟是比大小为被元块毛圆、，。；？！折成又点分以倍级号"
)
_DAY_PART_BEFORE = re.compile("[午晨晚夜早]$|[今明后昨][晚早]$|凌晨$")
_VULGAR = {
    "½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3,
    "⅔": Decimal(2) / 3, "⅕": Decimal("0.2"), "⅖": Decimal("0.4"), "⅗": Decimal("0.6"),
    "⅘": Decimal("0.8"), "⅛": Decimal("0.125"), "⅜": Decimal("0.375"), "⅝": Decimal("0.625"),
    "⅞": Decimal("0.875"), "⅙": Decimal(1) / 6, "⅚": Decimal(5) / 6,
}  # fmt: skip
_NUMERAL = "零〇一二两三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾俩仨"
_ANY = _NUMERAL + "百佰千仟万亿兆"
# 5千克 is a unit, not five thousand of 克.
_SCALE = "(?:[十拾百佰仟万亿]|千(?![克米瓦卡焦赫帕伏牛])|兆(?=亿|万))"


@cache
def _digits() -> re.Pattern[str]:
    return re.compile(
        r"(?<![0-9_])(?<![0-9][.])(?P<plain>"
        r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
        r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?![0-9])(?:\.[0-9]+)?"
        r"|[1-9][0-9]{0,2}(?: 000)+(?![0-9])"
        r"|[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3}(?![0-9a-z]))?"
        r"|(?<![a-z0-9)\]])\.[0-9]+)"
        rf"(?:(?P<scale>\ ?{_SCALE}{{1,6}}(?:零?[0-9]{{1,9}}(?:\.[0-9]{{1,9}})?(?![0-9.,:/年月日号-])"
        rf"{_SCALE}{{0,6}}|[{_ANY}]){{0,12}})"
        r"|\ ?(?P<vulgar>[½¼¾⅓⅔⅕⅖⅗⅘⅛⅜⅝⅞⅙⅚])|(?P<letter>[kw])(?![a-z0-9/²³·°]))?"
    )


@cache
def _vulgar_alone() -> re.Pattern[str]:
    return re.compile("(?<![0-9])[½¼¾⅓⅔⅕⅖⅗⅘⅛⅜⅝⅞⅙⅚]")


@cache
def _chinese() -> re.Pattern[str]:
    return re.compile(
        f"(?<![{_ANY}0-9])[{_NUMERAL}][{_ANY}]{{0,40}}(?:点[零〇一二三四五六七八九]{{1,40}}[十百千万亿]{{0,4}})?|半"
    )


@cache
def _english() -> re.Pattern[str]:
    small = "|".join(sorted((*numerals.ONES, *numerals.TENS), key=len, reverse=True))
    scale = "|".join(sorted(numerals.SCALES, key=len, reverse=True))
    word = rf"(?:(?:{small})(?:-(?:{small}))?|{scale}|half|quarter|point)(?:-(?:{scale}))?"
    digits = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
    return re.compile(
        rf"(?<![a-z0-9_.,-])(?:an? )?"
        rf"(?:half an? (?:{scale})|{word}|{digits}(?=[ -](?:{scale})\b| and (?:a half|a quarter)))"
        rf"(?:[ -](?:and )?(?:an? (?=half|quarter))?(?:{word})(?![a-z]))*(?![a-z])"
    )


@cache
def _article() -> re.Pattern[str]:
    return re.compile("(?<![a-z0-9_'’.])(an?)(?= [a-z])")
