"""Chinese texts find functions documented in English, and the other way round."""

from __future__ import annotations

from pathlib import Path

import pytest

from funcsmith.library import Library, lexicon
from funcsmith.library.lexicon import TRANSLATED, meanings, translations
from funcsmith.library.store import ARRANGEMENT
from funcsmith.library.terms import is_chinese
from funcsmith.settings import Settings

MORTGAGE = '''def mortgage(principal: float, months: int) -> float:
    """Monthly payment of a mortgage."""
    return principal / months
'''
PARCEL = '''def yunfei(weight: float) -> float:
    """快递的运费。

    weight: 包裹重量
    """
    return 8 + weight
'''


def test_every_line_is_one_concept() -> None:
    """Each line has Chinese words, a tab and English phrases, none of them empty."""
    written = Path(lexicon.__file__).with_name("lexicon.tsv").read_text("utf-8")
    lines = [line for line in written.splitlines() if not line.startswith("#")]

    assert 3_600 <= len(lines) <= 4_500
    for line in lines:
        chinese, english = line.split("\t")
        assert all(word == "AA制" or is_chinese(word) for word in chinese.split("|")), line
        assert all(word and word.isascii() and word == word.lower() for word in english.split("|"))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("每月还的房贷", "mortgag"),
        ("出租车", "taxi"),
        ("monthlyPayment", "月供"),
        ("exchange rates", "汇率"),
        ("ＨＯＴＥＬ", "酒店"),
    ],
)
def test_translations(text: str, term: str) -> None:
    """Words, camelCase, plurals, phrases and full-width letters are translated."""
    assert translations(text)[term] == TRANSLATED


@pytest.mark.parametrize("text", ["", "12.5", "zzyzx", "，。", "\ud800", "the of", "鑫"])
def test_unknown_words_have_no_translation(text: str) -> None:
    """What the lexicon does not know is left alone."""
    assert translations(text) == {}


def test_word_in_a_longer_one_is_not_translated() -> None:
    """The longest word counts: in a taxi (出租车) nothing is rented."""
    assert [found.own for found in meanings("出租车")] == [frozenset({"租", "租车", "车"})]


@pytest.mark.parametrize(
    ("text", "name"),
    [("房贷每个月还多少", "mortgage"), ("shipping cost of a parcel", "yunfei")],
)
def test_search_crosses_languages(library: Library, text: str, name: str) -> None:
    """A text finds the function that says the same in the other language."""
    library.add(MORTGAGE)
    library.add(PARCEL)

    found, score = library.search(text)[0]
    assert found.name == name
    assert 0.0 < score <= TRANSLATED


def test_own_language_ranks_above_a_translation(library: Library) -> None:
    """Of two functions that say the same, the one in the text's words comes first, with 1."""
    library.add('def a(x: int) -> int:\n    """Exchange rate."""\n    return x\n')
    library.add('def b(x: int) -> int:\n    """汇率。"""\n    return x + 1\n')

    assert [s.name for s, _ in library.search("exchange rate")] == ["a", "b"]
    assert [s.name for s, _ in library.search("汇率")] == ["b", "a"]
    assert library.search("汇率")[0][1] == 1.0


def test_summary_ranks_above_a_parameter(library: Library) -> None:
    """A function that is about the text comes before one that only takes it."""
    library.add(
        'def a(x: int) -> int:\n    """Total.\n\n    x: ticket price\n    """\n    return x\n'
    )
    library.add(
        'def b(x: int) -> int:\n    """The ticket price of one grown person on any day."""\n'
        "    return x + 1\n"
    )

    (first, high), (second, low) = library.search("ticket price")
    assert (first.name, second.name) == ("b", "a")
    assert (high, low) == (1.0, pytest.approx(0.7))


@pytest.mark.parametrize("older", ["1", "2"])
def test_index_of_an_older_arrangement_is_made_again(
    library: Library, home: Settings, older: str
) -> None:
    """An index written with other weights is rebuilt from the files when it is opened."""
    library.add(MORTGAGE, text="房贷月供", verdict="agreed")
    library._store.door.execute("UPDATE terms SET weight = 0.01")
    library._store.set("arrangement", older)
    library.close()

    again = Library.open(home)
    assert again.search("monthly mortgage payment")[0][1] == 1.0
    assert again._store.get("arrangement") == ARRANGEMENT
    assert again.find_text("房贷月供") is not None
    again.close()


def test_long_texts_are_searched(library: Library) -> None:
    """A text of many known words is no harder than another."""
    library.add(MORTGAGE)
    words = [word for chinese, english in lexicon._lines() for word in (*chinese, *english)]

    assert all(0.0 <= score <= 1.0 for _, score in library.search(" ".join(words)))
