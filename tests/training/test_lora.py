"""What fine-tuning rests on: shared beginnings, rounds of batches, prompts as they are served."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("gguf")

import torch

from funcsmith.contract import Tool
from funcsmith.errors import InputInvalid
from funcsmith.models.llamacpp import LlamaCpp
from funcsmith.models.transformers import conversation_text
from funcsmith.settings import settings
from funcsmith.training import lora
from funcsmith.training.beginnings import Beginnings, shared
from funcsmith.training.corpus import Example
from funcsmith.training.finetuning import said_in
from funcsmith.training.lora import Recipe
from funcsmith.training.record import Record
from funcsmith.training.rendering import render
from funcsmith.training.rounds import Rounds, cut_to, kinds_of, tokens_of
from funcsmith.training.trainer import losses

_spec = importlib.util.spec_from_file_location(
    "tiny_base", Path(__file__).with_name("tiny_base.py")
)
tiny = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny)

BEGINNING = tuple(range(1, 61))
TOOL = Tool(
    name="f",
    parameters={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
)


def examples(beginning: tuple[int, ...], count: int) -> list[Example]:
    return [
        Example((*beginning, 70 + n, *range(n % 3)), tuple(range(100, 103 + n % 4)))
        for n in range(count)
    ]


def record(n: int, **more) -> Record:
    told = {"kind": "parameters", "function": "f", "arguments": {"n": n}}
    text = f"第 {n} 个" if n % 2 else f"give f {n}"
    at = text.index(str(n))
    spans = {"/n": [(at, at + len(str(n)))]}
    return Record.of(**{"text": text, "tools": (TOOL,), "spans": spans, **told, **more})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write(tmp_path_factory.mktemp("base") / "tiny.gguf", tiny.make())


def test_shared_beginning_changes_no_loss() -> None:
    """Each token's loss is that of the whole rows, before and after the weights have changed."""
    torch.set_num_threads(1)
    model = tiny.make()
    source = Rounds([examples(BEGINNING, 8)], rows=8)
    wrapped = Beginnings(model, source.beginnings)
    batch = source.batch(0)

    assert source.beginnings == [list(BEGINNING)]
    for _ in range(2):
        with torch.no_grad():
            mine, whole = losses(wrapped, batch), losses(model, batch)
        torch.testing.assert_close(mine, whole, rtol=1e-4, atol=1e-4)
        with torch.no_grad():
            for one in model.parameters():
                one.add_(0.01)
        with torch.no_grad():
            changed = losses(model, batch)
        assert not torch.allclose(whole, changed, atol=1e-3)


def test_gradients_are_those_of_the_rest() -> None:
    """Weights get the gradient of the tokens behind the beginning, and it points as the whole one."""
    torch.set_num_threads(1)
    model = tiny.make()
    batch = Rounds([examples(BEGINNING, 8)], rows=8).batch(0)
    found = []
    for one in (Beginnings(model, [BEGINNING]), model):
        model.zero_grad()
        losses(one, batch).mean().backward()
        found.append(model.model.layers[1].mlp.down_proj.weight.grad.flatten().clone())

    assert torch.cosine_similarity(*found, dim=0) > 0.9


def test_rows_of_another_beginning_are_computed_whole() -> None:
    """A batch that begins otherwise, or is asked for logits in the beginning, is the model's own."""
    torch.set_num_threads(1)
    model = tiny.make()
    wrapped = Beginnings(model, [BEGINNING])
    tokens = torch.tensor([[*BEGINNING, 5, 6], [*BEGINNING[:-1], 0, 5, 6]])
    with torch.no_grad():
        for rows, places in ((tokens, [60, 61]), (tokens[:1], [3, 61])):
            kept = torch.tensor(places)
            said = wrapped(rows, logits_to_keep=kept).logits
            torch.testing.assert_close(said, model(rows, logits_to_keep=kept).logits)


def test_shared_leaves_a_token_to_ask_from() -> None:
    """Of equal prompts all but the last token are shared, and few tokens are not worth sharing."""
    assert shared([[1, 2, 3], [1, 2, 3]], least=2) == [1, 2]
    assert shared([[1, 2, 3], [1, 9, 3]], least=2) == []
    assert shared([], least=0) == []


def test_round_has_every_example_once() -> None:
    """Each batch is of one kind, each example comes once a round, and rounds differ in order."""
    kinds = [examples(BEGINNING, 8), examples((9, *BEGINNING), 4)]
    source = Rounds(kinds, rows=2, seed=3)

    def seen(start):
        rows = []
        for step in range(start, start + source.batches):
            batch = source.batch(step)
            assert len({int(row[0]) for row in batch.tokens}) == 1
            for row, length in zip(batch.tokens, batch.lengths, strict=True):
                rows.append(tuple(row[:length].tolist()))
        return rows

    whole = sorted((*one.prompt, *one.answer) for kind in kinds for one in kind)
    first, second = seen(0), seen(source.batches)
    assert source.batches == 6
    assert sorted(first) == sorted(second) == whole
    assert first != second
    assert first == seen(0)


def test_tokens_are_counted_without_the_beginning() -> None:
    """What gradients flow through is counted, and the steps that a budget allows."""
    kinds = [examples(BEGINNING, 8)]
    source = Rounds(kinds, rows=2)
    behind = sum(len(one.prompt) + len(one.answer) - 60 for one in kinds[0])

    assert tokens_of(kinds) == behind
    assert sum(source.trained(step) for step in range(4)) == behind
    assert source.steps_for(behind) == 4
    assert source.steps_for(2 * behind + 1) == 8
    assert source.steps_for(1) == 1
    assert tokens_of(cut_to(kinds, behind // 2)) <= behind // 2
    assert cut_to(kinds, behind) == kinds
    with pytest.raises(InputInvalid, match="Not one example fits"):
        cut_to(kinds, 1)


def test_records_are_said_in_turns() -> None:
    """Ways take turns; what the pipeline cannot say is said directly, or left out without that."""
    records = [record(n) for n in range(4)]
    unsayable = record(8, spans={})

    both, _ = said_in(records, ("pipeline", "direct"))
    kinds = [said.answer.startswith("{") for _, said in both]
    assert kinds == [False, True, False, True]
    assert both[1] == (records[1], render(records[1], way="direct"))
    directly = said_in([unsayable], ("pipeline", "direct"))[0]
    assert directly == [(unsayable, render(unsayable, way="direct"))]
    assert said_in([unsayable], ("pipeline",)) == ([], 1)


def test_prompts_are_those_that_are_served(base: Path) -> None:
    """What is trained on has the very tokens that llama.cpp reads when the same is served."""
    loaded = lora.load(str(base), settings())
    rendered = [
        (one, render(one, way=way))
        for one in (record(1), record(2))
        for way in ("pipeline", "direct")
    ]
    trained = {
        one.prompt for kind in kinds_of(rendered, loaded.tokenizer, chatml=True) for one in kind
    }
    engine = LlamaCpp(base, model="tiny")
    try:
        process = engine._running()
        served = set()
        for _, one in rendered:
            text = process.render(one.prompt)
            assert text == conversation_text(loaded.tokenizer, one.prompt, chatml=loaded.chatml)
            asked = {"content": text, "add_special": False, "parse_special": True}
            served.add(tuple(engine._post(process, "/tokenize", asked)["tokens"]))
    finally:
        engine.close()

    assert loaded.chatml
    assert trained == served
    assert len(trained) == 4


def test_search_is_not_done_twice(base: Path, tmp_path: Path) -> None:
    """Rates are tried, then batches with the best; a stopped search goes on with what is left."""
    torch.set_num_threads(1)
    loaded = lora.load(str(base), settings())
    rendered, _ = said_in([record(n) for n in range(8)], ("direct",))
    kinds = kinds_of(rendered, loaded.tokenizer, chatml=True)
    recipe = Recipe(
        rank=2, learning_rates=(1e-4, 1e-2), rows=(2, 4), search_tokens=500, rows_at_once=4
    )
    model = lora.adapted(loaded, recipe)
    first = {name: one.clone() for name, one in lora.trainable(model).items()}

    found = lora.search(model, kinds, kinds, recipe, tmp_path)

    path = tmp_path / "search.json"
    assert [(one.learning_rate, one.rows) for one in found.trials] == [
        (1e-4, 2),
        (1e-2, 2),
        (1e-2, 4),
    ]
    slow, quick, larger = (one.loss for one in found.trials)
    assert quick < slow < found.before
    assert (found.learning_rate, found.rows) == (1e-2, 2 if quick < larger else 4)
    assert all(torch.equal(first[name], one) for name, one in lora.trainable(model).items())

    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "trials": told["trials"][:2]}))
    tried: list[lora.Trial] = []
    again = lora.search(model, kinds, kinds, recipe, tmp_path, watch=tried.append)
    assert [(one.learning_rate, one.rows) for one in tried] == [(1e-2, 4)]
    assert again.trials[:2] == found.trials[:2]
    assert again.trials[2].loss == pytest.approx(found.trials[2].loss, rel=1e-6)
