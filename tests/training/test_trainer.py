"""The loop: its curve, after a kill and over two processes; which weights it keeps."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from filelock import FileLock

from funcsmith.errors import SettingInvalid, TrainingFailed
from funcsmith.training import checkpoint, journal
from funcsmith.training.corpus import Packed
from funcsmith.training.throughput import flops_a_token
from funcsmith.training.trainer import Batch, Plan, losses, train

SCRIPT = Path(__file__).with_name("plain_training.py")
_spec = importlib.util.spec_from_file_location("plain_training", SCRIPT)
plain = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(plain)


def curve(folder: Path) -> list[tuple]:
    """What must be the same: kinds, steps, losses, rates, gradients and tokens."""
    wanted = ("kind", "step", "loss", "rate", "gradient", "tokens")
    return [tuple(one.get(k) for k in wanted) for one in journal.read(folder / journal.FILE)]


def run(folder: Path, steps: int, *words: str, before: tuple[str, ...] = ()) -> subprocess.Popen:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    return subprocess.Popen(
        [sys.executable, *before, str(SCRIPT), str(folder), str(steps), *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_killed_training_goes_on_to_the_same_curve(tmp_path: Path) -> None:
    """kill -9 in the middle, twice: the finished curve equals the uninterrupted one exactly."""
    torch.set_num_threads(1)
    plain.main(str(tmp_path / "whole"), "60")
    killed = tmp_path / "killed"
    for least in (15, 35):
        process = run(killed, 60)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            lines = journal.read(killed / journal.FILE)
            if lines and lines[-1]["step"] >= least:
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    stood = journal.read(killed / journal.FILE)[-1]["step"]
    plain.main(str(killed), "60")

    assert 15 <= stood <= 60
    assert curve(killed) == curve(tmp_path / "whole")
    assert len([one for one in curve(killed) if one[0] == "train"]) == 60


@pytest.mark.slow
def test_two_processes_give_the_curve_of_one(tmp_path: Path) -> None:
    """Two CPU processes (gloo) share each batch and come to the same losses but for rounding."""
    plain.main(str(tmp_path / "one"), "30", dropout=False)
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2")
    process = run(tmp_path / "two", 30, "--no-dropout", before=launcher)

    assert process.wait(timeout=120) == 0
    one, two = curve(tmp_path / "one"), curve(tmp_path / "two")
    assert [row[:2] for row in one] == [row[:2] for row in two]
    assert [row[2] for row in two] == pytest.approx([row[2] for row in one], rel=1e-4)
    assert [row[5] for row in one] == [row[5] for row in two]


def test_it_learns_and_keeps_the_best(tmp_path: Path) -> None:
    """The loss falls, and the model has the weights of its best evaluation."""
    model, looked = plain.model(), {}

    def evaluate(bare, step):
        looked[step] = {name: one.clone() for name, one in checkpoint.trainable(bare).items()}
        return {"right": {10: 0.2, 20: 0.9, 30: 0.4}[step]}

    plan = Plan(steps=30, learning_rate=3e-3, evaluate_every=10, better="right", greater=True)
    done = train(model, plain.Counting(), plan, tmp_path, evaluate=evaluate)
    found = [one["loss"] for one in journal.read(tmp_path / journal.FILE) if one["kind"] == "train"]

    assert found[0] > 4
    assert found[-1] < 3.6
    assert (done.best, done.best_step, done.steps) == (0.9, 20, 30)
    assert all(one.equal(looked[20][name]) for name, one in checkpoint.trainable(model).items())
    assert done.tokens == 30 * (56 - 4)


def test_parts_of_a_batch_give_the_gradient_of_the_whole(tmp_path: Path) -> None:
    """Rows taken one at a time give the losses of all at once."""
    curves = []
    for at_once in (0, 1, 3):
        model = plain.model().eval()
        for part in model.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0
        plan = Plan(steps=8, learning_rate=3e-3, rows_at_once=at_once)
        train(model, plain.Counting(), plan, tmp_path / str(at_once))
        curves.append([row[2] for row in curve(tmp_path / str(at_once))])

    assert curves[1] == pytest.approx(curves[0], rel=1e-5)
    assert curves[2] == pytest.approx(curves[0], rel=1e-5)


def test_only_what_counts_is_in_the_loss() -> None:
    """Losses are those of the counted tokens under the whole model, and of no other."""
    model, batch = plain.model().eval(), plain.Counting().batch(0)
    logits = model(input_ids=batch.tokens).logits.log_softmax(-1)
    expected = [
        -float(logits.detach()[row, at - 1, batch.tokens[row, at]])
        for row in range(4)
        for at in range(17)
        if batch.counted[row, at]
    ]

    assert losses(model, batch).tolist() == pytest.approx(expected, abs=1e-5)
    assert len(expected) == 14 + 6 + 14 + 10


def test_every_token_of_a_block_is_in_the_loss(tmp_path: Path) -> None:
    """The first loss over packed texts is the mean of the untrained model over whole blocks."""
    source = Packed([at * 7 % 64 for at in range(99)], block=8, rows=3)
    model = plain.model().eval()
    for part in model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
    tokens = source.batch(0).tokens
    logits = model(input_ids=tokens[:, :-1]).logits.flatten(0, 1)
    expected = float(torch.nn.functional.cross_entropy(logits, tokens[:, 1:].flatten()).detach())
    done = train(model, source, Plan(steps=1, learning_rate=1e-3), tmp_path)

    assert done.loss == pytest.approx(expected, abs=1e-5)
    assert done.tokens == 3 * 8


def test_another_training_is_refused(tmp_path: Path) -> None:
    """A folder goes on with its own plan alone; nothing of it is changed."""
    train(plain.model(), plain.Counting(), plain.plan(5), tmp_path, until=3)
    before = curve(tmp_path)

    with pytest.raises(SettingInvalid, match="another training"):
        train(plain.model(), plain.Counting(), plain.plan(6), tmp_path)
    assert curve(tmp_path) == before
    assert len(before) == 3


def test_two_trainings_in_one_folder(tmp_path: Path) -> None:
    """A folder in which a training runs is refused; what a killed one left half-written is cleared."""
    left = tmp_path / "checkpoints" / ".best-a.part"
    left.parent.mkdir()
    left.write_bytes(b"torn")
    plan = Plan(steps=1, learning_rate=1e-3)
    with FileLock(tmp_path / ".lock"), pytest.raises(SettingInvalid, match="Another training runs"):
        train(plain.model(), plain.Counting(), plan, tmp_path)
    assert left.exists()

    train(plain.model(), plain.Counting(), plan, tmp_path)
    assert not left.exists()


def test_frozen_weights_stay_and_are_not_written(tmp_path: Path) -> None:
    """Only what wants gradients is trained and kept, as with LoRA."""
    model = plain.model()
    for name, one in model.named_parameters():
        one.requires_grad = ".mlp." in name
    frozen = model.transformer.wte.weight.clone()
    train(model, plain.Counting(), Plan(steps=2, learning_rate=1e-2), tmp_path)
    state = checkpoint.latest(tmp_path / "checkpoints")

    assert model.transformer.wte.weight.equal(frozen)
    assert {name.split(".")[3] for name in state["weights"]} == {"mlp"}
    assert flops_a_token(model) < flops_a_token(plain.model())


def test_loss_that_is_no_number_stops_it(tmp_path: Path) -> None:
    """A training that has diverged says so instead of going on."""
    model = plain.model()
    with torch.no_grad():
        model.transformer.ln_f.weight.fill_(float("nan"))

    with pytest.raises(TrainingFailed, match="step 1 is nan"):
        train(model, plain.Counting(), Plan(steps=2, learning_rate=1e-3), tmp_path)


def test_damaged_checkpoint_is_said(tmp_path: Path) -> None:
    """Bytes that are no checkpoint are an error with the file's name."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    (folder / "step-00000003.pt").write_bytes(b"torn")

    with pytest.raises(TrainingFailed, match=r"step-00000003\.pt cannot be read"):
        train(plain.model(), plain.Counting(), plain.plan(5), tmp_path)


def test_journal_leaves_out_what_was_cut_off(tmp_path: Path) -> None:
    """Of a file whose last line was cut off, the whole lines count."""
    (tmp_path / journal.FILE).write_text('{"step": 1, "loss": 2.0}\n{"step": 2, "lo')

    assert [one["step"] for one in journal.read(tmp_path / journal.FILE)] == [1]


def test_rows_without_an_answer_cost_nothing(tmp_path: Path) -> None:
    """A batch in which nothing counts has the loss 0 and does not fail."""

    class Empty:
        fingerprint = "empty"

        def batch(self, step):
            tokens = torch.zeros(2, 8, dtype=torch.int64)
            return Batch(tokens, torch.zeros(2, 8, dtype=torch.bool), torch.tensor([8, 8]))

    done = train(plain.model(), Empty(), Plan(steps=1, learning_rate=1e-3), tmp_path)

    assert done.loss == 0.0
