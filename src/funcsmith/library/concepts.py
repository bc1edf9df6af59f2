"""The words of a text as concepts, everyday words, numbers and letters, in its order.

`concepts.tsv` holds the words of computing in both languages. What the concepts of a whole text mean
together is the matter of `meaning.py`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .terms import stem

_LONGEST_ZH = 12
_LONGEST_EN = 6


class Item(NamedTuple):
    key: str
    start: int
    end: int
    kind: str
    """concept, word, number, letter, value or then."""
    chinese: bool


def words_of_concept(key: str, language: str) -> str:
    """The first word for a concept in a language, for people to read."""
    found = _names().get(key.removeprefix("not ").rstrip("?"))
    if found is None:
        return key.removeprefix("not ")
    word = found[language == "en"] or found[language != "en"]
    if key.startswith("not "):
        return f"非{word}" if language == "zh" else f"not {word}"
    return word


_STATED = re.compile(
    r"[\"“「『][^\"”」』]*[\"”」』]|'[^'\s][^']*'(?![a-z])|[\[(]\s*-?\d[^\])]*[\])]"
    r"|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}月\d{1,2}[日号]|\d{1,2}:\d{2}(?::\d{2})?"
    r"|[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+"
    r"|-?\d+(?:\.\d+)?(?:\s*[,、，]\s*-?\d+(?:\.\d+)?)+(?:\s*(?:和|与|and|,\s*and)\s*-?\d+(?:\.\d+)?)?"
    r"|\{\w+\}"
)


def plain_of(text: str) -> str:
    """Width and case folded, values marked, no space beside a Chinese character."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    plain = _STATED.sub(" \ue000 ", plain)
    plain = re.sub(r"'s\b|s'(?=\s)", lambda f: "" if f[0] == "'s" else "s", plain)
    plain = _ROUND.sub(r"\1 \3 \2", plain)
    plain = re.sub(r"(?<=[\u3400-\u9fff])\s+|\s+(?=[\u3400-\u9fff])", "", plain)
    plain = re.sub(r"^((?:求|计算|算|算出|求出)?)几个", r"\1一些", plain)
    # A count of things has its noun behind it; 三个数 does not count counts.
    plain = re.sub(r"(?<=[一二两三四五六七八九十几\d])个数(?![量目])", "个数值", plain)
    # One or two positive integers are what goes in; the positive integers of a list are chosen.
    plain = re.sub(r"(?<=[一二两三四五六\d几]个)正(?=整数)", "", plain)
    plain = re.sub(
        r"\b(a|two|three|four|the two) positive (?=(?:integer|whole number|number)s?\b)",
        r"\1 ",
        plain,
    )
    if re.search("一个整?数(?!组|列)", plain):
        plain = plain.replace("数字", "数位")
    # The unit stays a word of its own.
    plain = re.sub("(?<=[天周月年时钟秒])(?=[前后](?!面))", "以", plain)
    return plain.replace("方和", "方之和")


_ROUND = re.compile(r"\b(round(?:ed|ing)?) ((?:a |an |the )?(?:\w+ )?)(up|down)\b")


_TOKEN = re.compile(r"[a-z\u00c0-\u024f]+|\d+(?:\.\d+)?|[\u3400-\u9fff]|\ue000|[,;.，；。]")
_NUMERAL = re.compile("[零两二三四五六七八九十百千]+")
_NUMBER_WORDS = {
    word: str(at)
    for at, word in enumerate("zero one two three four five six seven eight nine ten".split())
} | {"twelve": "12", "twenty": "20", "hundred": "100", "thousand": "1000"}
_DIGITS = {c: at for at, c in enumerate("零一二三四五六七八九")} | {"两": 2}


def items_of(plain: str) -> list[Item]:
    chinese, english, everyday = _chinese(), _english(), _everyday()
    items: list[Item] = []
    at = 0
    while at < len(plain):
        found = _TOKEN.match(plain, at)
        if found is None:
            at += 1
            continue
        said = found.group()
        key, end = _longest(chinese, plain, at)
        if key and not (said[0].isascii() and not has_chinese(plain[at:end])):
            items.append(Item(key, at, end, "concept", True))
            at = end
        elif said == "\ue000":
            items.append(Item("", at, at + 1, "value", False))
            at += 1
        elif said in ",;.，；。":
            items.append(Item(said, at, at + 1, "then", False))
            at += 1
        elif said[0] >= "\u3400":
            numeral = _NUMERAL.match(plain, at)
            if numeral:
                items.append(Item(_number_of(numeral[0]), at, numeral.end(), "number", True))
                at = numeral.end()
                continue
            word = next(
                (
                    plain[at:e]
                    for e in range(min(len(plain), at + 8), at + 1, -1)
                    if plain[at:e] in everyday
                ),
                said,
            )
            items.append(Item(word, at, at + len(word), "word", True))
            at += len(word)
        else:
            at = _latin(plain, at, english, items)
    return _joined(items)


def _latin(plain: str, at: int, english: dict[tuple[str, ...], str], items: list[Item]) -> int:
    """The longest phrase, word, number or letter that begins here; where it ends."""
    tokens: list[re.Match[str]] = []
    place = at
    while len(tokens) < _LONGEST_EN:
        found = re.compile(r"[\s\-_/]*([a-z\u00c0-\u024f]+|\d+(?:\.\d+)?)").match(plain, place)
        if found is None or (
            tokens and not plain[place : found.start(1)] and _splits(plain, place)
        ):
            break
        tokens.append(found)
        place = found.end()
    for length in range(len(tokens), 0, -1):
        phrase = tuple(_stem(found[1]) for found in tokens[:length])
        key = english.get(phrase)
        if phrase == ("second",):
            # One that follows the first, or a sixtieth of a minute: only the plural tells.
            key = "second" if tokens[0][1] == "second" else "unit.second"
        if phrase == ("decimal",) and items and items[-1].kind == "number":
            key = "decimals"
        if phrase == (_stem("times"),):
            key = "time" if tokens[0][1] == "time" else "~measure"
        if key is None or (length == 1 and _is_letter(tokens[0][1], plain, tokens[0].end())):
            continue
        items.append(Item(key, at, tokens[length - 1].end(), "concept", False))
        return tokens[length - 1].end()
    word, end = tokens[0][1], tokens[0].end()
    if word[0].isdigit():
        ordinal = re.compile(r"(st|nd|rd|th)\b").match(plain, end)
        if ordinal:
            items.append(Item("nth", at, ordinal.end(), "concept", False))
            end = ordinal.end()
        items.append(Item(f"{float(word):g}", at, end, "number", False))
    elif word in _NUMBER_WORDS:
        items.append(Item(_NUMBER_WORDS[word], at, end, "number", False))
    elif len(word) == 1:
        items.append(Item(word, at, end, "letter", False))
    else:
        items.append(Item(_stem(word), at, end, "word", False))
    return end


def _splits(plain: str, place: int) -> bool:
    """Whether a digit follows a letter or the other way round, so that 5km is two tokens."""
    return plain[place - 1].isdigit() == plain[place].isdigit()


def _is_letter(word: str, plain: str, end: int) -> bool:
    """Whether a single letter is a variable here, where it could be the article."""
    if len(word) != 1:
        return False
    if word != "a":
        return word != "i"
    behind = plain[end : end + 12].lstrip()
    return (
        not behind
        or behind[0] >= "\u3400"
        or bool(
            re.match(
                r"(?:and b|,|divided|minus|by b|from b|to b|times|plus|to the|is |\.|mod)", behind
            )
        )
        or bool(has_chinese(plain[max(0, end - 3) : end]))
    )


def _joined(items: list[Item]) -> list[Item]:
    """Neighbouring characters that no dictionary knows are one word."""
    found: list[Item] = []
    for item in items:
        last = found[-1] if found else None
        if (
            item.kind == "word"
            and item.chinese
            and len(item.key) == 1
            and last is not None
            and last.kind == "word"
            and last.chinese
            and last.end == item.start
            and last.key not in _everyday()
        ):
            found[-1] = last._replace(key=last.key + item.key, end=item.end)
        else:
            found.append(item)
    return found


def _number_of(numeral: str) -> str:
    """A Chinese numeral below ten thousand as a short decimal."""
    total = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return str(total + digit)


def _longest(words: dict[str, str], plain: str, at: int) -> tuple[str, int]:
    for end in range(min(len(plain), at + _LONGEST_ZH), at, -1):
        key = words.get(plain[at:end])
        if key is not None:
            return key, end
    return "", at


def has_chinese(text: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" for c in text)


@cache
def _lines() -> list[tuple[str, list[str], list[str]]]:
    written = Path(__file__).with_name("concepts.tsv").read_text("utf-8")
    found = []
    for line in written.splitlines():
        if line and not line.startswith("#"):
            key, chinese, english = [*line.split("\t"), "", ""][:3]
            found.append(
                (key, [w for w in chinese.split("|") if w], [w for w in english.split("|") if w])
            )
    return found


@cache
def _names() -> dict[str, tuple[str, str]]:
    return {
        key.rstrip("?"): ((zh or [""])[0], (en or [""])[0]) for key, zh, en in reversed(_lines())
    }


@cache
def _chinese() -> dict[str, str]:
    # 偶数的 is 偶数: the 的 behind it may belong to 的和.
    return {
        (word[:-1] if len(word) > 1 and word.endswith("的") else word).replace(" ", "").lower(): key
        for key, words, _ in _lines()
        for word in words
    }


@cache
def _english() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for key, _, phrases in _lines():
        for phrase in phrases:
            stems = tuple(
                _stem(word)
                for word in re.findall(r"[a-z\u00c0-\u024f]+|\d+(?:\.\d+)?", phrase.lower())
            )
            found[stems] = key
    return found


@cache
def _everyday() -> dict[str, list[str]]:
    from .lexicon import chinese_words

    return chinese_words()


@lru_cache(8192)
def _stem(word: str) -> str:
    return stem(word) if len(word) > 2 else word


__all__ = ["Item", "has_chinese", "items_of", "plain_of", "words_of_concept"]
