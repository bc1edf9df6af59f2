"""A tiny GPT, trained here for seconds, as an engine: exact answers, grammars, probabilities."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

from funcsmith.contract import Request, Tool
from funcsmith.errors import EngineFailed, ModelFileInvalid
from funcsmith.models import catalogue
from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Message, Prompt, Sampling
from funcsmith.models.transformers import Transformers, conversation_text
from funcsmith.pipeline import Pipeline
from funcsmith.settings import settings
from funcsmith.starting import start
from funcsmith.training.corpus import Answers, examples_of_records
from funcsmith.training.gpt import Shape, make
from funcsmith.training.record import Record
from funcsmith.training.rendering import render
from funcsmith.training.tokenizer import train_tokenizer
from funcsmith.training.trainer import Plan, train

SHIP = Tool(
    name="ship_parcel",
    description="寄包裹。",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string"}, "weight_kg": {"type": "number"}},
        "required": ["city", "weight_kg"],
    },
)
TEXT = "寄 3 公斤到大连"
RECORDS = [
    Record.of(
        text=TEXT,
        kind="parameters",
        tools=(SHIP,),
        function="ship_parcel",
        arguments={"city": "大连", "weight_kg": 3},
        spans={"/city": [(7, 9)], "/weight_kg": [(2, 3)]},
    ),
    Record.of(text="今天天气真好。", kind="none", tools=(SHIP,)),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT that knows two records by heart, as it would be served."""
    torch.set_num_threads(1)
    said = [render(one, way=way) for one in RECORDS for way in ("direct", "pipeline")]
    texts = [one.answer + m.content for one in said for m in one.prompt.messages]
    tokenizer = train_tokenizer(texts, vocabulary=600)
    model = make(Shape(2, 64, 2, 512), tokenizer)
    examples, left_out = examples_of_records(
        tokenizer, RECORDS, ways=("direct", "pipeline"), context_tokens=512
    )
    assert (len(examples), sum(left_out.values())) == (4, 0)
    plan = Plan(steps=70, learning_rate=4e-3, warmup_steps=5, weight_decay=0.0)
    done = train(model, Answers(examples, rows=4), plan, tmp_path_factory.mktemp("training"))
    assert done.loss < 0.05
    made = tmp_path_factory.mktemp("own") / "own-gpt"
    model.save_pretrained(made)
    tokenizer.save_pretrained(made)
    return made


@pytest.fixture(scope="module")
def engine(folder: Path) -> Transformers:
    return Transformers(folder, model="own-gpt", threads=1)


def asked(record: Record, way="direct") -> Prompt:
    return render(record, way=way).prompt


def test_it_says_what_it_learned(engine: Transformers) -> None:
    """The answer to a record that was trained on comes back exactly, and ends by itself."""
    heard: list[str] = []

    said = engine.complete(
        asked(RECORDS[0]), Sampling(max_tokens=100, logprobs=2), on_text=heard.append
    )

    assert json.loads(said.text) == {
        "name": "ship_parcel",
        "arguments": {"city": "大连", "weight_kg": 3},
    }
    assert (said.finish, "".join(heard)) == ("stop", said.text)
    assert "".join(token.text for token in said.tokens) == said.text
    assert said.generated_tokens == len(said.tokens)
    assert all(token.top[0] == (token.text, token.logprob) for token in said.tokens)
    assert all(-0.5 < token.logprob <= 0 for token in said.tokens)


def test_folder_gives_an_outcome(folder: Path) -> None:
    """A folder in the place of a model's name answers through the whole pipeline."""
    engine = start(str(folder), settings(), None)
    assert isinstance(engine, Transformers)

    with Pipeline(engine=engine, save=False) as pipeline:
        outcome = pipeline.run(Request(text=TEXT, functions=[SHIP], mode="parameters"))
        idle = pipeline.run(Request(text=RECORDS[1].text, functions=[SHIP], mode="parameters"))

    assert outcome.kind == "parameters"
    assert [one.arguments for one in outcome.calls] == [{"city": "大连", "weight_kg": 3}]
    assert outcome.model == "own-gpt"
    assert outcome.cost.cpu_seconds > 0
    assert idle.kind == "none"


@pytest.mark.parametrize(
    ("grammar", "pattern"),
    [
        ('root ::= "yes" | "no"', "yes|no"),
        ('root ::= [0-9]{3} "-" [a-f]{2}', r"\d{3}-[a-f]{2}"),
        ('root ::= "北京" | "上海"', "北京|上海"),
        (r'root ::= "\"" [^"\\\n]{1,9} "\""', r'"[^"\\\n]{1,9}"'),
    ],
)
@pytest.mark.parametrize("temperature", [0.0, 3.0])
def test_grammar_is_obeyed(
    engine: Transformers, grammar: str, pattern: str, temperature: float
) -> None:
    """Whatever was learned, the text is in the grammar's language, and probabilities are free ones."""
    sampling = Sampling(max_tokens=60, grammar=grammar, temperature=temperature, seed=3, logprobs=1)
    said = engine.complete(asked(RECORDS[0]), sampling)

    assert re.fullmatch(pattern, said.text)
    assert said.finish == "stop"
    assert said.tokens[0].logprob < -1


def test_schema_is_obeyed(engine: Transformers) -> None:
    """A JSON schema gives JSON that fits it."""
    schema = {
        "type": "object",
        "properties": {"day": {"enum": ["周一", "周二"]}, "n": {"type": "boolean"}},
        "required": ["day", "n"],
    }
    said = engine.complete(asked(RECORDS[1]), Sampling(max_tokens=60, json_schema=schema))
    value = json.loads(said.text)

    assert value.keys() == {"day", "n"}
    assert value["day"] in {"周一", "周二"}


def test_seed_decides(engine: Transformers) -> None:
    """With temperature the same seed says the same, and seeds differ."""

    def said(seed: int) -> str:
        sampling = Sampling(max_tokens=12, temperature=8.0, top_p=1.0, seed=seed)
        return engine.complete(asked(RECORDS[0]), sampling).text

    assert said(1) == said(1)
    assert len({said(seed) for seed in range(4)}) > 1


def test_stop_string_is_left_out(engine: Transformers) -> None:
    """Decoding ends before a stop string, also one that begins inside a token; none of it is told."""
    heard: list[str] = []
    sampling = Sampling(max_tokens=100, stop=('", "weight',), logprobs=1)
    said = engine.complete(asked(RECORDS[0]), sampling, on_text=heard.append)

    assert said.text == '{"name": "ship_parcel", "arguments": {"city": "大连'
    assert "".join(heard) == said.text
    assert said.finish == "stop"


def test_beginning_is_given(engine: Transformers) -> None:
    """The answer goes on where its given beginning ends."""
    whole = engine.complete(asked(RECORDS[0], "pipeline"), Sampling(max_tokens=100)).text
    given = whole[: whole.index("ship_parcel(city=") + len("ship_parcel(city=")]
    prompt = asked(RECORDS[0], "pipeline")
    said = engine.complete(
        Prompt(prompt.messages, prompt.prefix + given), Sampling(max_tokens=100, stop=("\n```",))
    )

    assert said.text == '"大连", weight_kg=3)'


def test_beginning_may_end_inside_a_token(engine: Transformers) -> None:
    """Wherever a given beginning ends, also inside a token or a letter's neighbour, the rest follows."""
    whole = engine.complete(asked(RECORDS[0]), Sampling(max_tokens=100)).text
    for at in range(1, len(whole), 2):
        prompt = Prompt(asked(RECORDS[0]).messages, whole[:at])
        said = engine.complete(prompt, Sampling(max_tokens=100, logprobs=1))

        assert said.text == whole[at:]
        assert "".join(token.text for token in said.tokens) == said.text


def test_what_was_computed_is_kept(engine: Transformers) -> None:
    """A prompt that was seen is not computed again, and says the same as one that was not."""
    fresh = engine.complete(asked(RECORDS[1]), Sampling(max_tokens=20))
    again = engine.complete(asked(RECORDS[1]), Sampling(max_tokens=20))
    other = engine.complete(asked(RECORDS[0]), Sampling(max_tokens=100))

    assert again.text == fresh.text == "null"
    assert again.cached_tokens == again.prompt_tokens - 1
    assert 0 < other.cached_tokens < other.prompt_tokens
    assert json.loads(other.text)["name"] == "ship_parcel"


def test_cancel_stops(engine: Transformers) -> None:
    """A cancelled request ends where it is."""
    cancel = Cancel()
    sampling = Sampling(max_tokens=100)
    said = engine.complete(
        asked(RECORDS[0]), sampling, cancel=cancel, on_text=lambda _: cancel.cancel()
    )

    assert said.finish == "cancelled"
    assert said.generated_tokens == 1


def test_too_long_a_prompt_is_said(engine: Transformers) -> None:
    """A prompt beyond the model's context is an error with both numbers."""
    with pytest.raises(EngineFailed, match="this model reads 512"):
        engine.complete(Prompt((Message("user", "长" * 4000),)), Sampling())


def test_limit_is_told(engine: Transformers) -> None:
    """What was cut off by the limit says so."""
    said = engine.complete(asked(RECORDS[0]), Sampling(max_tokens=3))

    assert (said.finish, said.generated_tokens) == ("length", 3)


def test_unknown_grammar_leaves_it_alive(engine: Transformers) -> None:
    """A grammar that cannot be read is refused, and the next request is answered."""
    with pytest.raises(EngineFailed, match="cannot be read"):
        engine.complete(asked(RECORDS[0]), Sampling(grammar="root = 1"))
    assert engine.complete(asked(RECORDS[1]), Sampling()).text == "null"


def test_chatml_as_llamacpp_writes_it(engine: Transformers) -> None:
    """A GGUF's conversations are plain ChatML: no system message that nobody gave."""
    tokenizer = engine._running()._tokenizer
    prompt = Prompt((Message("user", "a"), Message("assistant", "b"), Message("user", "c")), "```")

    assert conversation_text(tokenizer, prompt, chatml=True) == (
        "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\nb<|im_end|>\n"
        "<|im_start|>user\nc<|im_end|>\n<|im_start|>assistant\n```"
    )


def test_folder_without_weights(tmp_path: Path) -> None:
    """A folder with a config and nothing else is refused before anything is loaded."""
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(ModelFileInvalid, match="has no weights"):
        catalogue.find(str(tmp_path))


def test_folder_that_cannot_be_loaded(tmp_path: Path) -> None:
    """What Transformers cannot load is an error of ours with its reason."""
    (tmp_path / "config.json").write_text('{"model_type": "no such thing"}')
    (tmp_path / "model.safetensors").write_bytes(b"torn")
    engine = start(str(tmp_path), settings(), None)

    with pytest.raises(EngineFailed, match="could not load"):
        engine.count("a")


@pytest.mark.model
@pytest.mark.slow
def test_gguf_through_transformers() -> None:
    """The 0.5B GGUF loads into Transformers and answers under a grammar."""
    path = settings().models / catalogue.find("small").file
    engine = Transformers(path, model="small")
    asked = Message("user", "How many days has a week?")
    prompt = Prompt((Message("system", "Answer with a number."), asked))

    said = engine.complete(prompt, Sampling(max_tokens=4, grammar="root ::= [0-9]+"))

    assert said.text == "7"
