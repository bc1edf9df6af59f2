"""Rows that are made say the same in other words, or lack what they are said to lack."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from funcsmith.contract import Tool
from funcsmith.models.scripted import Scripted
from funcsmith.readers import read
from funcsmith.training.negatives import with_other_tools, without_a_value
from funcsmith.training.paraphrasing import answer_of, from_answer
from funcsmith.training.phrasing import in_chinese_words, noun
from funcsmith.training.proof import prove
from funcsmith.training.record import Record
from funcsmith.training.rewriting import chinese_numeral, rewritten

from .records import FEED, RENT, feed, rent


@given(st.integers(0, 99_999_999))
def test_numerals_are_read_back(number: int) -> None:
    """What is written in Chinese numerals the readers read as the same number."""
    values = [
        one.value
        for one in read(f"一共有{chinese_numeral(number)}个")
        if one.kind in ("integer", "quantity")
    ]
    assert number in values


def proven(record: Record) -> Record:
    found = prove(record).record
    assert found is not None
    return found


def test_rewritings_keep_their_values() -> None:
    """Each rule gives another text of the same call, proven like any other."""
    made: dict[str, Record] = {}
    for hours in range(3, 40):
        record = proven(
            rent(
                text=f"在千岛湖租船，{hours}小时",
                arguments={"lake": "千岛湖", "hours": hours},
                spans={},
            )
        )
        for one in rewritten(record):
            again = proven(one)
            assert (again.arguments, again.kind) == (record.arguments, "parameters")
            assert one.text != record.text
            made.setdefault(one.made, one)
    assert set(made) == {"numeral", "full width", "courtesy"}
    assert made["numeral"].text == "在千岛湖租船，三小时"


def test_a_name_at_the_start_keeps_its_letter() -> None:
    """Courtesy makes no name small."""
    record = proven(feed(text="Lotte gets 2.5 kilograms of hay"))
    texts = [one.text for one in rewritten(record)]
    assert all("Lotte" in text for text in texts)


def test_a_call_in_chinese_by_rule() -> None:
    """Names whose words the lexicon has for one concept alone are said; values stay as they are."""
    tool = Tool.model_validate(
        {
            "name": "getMuseumTicket",
            "parameters": {
                "properties": {"museum_name": {"type": "string"}, "hotel_id": {"type": "string"}},
                "required": ["museum_name"],
            },
        }
    )
    record = Record.of(
        text="Get a ticket for the museum Prado with hotel ID K77",
        kind="parameters",
        tools=[tool],
        function=tool.name,
        arguments={"museum_name": "Prado", "hotel_id": "K77"},
        licence="MIT",
    )
    made = list(in_chinese_words(record))
    assert made
    for one in made:
        again = proven(one)
        assert (again.language, again.kind, again.arguments) == (
            "zh",
            "parameters",
            record.arguments,
        )
        assert "博物馆名称" in one.text
    assert noun("quantum_flux") is None
    assert list(in_chinese_words(feed())) == []


def test_a_value_is_taken_out() -> None:
    """What is left asks for it, and the readers agree that it is not there."""
    made = {one.missing: proven(one) for one in without_a_value(proven(feed()))}
    assert set(made) == {("horse",), ("kilograms",)}
    assert made["kilograms",].text == "Give Lotte of hay"
    assert made["horse",].arguments == {"kilograms": 2.5}
    assert all(one.made == "a value deleted" for one in made.values())


def test_functions_for_something_else() -> None:
    """None of them shares a word with what the text asks for, and none is its own."""
    near = Tool(name="rent_horse", description="Rent a horse.")
    made = with_other_tools(feed(), [FEED, near, RENT])
    assert made is not None
    assert (made.kind, made.tools, made.function) == ("none", (RENT,), None)
    assert with_other_tools(feed(), [FEED, near]) is None


def test_a_model_is_not_believed() -> None:
    """What it says is kept where every value is found again, and nowhere else."""
    record = proven(feed())
    good, bad = "给 Lotte 2.5 公斤干草", "给洛特两公斤干草"
    engine = Scripted().enqueue(good, bad, "Give Lotte hay")
    answers = [answer_of(engine, record) for _ in range(3)]
    made = [from_answer(record, answer, "small") for answer in answers]
    assert made[2] is None
    assert made[0] is not None
    assert made[1] is not None
    assert proven(made[0]).made == "translated by small"
    assert prove(made[1]).record is None
