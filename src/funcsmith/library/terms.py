"""The words of a text that a search goes by, in Chinese and English.

English: lower case, split at underscores and camelCase, a light stemmer. Chinese: pairs of
characters, and single ones for less. Numbers are values, not words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

UNIGRAM = 0.3
"""What a single Chinese character counts beside a pair."""
TRANSLATED = 0.6
"""What a translated term counts beside one of the text's own."""

_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
_STOP_EN = frozenset(
    """a an and are as at be by calculate can compute do does each find for from function get give
    given gives have how i if in input into is it its let list me much many number numbers of on or
    output please print return returns should string text than that the then there these this to
    value want was we what when where which with write you your""".split()
)
_STOP_ZH = re.compile(
    "给定|给出|一个|一些|一共|返回|输出|输入|计算|求出|请问|请你|帮我|多少|函数|什么|怎么|这个|那个|"
    "如果|其中|所有|可以|需要|得到|以及|或者|还是|编写|写出|[的了在是有和与把将给从到为对个请求出用这那吗呢第]"
)


def terms(text: str) -> dict[str, float]:
    """The terms of a text with what each counts.

    >>> sorted(terms("monthlyPayment of 房贷"))
    ['monthly', 'payment', '房', '房贷', '贷']
    """
    found: dict[str, float] = {}
    for chunk in chunks(text):
        if not is_chinese(chunk):
            found.update(dict.fromkeys(stems(chunk), 1.0))
            continue
        for piece in _STOP_ZH.split(chunk):
            for pair in pairwise(piece):
                found["".join(pair)] = 1.0
            for character in piece:
                found[character] = UNIGRAM
    return found


def chunks(text: str) -> list[str]:
    """The runs of Latin letters and of Chinese characters, width folded."""
    return _chunk().findall(unicodedata.normalize("NFKC", text))


@cache
def _chunk() -> re.Pattern[str]:
    # Not at import: a saved function is found without it, and it takes 1 ms to compile.
    return re.compile(r"[A-Za-z\u00c0-\u024f]+|[\u3400-\u9fff\U00020000-\U0003ffff]+")


def is_chinese(chunk: str) -> bool:
    return chunk[:1] >= "\u3400"


def stems(chunk: str) -> list[str]:
    """The informative words of an English chunk in their order, each without its ending.

    >>> stems("getHTTPRequests")
    ['http', 'request']
    """
    words = [part.lower() for part in _CAMEL.findall(chunk)]
    return [stem(word) for word in words if len(word) > 1 and word not in _STOP_EN]


def stem(word: str) -> str:
    """A word without its ending, so that plural and tense do not hide it.

    >>> [stem(w) for w in ("rate", "rates", "squares", "sorted", "sorting", "classes", "cities")]
    ['rat', 'rat', 'squar', 'sort', 'sort', 'class', 'city']
    """
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _single(word[: -len(ending)] + instead)
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def weighted(fields: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The terms of several fields, each with the weight of the best field it stands in."""
    found: dict[str, float] = {}
    for text, weight in fields:
        for term in terms(text):
            found[term] = max(found.get(term, 0.0), weight)
    return found


def _single(word: str) -> str:
    """`runn` → `run`, but `class` and `sell` stay."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word
