"""The training prompt is the serving prompt, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from funcsmith.contract import Request
from funcsmith.errors import InputInvalid
from funcsmith.generate.call_writer import CallWriter
from funcsmith.generate.kinds import properties
from funcsmith.generate.options import options
from funcsmith.generate.task import Spending
from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Capabilities, Completion, Prompt, Sampling
from funcsmith.models.gbnf import Gbnf
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline
from funcsmith.readers import read
from funcsmith.training.direct import answer_directly, direct_grammar
from funcsmith.training.importers import Where, importer
from funcsmith.training.proof import prove
from funcsmith.training.record import Record
from funcsmith.training.rendering import render
from funcsmith.training.scoring import Prediction, read_answer

from .records import FEED, RENT, doubled, feed, rent


@pytest.fixture
def engine() -> Scripted:
    return Scripted()


@pytest.fixture
def pipeline(engine: Scripted) -> Iterator[Pipeline]:
    with Pipeline(engine=engine) as made:
        yield made


def ask_for(record: Record) -> Request:
    tools = [tool.model_dump() for tool in record.tools]
    mode = "parameters" if tools else "run" if record.arguments else "function"
    return Request(text=record.text, functions=tools or None, mode=mode)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "record",
    [
        rent(tools=[FEED, RENT]),
        feed(tools=[FEED, RENT], spans={"/horse": [[5, 10]], "/kilograms": [[11, 24]]}),
        rent(
            text="「在千岛湖租船，3小时」",
            tools=[RENT, FEED],
            spans={"/lake": [[2, 5]], "/hours": [[8, 11]]},
        ),
    ],
)
def test_a_call_is_trained_as_it_is_served(
    record: Record, pipeline: Pipeline, engine: Scripted
) -> None:
    """Both prompts of a call are the rendered one, the second with the answer's beginning given.

    What is trained to be answered is what the pipeline fills the right call from.
    """
    rendered = render(record)
    engine.enqueue(rendered.answer.split("\n")[0], rendered.answer)
    outcome = pipeline.run(ask_for(record))
    first, second = engine.prompts[:2]
    assert first == rendered.prompt
    assert second.messages == rendered.prompt.messages
    begun = second.prefix.removeprefix(first.prefix)
    assert begun
    assert rendered.answer.startswith(begun)
    call = outcome.calls[0]
    assert (call.function, call.arguments) == (record.function, record.arguments)


def test_the_answer_of_a_call() -> None:
    """Every value stands as its parameter wants it; what is not stated is None."""
    record = rent(
        text="在千岛湖租船，3小时，要带马达的",
        arguments={"lake": "千岛湖", "hours": 3, "motor": True},
        spans={"/lake": [[1, 4]], "/hours": [[7, 10]], "/motor": [[11, 15]]},
    )
    assert render(record).answer == (
        "# rent_boat(lake: str, hours: int, motor: bool) lake: 湖名; hours: 小时数; motor: 是否带马达\n"
        "# 千岛湖 = lake，3小时 = hours，要带马达 = motor\n"
        'rent_boat(lake="千岛湖", hours=3, motor=True)\n```'
    )
    assert render(rent()).answer.endswith("hours=3, motor=None)\n```")


def test_an_idle_text_is_trained_as_it_is_served(pipeline: Pipeline, engine: Scripted) -> None:
    """A text that asks for nothing, with functions at hand and without."""
    text = "昨天去千岛湖玩了三天"
    record = Record.of(text=text, kind="none", tools=[RENT], made="idle: template")
    rendered = render(record)
    assert rendered.answer == "none\n```"
    engine.enqueue("none", "none", "none")
    pipeline.run(Request(text=text, functions=[RENT], mode="parameters"))
    assert rendered.prompt in engine.prompts
    alone = render(Record.of(text=text, kind="none"))
    assert alone.answer == "none\n```"
    engine.enqueue("none")
    pipeline.run(Request(text=text))
    assert engine.prompts[-1] == alone.prompt


def test_another_function_is_wanted() -> None:
    """A request that none of the functions is for says `other`, not `none`."""
    record = Record.of(
        text="Give Lotte 2.5 kilograms of hay", kind="none", tools=[RENT], made="irrelevant: x"
    )
    assert render(record).answer == "other\n```"


def test_a_new_function_is_trained_as_it_is_served(pipeline: Pipeline, engine: Scripted) -> None:
    """A description alone, and one with an example, whose function's beginning is then given."""
    plain = render(doubled())
    assert plain.answer.endswith("\n\ndoubled([1, 2])\n```")
    with_example = doubled(text="Double every number: doubled([1, 2]) == [2, 4]")
    begun = render(with_example)
    assert begun.prompt.prefix == "```python\ndef doubled("
    assert begun.answer == "numbers):\n    return [2 * one for one in numbers]\n```"
    for record, rendered in ((doubled(), plain), (with_example, begun)):
        engine.enqueue(*[rendered.answer] * 12)
        before = len(engine.prompts)
        pipeline.run(ask_for(record))
        assert engine.prompts[before] == rendered.prompt
        engine._queue.clear()


def test_a_new_function_with_its_values(pipeline: Pipeline, engine: Scripted) -> None:
    """A text that states its values is rendered with the call of them, and notes for numerals."""
    record = doubled(text="把 [三十五, 两百零八] 每个数翻倍", arguments={"numbers": [35, 208]})
    rendered = render(record)
    assert rendered.answer.endswith("\n\ndoubled(numbers=[35, 208])\n```")
    assert "（三十五 = 35；两百零八 = 208）" in rendered.prompt.messages[-1].content
    engine.enqueue(*[rendered.answer] * 6)
    pipeline.run(ask_for(record))
    assert engine.prompts[0] == rendered.prompt


def test_a_value_without_its_place_is_not_said() -> None:
    """The pipeline's calls copy, so a value that stands nowhere cannot be rendered that way."""
    with pytest.raises(InputInvalid, match="hours has no span"):
        render(rent(spans={"/lake": [[1, 4]]}))


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        (rent(), '{"name": "rent_boat", "arguments": {"lake": "千岛湖", "hours": 3}}'),
        (
            rent(
                text="在千岛湖租船",
                kind="ask",
                arguments={"lake": "千岛湖"},
                spans={},
                missing=["hours"],
            ),
            '{"name": "rent_boat", "ask": ["hours"]}',
        ),
        (Record.of(text="你好", kind="none", tools=[RENT, FEED]), "null"),
        (
            doubled(),
            "```python\ndef doubled(numbers):\n    return [2 * one for one in numbers]\n```",
        ),
    ],
)
def test_the_direct_way(record: Record, answer: str) -> None:
    """The direct answer is read back as what the record says, and its grammar allows it."""
    rendered = render(record, way="direct")
    assert rendered.answer == answer
    said = read_answer(answer)
    assert said.kind == record.kind
    assert said.function == record.function
    if record.kind == "parameters":
        assert said.arguments == record.arguments
    assert said.missing == record.missing
    engine = Scripted().enqueue(answer)
    assert answer_directly(engine, record.text, record.tools) == said
    assert engine.prompts == [rendered.prompt]


def test_the_direct_grammar_keeps_to_its_functions() -> None:
    """Names, members and required parameters are in the grammar; a call cannot leave one out."""
    grammar = direct_grammar([RENT])
    assert r'"{\"name\": \"rent_boat\", "' in grammar
    assert 't0p0 ", " t0p1 (", " t0p2)?' in grammar
    assert r'"\"hours\": " integer' in grammar
    assert direct_grammar([]).startswith('root ::= "null" | "```python\\n" code')


def allowed(grammar: str, text: str) -> bool:
    known = Gbnf(grammar)
    state = known.follow(known.start, text.encode())
    return state is not None and known.ends(state)


class Asked(Scripted):
    """Keeps the grammar that it is asked under."""

    grammar = ""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(grammar=True, prefill=True)

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        self.grammar, self.prefix = sampling.grammar or "", prompt.prefix
        return super().complete(prompt, sampling, cancel=cancel, on_text=on_text)


def test_the_pipeline_could_have_written_the_answers() -> None:
    """What is trained to be answered is a text of the very grammar that calls are decoded under."""
    found = [one for one in importer("phrasebook")(Where(None)) if isinstance(one, Record)]
    records = [one for one in (prove(r).record for r in found[::60]) if one and one.tools]
    assert len(records) > 25
    for record in records:
        assert record.tool is not None
        values = read(record.text)
        offers = {
            name: options(record.text, name, schema, values=values, now=None)
            for name, schema in properties(record.tool).items()
        }
        engine = Asked().enqueue("")
        writer = CallWriter(
            engine,
            record.text,
            record.tools,
            {record.tool.name: offers},
            spending=Spending(),
            cancel=None,
        )
        writer.first(record.tool)
        given = engine.prefix.removeprefix("```python\n")
        answer = render(record).answer.removesuffix("\n```")
        assert answer.startswith(given)
        assert allowed(engine.grammar, answer.removeprefix(given)), record.text


def test_the_direct_grammar_allows_right_answers() -> None:
    """Each right answer is a text of its grammar, and invented names are none."""
    for record in (rent(), feed(), rent(tools=[FEED, RENT])):
        assert allowed(direct_grammar(record.tools), render(record, way="direct").answer)
    grammar = direct_grammar([RENT])
    for text in ('{"name": "rent_boat", "ask": ["lake", "hours"]}', "null"):
        assert allowed(grammar, text)
    for wrong in (
        '{"name": "rent_boat", "arguments": {"lake": "千岛湖"}}',
        '{"name": "rent_boat", "ask": ["motor"]}',
        '{"name": "feed_horse", "ask": ["horse"]}',
        '{"name": "rent_boat", "arguments": {"lake": "千岛湖", "hours": "3"}}',
    ):
        assert not allowed(grammar, wrong)


@pytest.mark.model
def test_a_real_model_answers_directly() -> None:
    """The engine takes the grammar, and what comes is one of its answers."""
    from funcsmith.settings import settings
    from funcsmith.starting import start

    engine = start(settings().model, settings(), None)
    try:
        said = answer_directly(engine, feed().text, [FEED, RENT])
    finally:
        engine.close()
    assert isinstance(said, Prediction)
    assert said.kind in ("parameters", "ask", "none")
    assert said.function in ("feed_horse", "rent_boat", None)
    json.dumps(dict(said.arguments))
