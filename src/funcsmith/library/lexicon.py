"""The same things said in Chinese and in English, so that either finds what the other describes.

`lexicon.tsv` holds the words, one concept a line. It is read when a text is first translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from .terms import CHUNK, is_chinese, stems, terms

TRANSLATED = 0.6
"""What a translated term counts beside one of the text's own."""
PIECE = 0.3
"""The same for a word of an English phrase, or a character of a Chinese word."""

_LONGEST = 4  # words of an English phrase


def translations(text: str) -> dict[str, float]:
    """What the other language calls the things in a text, as terms with what each counts.

    >>> translations("汇率")
    {'exchang': 0.3, 'rat': 0.6}
    >>> translations("recipes")["菜谱"]
    0.6
    """
    found: dict[str, float] = {}
    for word in (*_from_chinese(text), *_from_english(text)):
        for term, counts in _counted(word):
            found[term] = max(found.get(term, 0.0), counts)
    return found


def _from_chinese(text: str) -> Iterator[str]:
    """The English of the longest known words; a word inside a longer one says nothing itself."""
    for chunk in filter(is_chinese, CHUNK.findall(text)):
        known, longest = _chinese()
        reached = 0
        for start in range(len(chunk)):
            for end in range(min(len(chunk), start + longest), max(start, reached), -1):
                word = chunk[start:end]
                if word in known and (end - start > 1 or start >= reached):
                    reached = end
                    yield from known[word]
                    break


def _from_english(text: str) -> Iterator[str]:
    """The Chinese of the longest known phrases."""
    words = [stem for chunk in CHUNK.findall(text) if not is_chinese(chunk) for stem in stems(chunk)]
    start = 0
    while start < len(words):
        known = _english()
        for length in range(_LONGEST, 0, -1):
            phrase = tuple(words[start : start + length])
            if phrase in known:
                yield from known[phrase]
                start += len(phrase) - 1
                break
        start += 1


@lru_cache(8192)
def _counted(word: str) -> tuple[tuple[str, float], ...]:
    """The terms of a word or phrase with what each counts as a translation."""
    found = terms(word)
    chinese = is_chinese(word)
    if len(found) == 1:
        return tuple((term, TRANSLATED) for term in found)
    return tuple((t, TRANSLATED if chinese and len(t) > 1 else PIECE) for t in found)


@cache
def _lines() -> list[tuple[list[str], list[str]]]:
    written = Path(__file__).with_name("lexicon.tsv").read_text("utf-8")
    pairs = [line.split("\t") for line in written.splitlines() if not line.startswith("#")]
    return [(chinese.split("|"), english.split("|")) for chinese, english in pairs]


@cache
def _chinese() -> tuple[dict[str, list[str]], int]:
    """English phrases by Chinese word, and the length of the longest word."""
    found: dict[str, list[str]] = {}
    for words, phrases in _lines():
        usable = [phrase for phrase in phrases if _stems(phrase)]
        for word in words:
            found.setdefault(word, []).extend(usable)
    return found, max(map(len, found))


@cache
def _english() -> dict[tuple[str, ...], list[str]]:
    """Chinese words by the stems of an English phrase."""
    found: dict[tuple[str, ...], list[str]] = {}
    for words, phrases in _lines():
        for phrase in phrases:
            key = _stems(phrase)
            if key:
                found.setdefault(key, []).extend(words)
    return found


@cache
def _stems(phrase: str) -> tuple[str, ...]:
    """A phrase as it is looked up; none if one word is all that is left of it (`get up`)."""
    words = phrase.split(" ")
    found = tuple(stem for word in words for stem in stems(word))
    return found if len(found) > 1 or len(words) == 1 else ()


def chinese(word: str) -> str | None:
    """What an English word is called in Chinese, None where the lexicon does not say.

    >>> chinese("height")
    '身高'
    """
    found = _english().get(_stems(word))
    return found[0] if found else None
