"""A GPT from nothing, tiny: the folder that it leaves, and the same one after an interruption."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from safetensors.torch import load_file

from funcsmith.cli import main
from funcsmith.contract import Tool
from funcsmith.errors import InputInvalid, SettingInvalid
from funcsmith.models import catalogue
from funcsmith.models.engine import Message, Prompt, Sampling
from funcsmith.models.transformers import Transformers
from funcsmith.training import curves, journal
from funcsmith.training.evaluation import majority, metrics
from funcsmith.training.record import Record, write_records
from funcsmith.training.scoring import score
from funcsmith.training.scratch import Order, from_scratch

DOUBLE = Tool(
    name="double",
    description="Twice a number.",
    parameters={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
)


def call(number: int) -> Record:
    return Record.of(
        text=f"Double {number}, please.",
        kind="parameters",
        tools=(DOUBLE,),
        function="double",
        arguments={"n": number},
        spans={"/n": [(7, 7 + len(str(number)))]},
    )


ASK = Record.of(text="给我翻倍。", kind="ask", tools=(DOUBLE,), function="double", missing=("n",))
IDLE = Record.of(text="今天天气真好。", kind="none", tools=(DOUBLE,))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_records(tmp_path / "data" / "train.jsonl", [call(n) for n in range(10, 16)] + [ASK, IDLE])
    write_records(tmp_path / "data" / "dev.jsonl", [call(33), IDLE])
    return tmp_path / "data"


def order(data: Path, out: Path, **more) -> Order:
    torch.set_num_threads(1)
    told = {
        "depth": 1, "vocabulary": 320, "context_tokens": 512, "library": False, "ways": ("direct",),
        "pretrain_steps": 4, "task_steps": 4, "evaluations": 2, "checkpoint_seconds": 0.0,
    }  # fmt: skip
    return Order(data, out, **{**told, **more})


class Interrupted(Exception):
    pass


def test_it_goes_on_to_the_same_model(data: Path, tmp_path: Path) -> None:
    """Interrupted in each stage, the same order makes the very weights of one that was not."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    from_scratch(order(data, whole))

    def break_at(stage: str, step: int):
        def watch(at: str, kind: str, number: int, _values) -> None:
            if (at, kind, number) == (stage, "train", step):
                raise Interrupted

        return watch

    for stage in ("pretrain", "task"):
        with pytest.raises(Interrupted):
            from_scratch(order(data, broken), watch=break_at(stage, 3))
        with pytest.raises(catalogue.ModelUnknown):
            catalogue.find(str(broken))
    made = from_scratch(order(data, broken))
    one, two = (load_file(folder / "model.safetensors") for folder in (whole, broken))

    assert one.keys() == two.keys()
    assert all(one[name].equal(two[name]) for name in one)
    assert made["steps"] == {"pretrain": 4, "task": 4}


def test_command_leaves_a_folder_that_serves(data: Path, tmp_path: Path, capsys) -> None:
    """`funcsmith train` shows curves and leaves model, tokenizer, curves and how it was made."""
    out = tmp_path / "own"
    words = "--depth 1 --vocabulary 320 --context 512 --way direct --no-standard-library"
    steps = "--pretrain-steps 2 --task-steps 8"
    with pytest.raises(SystemExit) as left:
        main(["train", str(data), "--out", str(out), *words.split(), *steps.split()])
    said = capsys.readouterr().out
    told = json.loads((out / "training.json").read_text("utf-8"))
    engine = Transformers(out, model=catalogue.find(str(out)).name)
    answer = engine.complete(
        Prompt((Message("user", "Double 3"),)), Sampling(grammar='root ::= "a" | "b"')
    )

    assert left.value.code == 0
    assert "task: loss (nats a token)" in said
    assert told["parameters"] == sum(
        one.numel() for one in load_file(out / "model.safetensors").values()
    )
    assert told["order"]["depth"] == 1
    assert told["data"]["records"] == {"train": 8, "dev": 2}
    assert told["files"].keys() == {"train.jsonl", "dev.jsonl", "texts"}
    assert told["stages"]["task"]["steps"] == 8
    assert (out / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert answer.text in {"a", "b"}
    looked = [
        one
        for one in journal.read(out / "stages" / "task" / "metrics.jsonl")
        if one["kind"] == "evaluate"
    ]
    assert {"loss", "detection_f1", "exact", "idle", "task"} <= looked[-1].keys()


def test_other_options_are_refused(data: Path, tmp_path: Path) -> None:
    """A folder that was begun with other options or data is left as it is."""
    from_scratch(order(data, tmp_path / "own", pretrain_steps=1, task_steps=1))

    with pytest.raises(SettingInvalid, match="other data or other options"):
        from_scratch(order(data, tmp_path / "own", pretrain_steps=2, task_steps=1))


def test_data_without_records_is_said(data: Path, tmp_path: Path) -> None:
    """An empty side is an error before anything is made."""
    (data / "dev.jsonl").write_text("")

    with pytest.raises(InputInvalid, match="has no records"):
        from_scratch(order(data, tmp_path / "own"))
    assert not (tmp_path / "own").exists()


def test_majority_says_one_thing() -> None:
    """The baseline answers every record with the commonest kind, and so is right where that is right."""
    found = score(majority([call(1), call(2), ASK], [call(3), ASK, IDLE]))

    assert (found.kind.right, found.exact.right, found.functions.right) == (1, 0, 1)
    assert metrics(found) == {
        "detection_f1": 0.1667, "exact": 0.0, "asks": 0.0, "asks_named": 0.0, "invented": 1.0,
        "needless": 0.0, "idle": 0.0, "functions": 0.5, "task": 0.0417,
    }  # fmt: skip


def test_chart_of_nothing_and_of_a_level_line() -> None:
    """A curve without points is its title; one that is level has its value at the bottom."""
    assert curves.chart([], title="loss") == "loss"
    assert curves.chart([(1, 2.0), (9, 2.0)], title="t", width=5, height=2).splitlines()[2] == (
        " 2.00 │●   ●"
    )
