"""Words that multiply: twice, doubled, halved, 翻倍, 多一倍.

They are evidence for a number that somebody already has (2 for "twice as many") and no values that
`read` finds: nobody who says "twice" offers a 2 to whatever parameter wants an integer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from funcsmith.readers.characters import fold, lower


def find_factors(text: str) -> Iterator[tuple[float, tuple[int, int]]]:
    """Every multiplying word with its place.

    >>> list(find_factors("It doubled, 又翻了一番"))
    [(2, (3, 10)), (2, (13, 17))]
    """
    folded = lower(fold(text))
    for match in _factor().finditer(folded):
        yield _FACTORS[match.lastgroup or ""], match.span()


_FACTORS = {
    "two": 2, "倍": 2, "three": 3, "four": 4, "番": 4, "half": 0.5, "半": 0.5, "more": 1.5,
}  # fmt: skip


@cache
def _factor() -> re.Pattern[str]:
    # A double room is one room: the bare word multiplies only what is said to be multiplied.
    what = (
        r"(?= (?:the|that|this|those|these|its?|his|her|my|our|your|their|what|every|each|all|of|as"
        r"|in|after)\b| ?[0-9.,;:!?]|$)"
    )
    more = "(?:翻|增|加|多|涨|升|提高|增加|增长|上涨|上升|扩大|增大|大|高|长|快|重|贵|远|宽|厚|深)"
    return re.compile(
        rf"(?<![a-z])(?P<two>twice|two-?fold|doubl(?:ed|es|ing)|double{what})(?![a-z])"
        rf"|(?<![a-z])(?P<three>thrice|three-?fold|(?:tripl|trebl)(?:ed|es|ing)|triple{what})(?![a-z])"
        rf"|(?<![a-z])(?P<four>four-?fold|quadrupl(?:ed|es|ing)|quadruple{what})(?![a-z])"
        r"|(?<![a-z])(?P<half>hal(?:ved|ves|ving))(?![a-z])"
        r"|(?<![a-z])(?P<more>time and a half)(?![a-z])"
        rf"|(?P<倍>{more}了?(?:将近|接近|大约|约)?[一1]倍|翻了?[一1]?番|翻了?倍|加倍|双倍)"
        r"|(?P<番>翻了?[两二2]番)|(?P<半>减半|折半)"
    )


__all__ = ["find_factors"]
