"""What can be seen to be wrong from outside, without knowing the answer.

A clock that shows 32 o'clock, two and a half persons, a number in the body that nobody stated, a
number of the text that nothing looks at. None of it proves an error: it is a reason for doubt.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..readers import Value
from ..syntax import parse

_CLOCK = re.compile(r"(?:^|\D)(\d{1,3}):(\d{2})(?::\d{2})?(?!\d)")
_THINGS = re.compile(
    r"(?:几|多少)(?:个(?!小时|月|半|百分)|人|名|位|张|本|辆|箱|盒|次|页|只|头|棵|件|套|趟|排|桌|瓶|袋|块(?!钱)|间|份|颗|枚|台|把|条|根|艘|组|对|双)"
    r"|\bhow many (?:(?:full|whole|complete|more|extra|such|new|other|different|of the) )?(?!(?:hours?|minutes?|seconds?|days?|weeks?|months?|years?"
    r"|miles?|kilo\w+|km|kg|metres?|meters?|centi\w+|cm|mm|lit(?:re|er)s?|ml|grams?|pounds?|ounces?"
    r"|dollars?|euros?|yuan|yen|degrees?|square|cubic|calories|times|cups?|tons?|tonnes?|inches|feet"
    r"|points?|percent)\b)[a-z]+s\b",
    re.IGNORECASE,
)
_MEAN = re.compile(r"平均|均|每[人天个]|\b(?:average|mean|per|each)\b", re.IGNORECASE)


def implausible(text: str, value: Any) -> bool:
    """Whether a result cannot be what was asked for.

    >>> implausible("几点能到？", "32:15"), implausible("需要几辆车？", 2.5)
    (True, True)
    >>> implausible("几点能到？", "08:15"), implausible("平均每人几个？", 2.5)
    (False, False)
    """
    if isinstance(value, str):
        if "24:" in text or ":" not in value:
            return False
        return any(int(h) > 23 or int(m) > 59 for h, m in _CLOCK.findall(value))
    if isinstance(value, float) and value != int(value):
        return bool(_THINGS.search(text)) and not _MEAN.search(text)
    return False


def mistyped(returns: Mapping[str, Any], value: Any) -> str:
    """What a value is, where a function says that it returns something else; else "".

    `returns` is the JSON Schema of the annotation; None is said by other means.

    >>> mistyped({"type": "object"}, "North"), mistyped({"type": "number"}, 3)
    ('str', '')
    """
    wanted = _TYPES.get(str(returns.get("type")))
    return (
        "" if wanted is None or value is None or isinstance(value, wanted) else type(value).__name__
    )


def asks_for_one(text: str) -> bool:
    """Whether a text asks for the one that is most of something.

    >>> asks_for_one("哪个地区卖得最多？"), asks_for_one("哪两个地区卖得最多？")
    (True, False)
    """
    return bool(_THE_ONE.search(text)) and not _SEVERAL.search(text)


_THE_ONE = re.compile(
    r"(?:哪(?!些|几|[二两三四五六七八九十\d])|谁).{0,30}最|最.{1,30}(?:是哪(?!些|几|[二两三四五六七八九十\d])|是谁)"
    r"|\b(?:which|who|what)\b(?! (?:are|were)\b).{0,60}\b(?:most|least|best|worst"
    r"|(?!forest|interest|request|harvest|contest|guest|protest)\w{2,}est)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"最[^，。；]{1,12}的?\s*[\d二两三四五六七八九十几]+\s*[个名位家条本天种款项次]|各|每|分别|依次"
    r"|\bwhich (?:\w*[^s\W]s|two|three|four|five|six|ten|\d+)\b|\beach\b|\bevery\b|\bper\b|\bby\b"
    r"|\b(?:most|least|\w+est) (?:two|three|four|five|six|ten|\d+)\b"
    r"|\b(?:two|three|four|five|six|ten|\d+) (?:most|least|\w+est)\b",
    re.IGNORECASE,
)


def entries_of(value: Any) -> int:
    """How many groups or rows a value has that are more than one winner and those beside it; else 0.

    >>> entries_of({"华东": 3, "华南": 5, "西南": 1}), entries_of({"地区": "华南", "数量": 5})
    (3, 0)
    """
    if isinstance(value, dict):
        inside = all(isinstance(one, (int, float, list, dict)) for one in value.values())
    else:
        inside = isinstance(value, list) and all(isinstance(one, (list, dict)) for one in value)
    return len(value) if inside and len(value) > _TIES else 0


_TIES = 2


def asks_for_average(text: str) -> bool:
    """Whether a text asks for an average and not for a rate, which may be anything.

    >>> asks_for_average("平均年龄"), asks_for_average("平均每人的年龄")
    (True, False)
    """
    return bool(_AVERAGE.search(text)) and not _RATE.search(text)


_AVERAGE = re.compile(r"平均|均值|中位|\b(?:average|mean|median)\b", re.IGNORECASE)
_RATE = re.compile(
    r"每|占|率|比|除以|百分|\b(?:per|each|every|ratio|rate|share|percent\w*|difference)\b|%",
    re.IGNORECASE,
)


def no_average(value: Any, columns: Sequence[Sequence[float]]) -> bool:
    """Whether a value, or one of its groups, lies outside what the columns hold.

    >>> no_average(1295.0, [[18, 40]]), no_average({"a": 20.5}, [[18, 40]]), no_average(7, [])
    (True, False, False)
    """
    held = [number for column in columns for number in column]
    if not held:
        return False
    given = list(value.values()) if isinstance(value, dict) else [value]
    numbers = [n for n in given if isinstance(n, (int, float)) and not isinstance(n, bool)]
    low, high = min(held), max(held)
    slack = _SLACK * max(abs(low), abs(high))
    return any(not low - slack <= number <= high + slack for number in numbers)


_SLACK = 0.005
"""What rounding may do to an average of values that are all the same."""
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list, tuple),
    "string": (str,),
    "number": (int, float),
    "integer": (int, float),
}

_PLACES = re.compile(
    r"保留(?:到|至)?(?:小数点后)?(?P<zh>[一二两三四五六]|\d)位(?:小数)?|小数点后(?:第)?(?P<zh2>[一二两三四五六]|\d)位"
    r"|\b(?P<en>one|two|three|four|five|six|\d)[- ](?:decimals?\b|decimal (?:place|digit|point)s?\b|d\.?p\b)"
    r"|(?P<cents>\bround(?:ed)? (?:it )?to (?:the (?:nearest )?)?cents?\b|\bto the nearest cent\b|精确到分(?!钟))"
    r"|精确到\s*0\.(?P<zeros>0*)1(?!\d)",
    re.IGNORECASE,
)
_DIGIT = {
    **dict(zip("一二三四五六", range(1, 7), strict=True)), "两": 2,
    **dict(zip(("one", "two", "three", "four", "five", "six"), range(1, 7), strict=True)),
}  # fmt: skip


def places_wanted(text: str) -> int | None:
    """How many digits behind the point a text asks for; None where it does not say.

    >>> places_wanted("保留两位小数"), places_wanted("to 1 decimal place"), places_wanted("3 个")
    (2, 1, None)
    """
    found = {_places(match) for match in _PLACES.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _places(match: re.Match[str]) -> int:
    if match["cents"]:
        return 2
    if match["zeros"] is not None:
        return len(match["zeros"]) + 1
    said = (match["zh"] or match["zh2"] or match["en"]).lower()
    return _DIGIT.get(said) or int(said)


_KNOWN = frozenset(
    [
        *range(13), 24, 26, 28, 29, 30, 31, 52, 60, 90, 180, 360, 365, 366, 400, 1024, 3600, 7200,
        86400, 0.5, 0.25, 0.75, 1.5, 0.1, 0.01, 0.001, 1.8, 2.5, 3.6, 9.8, 32, 64, 65, 97, 127, 255,
    ]
)  # fmt: skip
_DIGITS = 3


def invented(source: str, name: str, values: Sequence[Value]) -> list[float]:
    """The numbers in a function's body that the text does not state and not everybody knows.

    Those of three digits and more (2.54 would do, 273.15, 1609) are units' factors, not guesses.

    >>> invented("def left(pages, days):\\n    return pages - days * 20", "left", [])
    [20]
    """
    stated = {number for value in values for number in _numbers(value.value)}
    found: list[float] = []
    for node in parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            for inner in (n for statement in node.body for n in ast.walk(statement)):
                if isinstance(inner, ast.Constant):
                    found += [n for n in _numbers(inner.value) if not _known(n, stated)]
    return list(dict.fromkeys(found))


def _numbers(value: Any) -> list[float]:
    if isinstance(value, list):
        return [number for one in value for number in _numbers(one)]
    return [value] if type(value) in (int, float) else []


def _known(number: float, stated: set[float]) -> bool:
    shares = (round(one * 100, 9) for one in (number, 1 - number))
    if number in _KNOWN or not stated.isdisjoint({number, *_other_forms(number), *shares}):
        return True
    digits = f"{number:.15g}".replace(".", "").strip("0")
    return len(digits) >= _DIGITS or digits == "1"


def overlooked(text: str, source: str, unused: Sequence[Value]) -> list[Value]:
    """Those of the unused values of a text that the code does not name either.

    How many digits a number has, and its base, is often better said in other ways.
    """
    written = {
        str(node.value) if isinstance(node.value, str) else node.value
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float, str))
    }
    return [
        v
        for v in unused
        if v.unit not in ("位数", "进制")
        and not _DIGITS_OF.match(text, v.end)
        and not {v.value, v.text, *_other_forms(v.value)} & written
    ]


_DIGITS_OF = re.compile(r"[- ]?(?:decimals?|significant|digits?|places|d\.?p\.?)\b", re.IGNORECASE)


def _other_forms(value: Any) -> set[float]:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return set()
    return {round(value / 100, 9), round(1 - value / 100, 9), round(1 + value / 100, 9)}


__all__ = [
    "asks_for_average",
    "asks_for_one",
    "entries_of",
    "implausible",
    "invented",
    "mistyped",
    "no_average",
    "overlooked",
    "places_wanted",
]
