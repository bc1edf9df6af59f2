"""Importers: what each form gives, and what it leaves with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funcsmith.errors import InputInvalid
from funcsmith.library import Library
from funcsmith.library.corrections import Correction, add_correction
from funcsmith.settings import settings
from funcsmith.training.collecting import Collected, collect
from funcsmith.training.importers import SOURCES, Left, Where, importer
from funcsmith.training.importers.docstrings import _of as docstrings_of
from funcsmith.training.importers.files import read_file
from funcsmith.training.importers.phrasebook import read_book
from funcsmith.training.importers.rows import typed
from funcsmith.training.importers.seal_tools import _sentence
from funcsmith.training.importers.snippets import examples_as_tests
from funcsmith.training.proof import prove
from funcsmith.training.record import Record, line_of

from .records import FEED, RENT, rent


def found(path: Path, *rows: Any) -> list[Record | Left]:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return list(read_file(path))


def test_simple_rows(tmp_path: Path) -> None:
    """{text, name, arguments} is enough; types are as the values have them."""
    (one,) = found(
        tmp_path / "rows.jsonl",
        {
            "text": "Feed Lotte 3 apples",
            "name": "feed",
            "arguments": {"horse": "Lotte", "apples": 3},
        },
    )
    assert isinstance(one, Record)
    assert one.tool is not None
    assert one.tool.parameters["properties"]["apples"] == {"type": "integer"}
    assert (one.kind, one.group, one.origin, one.licence) == (
        "parameters",
        "feed",
        "rows.jsonl:1",
        "own",
    )


def test_records_as_ours(tmp_path: Path) -> None:
    """What `data collect` wrote is read again as it was."""
    path = tmp_path / "mine.jsonl"
    path.write_text(line_of(rent()) + "\n", "utf-8")
    assert list(read_file(path)) == [rent()]


def test_openai_messages(tmp_path: Path) -> None:
    """Tool calls of a conversation, each with what the user said since the one before."""
    call = {
        "function": {"name": "feed_horse", "arguments": '{"horse": "Lotte", "kilograms": "2.5"}'}
    }
    row = {
        "tools": [{"type": "function", "function": FEED.model_dump()}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Give Lotte 2.5 kilograms"}]},
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "content": "done"},
            {"role": "user", "content": "How are you?"},
            {"role": "assistant", "content": "Fine."},
            {"role": "user", "content": "Feed all of them"},
            {"role": "assistant", "tool_calls": [call, call]},
        ],
    }
    first, idle, left = found(tmp_path / "chat.jsonl", row)
    assert isinstance(first, Record)
    assert (first.text, first.arguments) == (
        "Give Lotte 2.5 kilograms",
        {"horse": "Lotte", "kilograms": 2.5},
    )
    assert isinstance(idle, Record)
    assert (idle.kind, idle.text) == ("none", "How are you?")
    assert left == Left("chat.jsonl:1#6", "several calls at once")


def test_sharegpt_and_glaive(tmp_path: Path) -> None:
    """A `function_call` turn is a call; a conversation without one asks for nothing."""
    tools = json.dumps([FEED.model_dump()])
    said = {"from": "human", "value": "Give Lotte 2.5 kilograms"}
    call = {"name": "feed_horse", "arguments": {"horse": "Lotte", "kilograms": 2.5}}
    first, second, broken = found(
        tmp_path / "share.jsonl",
        {
            "tools": tools,
            "conversations": [said, {"from": "function_call", "value": json.dumps(call)}],
        },
        {
            "tools": tools,
            "conversations": [{"from": "human", "value": "Hello"}, {"from": "gpt", "value": "Hi"}],
        },
        {"tools": tools, "conversations": [said, {"from": "function_call", "value": "{"}]},
    )
    assert isinstance(first, Record)
    assert first.arguments == {"horse": "Lotte", "kilograms": 2.5}
    assert isinstance(second, Record)
    assert second.kind == "none"
    assert broken == Left("share.jsonl:3#1", "its call is no JSON")


def test_alpaca(tmp_path: Path) -> None:
    """An instruction whose output is a function; prose is left."""
    first, prose = found(
        tmp_path / "alpaca.jsonl",
        {
            "instruction": "Add two numbers",
            "input": "",
            "output": "Sure:\n```python\ndef add(a, b):\n    return a + b\n```",
        },
        {"instruction": "Say hello", "output": "x = 1"},
    )
    assert isinstance(first, Record)
    assert (first.function, first.text) == ("add", "Add two numbers")
    assert prose == Left("alpaca.jsonl:2", "no function in its output")


def test_rows_of_bfcl_are_refused(tmp_path: Path) -> None:
    """Its form is read for rows of the user's own; its own rows never are."""
    row = {
        "id": "mine-1",
        "question": [[{"role": "user", "content": "Give Lotte 2.5 kilograms"}]],
        "function": [FEED.model_dump()],
        "ground_truth": [{"feed_horse": {"horse": ["Lotte"], "kilograms": [2.5]}}],
    }
    (one,) = found(tmp_path / "mine.jsonl", row)
    assert isinstance(one, Record)
    assert one.function == "feed_horse"
    for number in ("simple_python_12", "live_multiple_3-2-0", "irrelevance_7", "multi_turn_base_1"):
        with pytest.raises(InputInvalid, match="for evaluation alone"):
            found(tmp_path / "bfcl.jsonl", {**row, "id": number})


def test_rows_of_no_form_are_counted(tmp_path: Path) -> None:
    """Whatever stands in a file, the importer ends, and says what it left."""
    path = tmp_path / "odd.jsonl"
    path.write_text('{"a": 1}\nnot json\n{"text": 3, "name": "f"}\n{"messages": 5}\n', "utf-8")
    reasons = [one.reason for one in read_file(path) if isinstance(one, Left)]
    assert reasons == [
        "a form that is not known",
        "no valid record",
        "no valid record",
        "no JSON object",
    ]


def test_one_array(tmp_path: Path) -> None:
    """A file may be one JSON array."""
    path = tmp_path / "array.json"
    path.write_text(
        json.dumps([{"text": "Feed 3", "name": "feed", "arguments": {"n": 3}}]), "utf-8"
    )
    assert [isinstance(one, Record) for one in read_file(path)] == [True]


def test_a_sentence_of_a_longer_request() -> None:
    """A call's own sentence, without the word that joins it to the one before; parts of words no value."""
    query = "Find the tide in Cork. Additionally, book pier 8 for xyz789 boats. Finally, stop."
    calls = [
        {"parameters": {"city": "Cork"}},
        {"parameters": {"pier": 8}},
        {"parameters": {"boats": 789}},
        {"parameters": {}},
    ]
    assert [_sentence(query, calls, at) for at in range(4)] == [
        "Find the tide in Cork.",
        "Book pier 8 for xyz789 boats.",
        None,
        None,
    ]


def test_values_take_their_type() -> None:
    """Only the writing changes: words are no numbers."""
    assert typed("19.0", {"type": "number"}) == 19
    assert typed("per month", {"type": "number"}) == "per month"
    assert typed(True, {"type": "string"}) is True


def test_examples_become_tests() -> None:
    """Lines that say what comes are assertions; others say nothing."""
    said = "from x import y\n\nf(2) # 4\nf(3)\nf(1) # date(2020, 1, 1)\ng(1) # 2"
    assert examples_as_tests(said, "f") == ("assert f(2) == 4",)


def test_docstrings_of_the_standard_library() -> None:
    """A function that can stand alone comes with the licence of its package, others with a reason."""
    every = list(docstrings_of("colorsys"))
    records = [one for one in every if isinstance(one, Record)]
    assert all(one.licence == "PSF-2.0" for one in records)
    assert all(one.reason for one in every if isinstance(one, Left))
    assert list(docstrings_of("no_such_package")) == [
        Left("docstrings/no_such_package", "not installed, or not readable")
    ]


def test_the_phrasebook_is_proven() -> None:
    """The readers find the values of nearly all that the book says, in both languages, always the same."""
    first = list(importer("phrasebook")(Where(None)))
    again = list(importer("phrasebook")(Where(None)))
    assert first == again
    records = [one for one in first if isinstance(one, Record)]
    assert len(records) == len(first)
    sample = [one for one in records if one.kind == "parameters"][::25]
    proven = [prove(one).record for one in sample]
    assert sum(one is not None for one in proven) >= 0.9 * len(sample)
    assert {one.language for one in sample} == {"zh", "en"}
    assert len({one.group for one in records if one.function}) >= 60


def test_the_book_names_what_it_draws() -> None:
    """Every parameter in a sentence is declared, and every list is there."""
    book = read_book(
        "= city 杭州=Leeds\n@ f | 说明 | what\nplace: city | 地点 | place\nzh 去{place}\nen Go to {place}\n"
    )
    assert book.entries[0].sentences == [("zh", "去{place}"), ("en", "Go to {place}")]
    assert book.lists == {"city": [("杭州", "Leeds")]}


SOURCE = "def tide(city: str, hours: int) -> int:\n    return hours * 2\n"


def test_the_library_and_its_corrections() -> None:
    """Saved functions, what a user corrected and rejected; a run that was corrected is not accepted."""
    here = settings()
    with_library = Library.open(here)
    try:
        with_library.add(SOURCE, name="tide")
        outcome = {
            "kind": "parameters",
            "function": {"name": "tide", "parameters": RENT.parameters},
            "calls": [
                {
                    "function": "tide",
                    "arguments": {"lake": "千岛湖", "hours": 3},
                    "result": {"status": "ok"},
                }
            ],
        }
        with_library.remember_run(json.dumps(outcome), "在千岛湖租船，3小时")
        with_library.remember_run(json.dumps(outcome), "在千岛湖租船，4小时")
        run = next(one for one in with_library.runs() if "4" in one.text)
    finally:
        with_library.close()
    given = {"function": "tide", "parameters": RENT.parameters}
    right = {"lake": "千岛湖", "hours": 4}
    add_correction(
        here.home,
        Correction("在千岛湖租船，4小时", "arguments", arguments=right, run=run.id, **given),
    )
    add_correction(here.home, Correction("千岛湖有多深", "rejected", **given))
    add_correction(
        here.home,
        Correction("double 3", "candidate", "twice", source="def twice(n):\n    return 2 * n\n"),
    )
    told = Collected()
    records = list(collect(sources=["library"], told=told))
    said = {(one.kind, one.text, one.origin.partition(":")[0]) for one in records}
    assert said == {
        ("parameters", "在千岛湖租船，3小时", "runs"),
        ("parameters", "在千岛湖租船，4小时", "corrections"),
        ("none", "千岛湖有多深", "corrections"),
        ("function", "double 3", "corrections"),
    }
    assert told.left["library"]["corrected"] == 1
    fixed = next(one for one in records if one.text.endswith("4小时"))
    assert fixed.arguments == right


def test_public_sources_need_their_folder() -> None:
    """Without FUNCSMITH_DATA they say so; a source that is not known is named."""
    with pytest.raises(InputInvalid, match="need the folder of public data"):
        list(collect(sources=["snips"]))
    with pytest.raises(InputInvalid, match="There is no source humaneval"):
        list(collect(sources=["humaneval"]))
    assert "bfcl" not in SOURCES


def test_a_correction_without_a_run_is_of_its_text() -> None:
    """What the page corrects names no run; no run of that text counts as accepted."""
    here = settings()
    with_library = Library.open(here)
    try:
        call = {"function": "tide", "arguments": {"lake": "千岛湖", "hours": 3}}
        outcome = {
            "kind": "parameters",
            "function": {"name": "tide", "parameters": RENT.parameters},
            "calls": [{**call, "result": {"status": "ok"}}],
        }
        for text in ("在千岛湖租船，3小时", "千岛湖租船3小时多少钱"):
            with_library.remember_run(json.dumps(outcome), text)
    finally:
        with_library.close()
    add_correction(here.home, Correction("在千岛湖租船，3小时", "rejected", "tide"))

    kept = list(importer("library")(Where(None)))

    taken = [one.text for one in kept if isinstance(one, Record) and one.kind == "parameters"]
    assert taken == ["千岛湖租船3小时多少钱"]
    assert [one.reason for one in kept if isinstance(one, Left)] == ["corrected"]
