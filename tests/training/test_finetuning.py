"""The whole line on a tiny random model: data, search, training, conversion, gate, service."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("gguf")

import torch

from funcsmith.contract import Tool
from funcsmith.errors import AdapterUnfit, SettingInvalid
from funcsmith.models import adapters
from funcsmith.settings import settings
from funcsmith.training import finetuning
from funcsmith.training.finetuning import Order, finetune
from funcsmith.training.lora import Recipe
from funcsmith.training.record import Record, write_records

_spec = importlib.util.spec_from_file_location(
    "tiny_base", Path(__file__).with_name("tiny_base.py")
)
tiny = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tiny)


def record(city: str, days: int | None, zh: bool) -> Record:
    tool = Tool(
        name="book",
        description="订房。" if zh else "Book a room.",
        parameters={
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city", "days"],
        },
    )
    if zh:
        text = f"订{city}的房间" + (f"，住 {days} 天" if days else "")
    else:
        text = f"Book a room in {city}" + (f" for {days} days" if days else "")
    spans = {"/city": [(text.index(city), text.index(city) + len(city))]}
    if days:
        at = text.index(str(days))
        spans["/days"] = [(at, at + 1)]
    return Record.of(
        text=text,
        kind="parameters" if days else "ask",
        tools=(tool,),
        function="book",
        arguments={"city": city, **({"days": days} if days else {})},
        spans=spans,
        missing=() if days else ("days",),
    )


@pytest.fixture
def order(tmp_path: Path) -> Order:
    data = tmp_path / "data"
    cities = ("Bonn", "Turin", "Lyon", "大连", "青岛", "昆明")
    train = [record(c, d, c > "z") for c in cities for d in (2, 5, None)]
    write_records(data / "train.jsonl", train)
    write_records(data / "dev.jsonl", [record(c, 7, c > "z") for c in cities[2:4]])
    write_records(data / "test.jsonl", [record("Pisa", 3, False), record("西安", None, True)])
    base = tiny.write(tmp_path / "tiny.gguf", tiny.make())
    recipe = Recipe(
        tokens=6_000,
        rank=2,
        alpha=4,
        learning_rates=(1e-3, 1e-2),
        rows=(4,),
        search_tokens=800,
        evaluations=1,
        longest=0,
    )
    return Order(data, str(base), "ours", recipe, check_records=1, allowed_points=100)


def test_line_from_data_to_service(order: Order, tmp_path: Path) -> None:
    """The adapter is installed with what it was made of; the same command does nothing twice."""
    torch.set_num_threads(1)
    said: list[str] = []

    done = finetune(order, tmp_path / "work", settings(), say=lambda step, _: said.append(step))

    found = adapters.find("ours")
    assert done.adapter == found
    assert found.base_sha256 == adapters.sha256(Path(order.base))
    assert found.training["tokens"] <= order.recipe.tokens
    assert found.training["learning_rate"] in order.recipe.learning_rates
    assert found.data["records"] == {"train": 18, "dev": 2, "test": 2}
    assert sum(found.training["languages"].values()) == found.training["examples"] <= 18
    assert found.training["kinds"].keys() == {"ask", "parameters"}
    assert (done.gate["trained"]["count"], done.gate["base"]["count"]) == (2, 2)
    assert done.comparison["figures"]["raw"]["asks"]["count"] == 1
    assert said.count("trial") == 2  # two rates, one batch
    assert said.count("answer") == 4

    again: list[str] = []
    once_more = finetune(
        order, tmp_path / "work", settings(), say=lambda step, _: again.append(step)
    )
    assert once_more.gate == done.gate
    assert not {"trial", "train", "evaluate", "answer"} & set(again)


def test_another_order_wants_another_folder(order: Order, tmp_path: Path) -> None:
    """A work folder holds one order: with other data or another recipe it is refused."""
    finetuning._ordered(order, {"train": [record("Bonn", 2, False)]}, tmp_path)

    finetuning._ordered(order, {"train": [record("Bonn", 2, False)]}, tmp_path)
    for other, records in (
        (replace(order, recipe=replace(order.recipe, rank=4)), [record("Bonn", 2, False)]),
        (order, [record("Bonn", 3, False)]),
    ):
        with pytest.raises(SettingInvalid, match="another order"):
            finetuning._ordered(other, {"train": records}, tmp_path)


def test_refused_adapter_is_not_installed(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the gate refused once stays refused, in words, and nothing is installed."""
    torch.set_num_threads(1)
    work = tmp_path / "work"
    work.mkdir()
    (work / "ours.gguf").write_bytes(b"GGUF")
    told = {"sha256": "x"}
    digest = adapters.sha256(work / "ours.gguf")
    refusal = {"en": "The conversion lost 9.0 points", "zh": "转换损失了 9.0 个百分点"}
    kept = {"adapter": digest, "passed": False, "refusal": refusal, "hint": refusal}
    (work / "gate.json").write_text(json.dumps(kept))

    with pytest.raises(AdapterUnfit, match=r"lost 9\.0 points"):
        finetuning._gated(order, None, None, [], None, work, told, lambda *_: None)
    assert adapters.installed() == []
