"""The 500 functions of the reuse benchmark, as sources: those of functions.txt, and four families.

A family is a table of real functions that differ in one thing (which unit, which numbers, which
characters): those are the neighbours that a text may be mistaken for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from funcsmith.library.saved import hashed, now

FOLDER = Path(__file__).parent / "reuse"
MODULES = "bisect calendar datetime functools itertools math os re statistics".split()


@dataclass(frozen=True)
class Row:
    """One function: what it is called, the text that it was made for, its source."""

    name: str
    text: str
    source: str


def rows() -> list[Row]:
    """Every function, in the same order each time; names are distinct."""
    found = [*_written(), *_units(), *_aggregates(), *_characters(), *_orders(), *_dates()]
    assert len({row.name for row in found}) == len(found)
    return found


def write(folder: Path, wanted: Iterable[Row]) -> None:
    """The files of functions, each with its record; directly, since `Library.add` waits for the disk.

    The factorial has a sample of its own, the others an empty one.
    """
    folder.mkdir()
    for one in wanted:
        record = {
            "format": 1, "name": one.name, "sha256": hashed(one.source), "origin": "generated",
            "language": "en", "verdict": "runs", "evidence": [], "aliases": [], "grants": {},
            "texts": [
                {
                    "text": one.text, "template": None, "at": now(),
                    "arguments": {"n": 5} if one.name == "factorial" else {},
                }
            ],
            "created": now(), "updated": now(),
        }  # fmt: skip
        (folder / f"{one.name}.py").write_text(one.source, "utf-8")
        (folder / f"{one.name}.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")


def row(head: str, text: str, body: str) -> Row:
    """One function from its head and its body, an expression or statements."""
    statements = body.split("; ")
    if not statements[-1].startswith("return "):
        statements[-1] = f"return {statements[-1]}"
    used = [m for m in MODULES if re.search(rf"\b{m}\.", f"{head} {body}")]
    lines = [f"import {module}" for module in used]
    lines += ["", ""] if lines else []
    lines += [f"def {head}:", f'    """{text}{"。" if re.search("[一-鿿]", text) else "."}"""']
    lines += [f"    {statement}" for statement in statements]
    return Row(head.partition("(")[0], text, "\n".join(lines) + "\n")


def _written() -> Iterator[Row]:
    for line in FOLDER.joinpath("functions.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield row(*line.split(" | ", 2))


def _units() -> Iterator[Row]:
    units = {
        "km": ("公里", "kilometres"), "mile": ("英里", "miles"), "m": ("米", "metres"),
        "foot": ("英尺", "feet"), "cm": ("厘米", "centimetres"), "inch": ("英寸", "inches"),
        "yard": ("码数", "yards"), "kg": ("公斤", "kilograms"), "pound": ("磅", "pounds"),
        "g": ("克", "grams"), "ounce": ("盎司", "ounces"), "jin": ("斤", "jin"),
        "litre": ("升", "litres"), "gallon": ("加仑", "gallons"), "ml": ("毫升", "millilitres"),
        "m2": ("平方米", "square metres"), "ft2": ("平方英尺", "square feet"),
        "mu": ("亩", "mu"), "hectare": ("公顷", "hectares"), "acre": ("英亩", "acres"),
        "kmh": ("公里每小时", "kilometres per hour"), "mph": ("英里每小时", "miles per hour"),
        "ms": ("米每秒", "metres per second"), "hour": ("小时", "hours"),
        "minute": ("分钟", "minutes"), "second": ("秒", "seconds"), "day": ("天", "days"),
        "week": ("周", "weeks"), "mb": ("MB", "megabytes"), "gb": ("GB", "gigabytes"),
        "kb": ("KB", "kilobytes"), "kcal": ("千卡", "kilocalories"), "kj": ("千焦", "kilojoules"),
        "celsius": ("摄氏度", "Celsius"), "fahrenheit": ("华氏度", "Fahrenheit"),
        "kelvin": ("开尔文", "kelvin"),
    }  # fmt: skip
    factors = {
        ("km", "mile"): "/ 1.609344", ("m", "foot"): "/ 0.3048", ("cm", "inch"): "/ 2.54",
        ("m", "yard"): "/ 0.9144", ("m", "cm"): "* 100", ("km", "m"): "* 1000",
        ("kg", "pound"): "/ 0.45359237", ("g", "ounce"): "/ 28.349523125", ("kg", "jin"): "* 2",
        ("kg", "g"): "* 1000", ("litre", "gallon"): "/ 3.785411784", ("litre", "ml"): "* 1000",
        ("m2", "ft2"): "/ 0.09290304", ("hectare", "mu"): "* 15", ("hectare", "acre"): "* 2.4710538",
        ("kmh", "mph"): "/ 1.609344", ("ms", "kmh"): "* 3.6", ("hour", "minute"): "* 60",
        ("minute", "second"): "* 60", ("hour", "second"): "* 3600", ("day", "hour"): "* 24",
        ("week", "day"): "* 7", ("gb", "mb"): "* 1024", ("mb", "kb"): "* 1024",
        ("kcal", "kj"): "* 4.184",
    }  # fmt: skip
    turn = count()

    def one(source: str, target: str, body: str) -> Row:
        chinese = next(turn) % 2
        (a_zh, a_en), (b_zh, b_en) = units[source], units[target]
        text = f"把{a_zh}换算成{b_zh}" if chinese else f"Convert {a_en} to {b_en}"
        return row(f"{source}_to_{target}({source}: float) -> float", text, body)

    for (source, target), factor in factors.items():
        yield one(source, target, f"{source} {factor}")
        inverse = factor.translate(str.maketrans("*/", "/*"))
        yield one(target, source, f"{target} {inverse}")
    yield one("celsius", "fahrenheit", "celsius * 9 / 5 + 32")
    yield one("fahrenheit", "celsius", "(fahrenheit - 32) * 5 / 9")
    yield one("celsius", "kelvin", "celsius + 273.15")
    yield one("kelvin", "celsius", "kelvin - 273.15")


def _aggregates() -> Iterator[Row]:
    which = {
        "even": ("偶数", "even numbers", "n % 2 == 0"),
        "odd": ("奇数", "odd numbers", "n % 2 == 1"),
        "positive": ("正数", "positive numbers", "n > 0"),
        "negative": ("负数", "negative numbers", "n < 0"),
        "above": ("大于 k 的数", "numbers greater than k", "n > k"),
        "below": ("小于 k 的数", "numbers less than k", "n < k"),
        "at_least": ("不小于 k 的数", "numbers that are at least k", "n >= k"),
        "at_most": ("不大于 k 的数", "numbers that are at most k", "n <= k"),
        "divisible": ("能被 k 整除的数", "numbers divisible by k", "n % k == 0"),
    }
    what = {
        "sum": ("求列表中{}的和", "Add up the {} in a list", "sum(n for n in numbers if {})", "int"),
        "count": ("统计列表中{}的个数", "Count the {} in a list", "sum({} for n in numbers)", "int"),
        "mean": (
            "求列表中{}的平均值", "Compute the average of the {} in a list",
            "statistics.fmean(n for n in numbers if {})", "float",
        ),
        "keep": ("筛选出列表中的{}", "Keep only the {} of a list", "[n for n in numbers if {}]", "list[int]"),
        "drop": ("删除列表中的{}", "Remove the {} from a list", "[n for n in numbers if not {}]", "list[int]"),
    }  # fmt: skip
    turn = count()
    for name, (zh, en, test) in which.items():
        for verb, (says_zh, says_en, body, gives) in what.items():
            text = says_zh.format(zh) if next(turn) % 2 else says_en.format(en)
            more = ", k: int" if "k" in test else ""
            head = f"{verb}_{name}(numbers: list[int]{more}) -> {gives}"
            yield row(head, text, body.format(f"({test})"))


def _characters() -> Iterator[Row]:
    which = {
        "vowels": ("元音字母", "vowels", 'c.lower() in "aeiou"'),
        "consonants": ("辅音字母", "consonants", 'c.isalpha() and c.lower() not in "aeiou"'),
        "digits": ("数字字符", "digits", "c.isdigit()"),
        "capitals": ("大写字母", "capital letters", "c.isupper()"),
        "small_letters": ("小写字母", "lowercase letters", "c.islower()"),
        "punctuation": ("标点符号", "punctuation marks", "not c.isalnum() and not c.isspace()"),
        "letters": ("英文字母", "letters", "c.isalpha()"),
    }
    what = {
        "count": ("统计字符串中{}的个数", "Count the {} in a string", "sum({} for c in text)", "int"),
        "strip": ("去掉字符串中的{}", "Remove all {} from a string", '"".join(c for c in text if not ({}))', "str"),
        "only": ("提取字符串中的{}", "Extract the {} of a string", '"".join(c for c in text if {})', "str"),
    }  # fmt: skip
    turn = count()
    for name, (zh, en, test) in which.items():
        for verb, (says_zh, says_en, body, gives) in what.items():
            text = says_zh.format(zh) if next(turn) % 2 else says_en.format(en)
            yield row(f"{verb}_{name}(text: str) -> {gives}", text, body.format(test))


def _orders() -> Iterator[Row]:
    keys = {
        "numbers": ("数字", "a list of numbers", "numbers: list[int]", ""),
        "words_by_length": ("按长度把字符串列表", "a list of strings by length", "items: list[str]", "key=len"),
        "by_absolute": ("按绝对值把列表", "a list of numbers by absolute value", "numbers: list[int]", "key=abs"),
        "by_digit_sum": (
            "按各位数字之和把列表", "a list of integers by the sum of their digits", "numbers: list[int]",
            "key=lambda n: sum(map(int, str(abs(n))))",
        ),
    }  # fmt: skip
    turn = count()
    for name, (zh, en, parameter, key) in keys.items():
        for down in (False, True):
            chinese = next(turn) % 3
            order = (
                ("从大到小", "in descending order") if down else ("从小到大", "in ascending order")
            )
            subject = "把列表中的数" if name == "numbers" else zh
            text = f"{subject}{order[0]}排序" if chinese else f"Sort {en} {order[1]}"
            what = parameter.partition(":")[0]
            options = ", ".join(filter(None, [what, key, "reverse=True" if down else ""]))
            head = f"sort_{name}_{'down' if down else 'up'}({parameter}) -> {parameter[len(what) + 2 :]}"
            yield row(head, text, f"sorted({options})")


def _dates() -> Iterator[Row]:
    days = "start: datetime.date, end: datetime.date"
    yield row(f"days_between({days}) -> int", "计算两个日期之间相差多少天", "(end - start).days")
    yield row(
        f"weeks_between({days}) -> int",
        "Compute the number of whole weeks between two dates",
        "(end - start).days // 7",
    )
    yield row(
        f"months_between({days}) -> int",
        "计算两个日期之间相差几个月",
        "(end.year - start.year) * 12 + end.month - start.month",
    )
    yield row(
        f"years_between({days}) -> int",
        "Compute the number of years between two dates",
        "end.year - start.year",
    )
    for unit, zh, en in (("days", "天", "days"), ("weeks", "周", "weeks")):
        for sign, after, later in (("+", "后", "after"), ("-", "前", "before")):
            text = (
                f"求某个日期 n {zh}{after}的日期"
                if (unit == "days") == (sign == "+")
                else f"Find the date n {en} {later} a date"
            )
            yield row(
                f"date_{later}_{unit}(day: datetime.date, n: int) -> datetime.date",
                text,
                f"day {sign} datetime.timedelta({unit}=n)",
            )
