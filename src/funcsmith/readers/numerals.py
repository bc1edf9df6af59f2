"""Numerals as written: what number a run of digits, Chinese numerals or English words says.

Here nothing is searched for: each function is given the whole run (folded, lower case) and says
its number, or None where the run is not one. Places and meanings are the business of `numbers`.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

DIGITS = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    "〇": 0, "两": 2, "俩": 2, "仨": 3, "幺": 1,
}  # fmt: skip
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
BIG_UNITS = {"万": 10**4, "亿": 10**8, "兆": 10**12}
TENS_SHORT = {"廿": 20, "卅": 30}
ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: number * 10
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
TENS["fourty"] = 40
SCALES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "hundreds": 100, "thousands": 10**3, "millions": 10**6, "billions": 10**9,
    "dozen": 12, "dozens": 12, "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7,
}  # fmt: skip
LETTER_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mm": 10**6, "b": 10**9, "bn": 10**9}
_LONGEST = 300


def digits(run: str) -> Decimal | None:
    """The number that a run of ASCII digits says, with grouping and exponent.

    >>> digits("1,234.50")
    Decimal('1234.50')
    """
    if len(run) > _LONGEST:
        return None
    try:
        number = Decimal(run.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    # Beyond this a float is infinite and an integer would take megabytes.
    return number if number.is_finite() and abs(number.adjusted()) <= _LONGEST else None


def chinese(run: str) -> Decimal | None:
    """The number that a run of Chinese numerals says, mixed with digits or not.

    >>> chinese("两千零八"), chinese("一万二"), chinese("3万5千"), chinese("二〇二六")
    (Decimal('2008'), Decimal('12000'), Decimal('35000'), Decimal('2026'))
    """
    if len(run) > _LONGEST or not run:
        return None
    if "点" in run:
        return _with_point(run)
    signs = _TOKEN.findall(run)
    if "".join(signs) != run:
        return None
    if all(sign in DIGITS for sign in signs):
        if any(sign in "两俩仨" for sign in signs) and len(signs) > 1:
            return None
        return Decimal("".join(str(DIGITS[sign]) for sign in signs))
    return _with_units(signs)


def english(words: list[str]) -> Decimal | None:
    """The number that English number words say; digits may begin or stand among them.

    >>> english("a hundred and five".split()), english("three and a half".split())
    (Decimal('105'), Decimal('3.5'))
    """
    if "point" in words:
        return _english_point(words)
    if words[:2] in (["half", "a"], ["half", "an"]):
        number = Decimal("0.5")
        for word in words[2:]:
            if word not in SCALES:
                return None
            number *= SCALES[word]
        return number
    total = section = Decimal(0)
    room = 0
    smallest: int | None = None
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word == "and":
            if last or place == 0:
                return None
        elif word in ("a", "an"):
            if not last and words[place + 1] in ("half", "quarter"):
                continue
            if last or words[place + 1] not in SCALES or section:
                return None
            section, room = Decimal(1), 0
        elif word in ("half", "quarter"):
            if not last or (place and words[place - 1] not in ("a", "an")):
                return None
            section += Decimal("0.5") if word == "half" else Decimal("0.25")
        elif word in SCALES:
            scale = SCALES[word]
            section = section or Decimal(1)
            if scale == 100:
                if section >= 100:
                    return None
                section, room = section * 100, 100
            elif scale == 12:
                section, room = section * 12, 0
            else:
                if smallest is not None and scale >= smallest:
                    return None
                total, section, smallest, room = total + section * scale, Decimal(0), scale, 1000
        else:
            small = _english_small(word)
            if small is None or (section and small >= (room or 1)):
                return None
            section += small
            room = 10 if word in TENS else 0
    return total + section


def _with_units(signs: list[str]) -> Decimal | None:
    total = section = Decimal(0)
    current: Decimal | None = None
    last_unit = 0
    section_room = 10**5
    after_zero = False
    for place, sign in enumerate(signs):
        if sign in UNITS or sign in TENS_SHORT:
            unit = UNITS.get(sign, 10)
            if current is None:
                # Only ten may stand without a digit: 十五, 一百十五.
                if unit != 10:
                    return None
                current = Decimal(TENS_SHORT.get(sign, 10) // 10)
            if unit >= section_room:
                return None
            section += current * unit
            current, last_unit, section_room, after_zero = None, unit, unit, False
        elif sign in BIG_UNITS:
            unit = BIG_UNITS[sign]
            section += current or 0
            if not section and not total:
                return None
            if section:
                total = (total + section) * unit if total < unit else total + section * unit
            else:
                total *= unit
            section, current, last_unit, section_room = Decimal(0), None, unit, 10**5
            after_zero = False
        else:
            if sign in "零〇" and len(signs) > 1:
                if current is not None:
                    return None
                after_zero = True
                continue
            if current is not None:
                return None
            current = Decimal(DIGITS[sign]) if sign in DIGITS else digits(sign)
            if current is None:
                return None
            tail = place == len(signs) - 1 and len(sign) == 1 and last_unit and not after_zero
            if tail and sign != "俩":
                # 三千五 is 3500: the last unit's tenth goes without saying.
                current = current * last_unit / 10
    return total + section + (current or 0)


def _with_point(run: str) -> Decimal | None:
    whole, _, rest = run.partition("点")
    if not whole or not rest or "点" in rest:
        return None
    big = re.search("[十百千]?[万亿]+$", rest)
    decimals, scale = (rest[: big.start()], big.group()) if big else (rest, "")
    number = chinese(whole)
    if number is None or not decimals:
        return None
    if not all(char in DIGITS or char in "0123456789" for char in decimals):
        return None
    places = "".join(str(DIGITS.get(char, char)) for char in decimals)
    factor = 1
    for char in scale:
        factor *= UNITS.get(char) or BIG_UNITS[char]
    return (number + Decimal("0." + places)) * factor


def _english_small(word: str) -> Decimal | None:
    if word in ONES:
        return Decimal(ONES[word])
    if word in TENS:
        return Decimal(TENS[word])
    ten, _, one = word.partition("-")
    if one and ten in TENS and 0 < ONES.get(one, 0) < 10:
        return Decimal(TENS[ten] + ONES[one])
    return digits(word) if word[:1].isdigit() and word.isascii() else None


def _english_point(words: list[str]) -> Decimal | None:
    place = words.index("point")
    scale = 1
    while words and words[-1] in SCALES:
        scale *= SCALES[words[-1]]
        words = words[:-1]
    whole = english(words[:place])
    places = [_english_small(word) for word in words[place + 1 :]]
    if whole is None or not places or place == 0 or any(one is None for one in places):
        return None
    return (whole + Decimal("0." + "".join(str(one) for one in places))) * scale


_TOKEN = re.compile("[0-9]+(?:,[0-9]{3})*(?:[.][0-9]+)?|[^0-9]")
