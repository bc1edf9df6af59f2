"""The same things said in Chinese and in English, so that either finds what the other describes.

`lexicon.tsv` holds the words, one concept a line. It is read when a text is first translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .terms import TRANSLATED, is_chinese, stems, terms
from .terms import chunks as chunks_of

_LONGEST = 4  # words of an English phrase
_HEAD = 3  # letters that stemming leaves alone


class Meaning(NamedTuple):
    """A word or phrase of a text, and what the other language calls it."""

    own: frozenset[str]
    """Its terms in the text."""
    others: tuple[tuple[str, ...], ...]
    """The terms of each translation."""


def translations(text: str) -> dict[str, float]:
    """The terms that the other language has for a text, with what each counts.

    >>> translations("recipes")["菜谱"]
    0.6
    """
    return {
        term: TRANSLATED for found in meanings(text) for other in found.others for term in other
    }


def meanings(text: str) -> list[Meaning]:
    """The words and phrases of a text that the other language has words for.

    >>> meanings("汇率")[0].others
    (('exchang', 'rat'), ('rat',))
    """
    return [meaning for meaning in words_known(text).values() if meaning.others]


def words_known(text: str) -> dict[str, Meaning]:
    """The same by the word as the text has it; of English phrases by their stems."""
    chunks = chunks_of(text)
    words: list[str] = []
    found: dict[str, Meaning] = {}
    for chunk in chunks:
        if is_chinese(chunk):
            found |= {word: _chinese_meaning(word) for word in _known_in(chunk)}
        else:
            words += stems(chunk)
    start = 0
    while start < len(words):
        for length in range(_LONGEST, 0, -1):
            phrase = tuple(words[start : start + length])
            meaning = _english_meaning(phrase)
            if meaning.others:
                found[" ".join(phrase)] = meaning
                start += len(phrase) - 1
                break
        start += 1
    return found


def in_chinese(word: str) -> str:
    """The first Chinese word for an English one, whole; "" where there is none.

    >>> in_chinese("museum")
    '博物馆'
    """
    wanted = tuple(stems(word))
    for written, chinese in _english().get(wanted[0][:_HEAD], ()) if wanted else ():
        if _stems(written) == wanted:
            return chinese[0]
    return ""


def in_chinese_surely(word: str) -> str:
    """The same where the lexicon has the word for one concept alone; "" where for several.

    >>> in_chinese_surely("museum"), in_chinese_surely("space")
    ('博物馆', '')
    """
    wanted = tuple(stems(word))
    lines = {
        tuple(chinese)
        for written, chinese in (_english().get(wanted[0][:_HEAD], ()) if wanted else ())
        if _stems(written) == wanted
    }
    return next(iter(lines))[0] if len(lines) == 1 else ""


def chinese_words() -> dict[str, list[str]]:
    """Every Chinese word with its English phrases."""
    return _chinese()


def says(chinese: str, english: str) -> bool:
    """Whether an English stem is what the lexicon has for a Chinese word.

    >>> says("房租", "rent"), says("房租", "hous")
    (True, False)
    """
    return any(_stems(phrase) == (english,) for phrase in _chinese().get(chinese, ()))


def _known_in(chunk: str) -> Iterator[str]:
    """The longest known words; a word inside a longer one says nothing by itself."""
    known = _chinese()
    reached = 0
    for start in range(len(chunk)):
        for end in range(min(len(chunk), start + 8), max(start, reached), -1):
            word = chunk[start:end]
            if word in known and (len(word) > 1 or start >= reached):
                reached = end
                yield word
                break


@lru_cache(4096)
def _chinese_meaning(word: str) -> Meaning:
    others = {_stems(phrase): None for phrase in _chinese()[word]}
    return Meaning(frozenset(terms(word)), tuple(other for other in others if other))


@lru_cache(4096)
def _english_meaning(phrase: tuple[str, ...]) -> Meaning:
    words = {
        word: None
        for written, chinese in _english().get(phrase[0][:_HEAD], ())
        if _stems(written) == phrase
        for word in chinese
    }
    others = {_pairs(word): None for word in words}
    return Meaning(frozenset(phrase), tuple(other for other in others if other))


def _pairs(word: str) -> tuple[str, ...]:
    """The terms of a Chinese word: pairs of characters where it has them."""
    found = terms(word)
    return tuple(term for term in found if len(term) > 1) or tuple(found)


@cache
def _lines() -> list[tuple[list[str], list[str]]]:
    written = Path(__file__).with_name("lexicon.tsv").read_text("utf-8")
    pairs = [line.split("\t") for line in written.splitlines() if not line.startswith("#")]
    return [(chinese.split("|"), english.split("|")) for chinese, english in pairs]


@cache
def _chinese() -> dict[str, list[str]]:
    """English phrases by Chinese word."""
    found: dict[str, list[str]] = {}
    for words, phrases in _lines():
        for word in words:
            found.setdefault(word, []).extend(phrases)
    return found


@cache
def _english() -> dict[str, list[tuple[str, list[str]]]]:
    """English phrases and their Chinese words, by the first letters; stemming all takes longer."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for words, phrases in _lines():
        for phrase in phrases:
            found.setdefault(phrase.partition(" ")[0][:_HEAD], []).append((phrase, words))
    return found


@cache
def _stems(phrase: str) -> tuple[str, ...]:
    """A phrase as it is looked up; nothing if one word is all that is left of it (`get up`)."""
    words = phrase.split(" ")
    found = tuple(stem for word in words for stem in stems(word))
    return found if len(found) > 1 or len(words) == 1 else ()
