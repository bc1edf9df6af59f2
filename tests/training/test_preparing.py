"""Data from sources to splits: the same end every time, also after `kill -9`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from funcsmith.cli import main
from funcsmith.errors import InputInvalid
from funcsmith.evaluate.trial import Trial
from funcsmith.execute import Sandbox
from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Completion, Prompt, Sampling
from funcsmith.models.scripted import Scripted
from funcsmith.training.balancing import Balance
from funcsmith.training.card import read_card
from funcsmith.training.offering import SIDES, side_of
from funcsmith.training.preparing import WORK, Plan, prepare
from funcsmith.training.proof import prove
from funcsmith.training.record import Record, group_of, line_of, read_records
from funcsmith.training.rendering import render

from .records import doubled

THINGS = (
    ("anchor", "锚"), ("barrel", "木桶"), ("candle", "蜡烛"), ("drum", "鼓"), ("engine", "引擎"),
    ("flag", "旗子"), ("globe", "地球仪"), ("hammer", "锤子"), ("island", "岛"), ("jug", "壶"),
    ("kettle", "水壶"), ("ladder", "梯子"), ("magnet", "磁铁"), ("needle", "针"), ("oar", "桨"),
    ("piano", "钢琴"), ("quilt", "被子"), ("rope", "绳子"), ("sail", "帆"), ("tent", "帐篷"),
)  # fmt: skip


def rows_of(count: int) -> list[Record]:
    """Calls of twenty functions, half of them in Chinese, and one function to write."""
    found: list[Record] = [
        doubled(),
        doubled(text="Broken one", tests=["assert doubled([1]) == [1]"]),
    ]
    for at in range(30):
        text = f"昨天走了{at + 2}公里，累" if at % 2 else f"My cat is {at + 2} years old today"
        found.append(Record.of(text=text, kind="none", licence="own", group=f"none {at}"))
    for at in range(count):
        english, chinese = THINGS[at % len(THINGS)]
        tool = {
            "name": f"ship_{english}",
            "description": f"Ship a {english}.",
            "parameters": {
                "properties": {"copies": {"type": "integer"}, "code": {"type": "string"}},
                "required": ["copies", "code"],
            },
        }
        code = f"K{at * 37 + 11}"
        text = (
            f"把{3 + at}件{chinese}寄走，编号是{code}"
            if at // 20 % 2
            else f"Please ship {3 + at} of the {english}, code {code}"
        )
        found.append(
            Record.of(
                text=text,
                kind="parameters",
                tools=[tool],
                function=tool["name"],
                arguments={"copies": 3 + at, "code": code},
                origin=f"test:{at}",
                licence="own",
                group=group_of(str(tool["name"])),
            )
        )
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(line_of(one) + "\n" for one in rows_of(160)), "utf-8")
    return path


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with Sandbox() as sandbox:
        yield Trial(sandbox)


def files_of(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


def test_data_are_what_they_say(file: Path, tmp_path: Path, trial: Trial) -> None:
    """Every row is proven, no function stands on two sides, shares hold, reasons are counted."""
    out = tmp_path / "data"
    card = prepare(out, Plan(files=(file,)), trial=trial)
    assert set(files_of(out)) == {"train.jsonl", "dev.jsonl", "test.jsonl", "card.json", "card.md"}
    assert not (out / WORK).exists()
    sides = {side: list(read_records(out / f"{side}.jsonl")) for side in SIDES}
    groups = {side: {one.group for one in some if one.function} for side, some in sides.items()}
    assert not groups["train"] & groups["test"]
    assert not groups["train"] & groups["dev"]
    for side, some in sides.items():
        for one in some:
            assert side_of(one.group) == side
            assert all(side_of(group_of(tool.name)) == side for tool in one.tools)
            assert prove(one).record is not None
            assert render(one, way="direct").answer
            assert render(one).answer
    train = sides["train"]
    kinds = {one.kind for one in train}
    assert kinds == {"function", "parameters", "ask", "none"}
    negatives = sum(one.kind in ("ask", "none") for one in train) / len(train)
    assert 0.15 <= negatives <= 0.25
    assert sum(one.language == "zh" for one in train) / len(train) >= 0.33
    assert card["left"] == {"code fails its tests": 1}
    assert card["contamination"]["rows"] == 0
    assert card["functions_on_two_sides"] == 0
    assert card["sides"]["train"]["rows"] == len(train)
    assert sum(card["made"].values()) == sum(map(len, sides.values()))
    assert "把" not in json.dumps(card["made"])
    assert read_card(out) == json.loads(json.dumps(card))


class Stopping(Scripted):
    """An engine whose program is interrupted at the fourth prompt."""

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        if len(self.prompts) == 3:
            raise KeyboardInterrupt
        return super().complete(prompt, sampling, cancel=cancel, on_text=on_text)


def test_a_model_is_not_asked_again(file: Path, tmp_path: Path, trial: Trial) -> None:
    """What a model said before a run ended is kept; the next run asks only for the rest."""
    plan = Plan(files=(file,), model="scripted", paraphrases=6, augment=False)
    out = tmp_path / "data"
    with pytest.raises(KeyboardInterrupt):
        prepare(out, plan, engine=Stopping().enqueue("什么", "什么", "什么"), trial=trial)
    second = Scripted().enqueue("什么", "什么", "什么")
    card = prepare(out, plan, engine=second, trial=trial)
    assert len(second.prompts) == 3
    refused = [count for some in card["augmentation"].values() for count in some.values()]
    assert sum(refused) == 6


def test_nothing_to_train_on(tmp_path: Path, trial: Trial) -> None:
    """Where every row falls away the error says why."""
    path = tmp_path / "mine.jsonl"
    path.write_text(line_of(doubled(licence="secret")) + "\n", "utf-8")
    with pytest.raises(InputInvalid) as caught:
        prepare(tmp_path / "data", Plan(files=(path,)), trial=trial)
    assert caught.value.hint("en") == "Why: licence (1)."


def test_the_limit_is_kept(file: Path, tmp_path: Path, trial: Trial) -> None:
    """--limit counts rows to train on."""
    card = prepare(tmp_path / "data", Plan(files=(file,), balance=Balance(limit=40)), trial=trial)
    assert card["sides"]["train"]["rows"] == 40


def test_killed_and_run_again(file: Path, tmp_path: Path) -> None:
    """After `kill -9` in the middle the same command ends with the same bytes as one that was not."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    assert started(file, whole).wait() == 0
    for least in (20, 150):
        child = started(file, killed)
        rows = killed / WORK / "rows.jsonl"
        while child.poll() is None and not (
            rows.exists() and rows.read_bytes().count(b"\n") > least
        ):
            time.sleep(0.005)
        assert child.poll() is None, "it ended before it could be killed"
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        before = rows.read_bytes().rpartition(b"\n")[0].split(b"\n")
        assert len(before) > least
    assert not (killed / "card.json").exists()
    assert started(file, killed).wait() == 0
    assert files_of(killed) == files_of(whole)


def started(file: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "funcsmith",
        "data",
        "prepare",
        "--file",
        str(file),
        "--out",
        str(out),
    ]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}


def test_the_command(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """collect says what each source gave and left; card shows what was prepared."""
    out = tmp_path / "collected.jsonl"
    assert run("collect", "--file", str(file), "--out", str(out)) == 0
    assert "mine.jsonl: 192" in capsys.readouterr().out
    assert len(list(read_records(out))) == 192
    folder = tmp_path / "data"
    folder.mkdir()
    assert run("card", str(folder)) == 2
    assert "has no data card" in capsys.readouterr().err


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["data", *words])
    return int(ended.value.code or 0)


def test_no_torch_is_imported() -> None:
    """Data are prepared without any of what training needs."""
    said = (
        "import sys, funcsmith.cli.data, funcsmith.training.preparing, funcsmith.training.rendering\n"
        "assert not {'torch', 'transformers', 'peft', 'datasets', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", said], check=True, env=environment())
