"""funcsmith batch: order, bad lines, going on after a kill."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPTED = Path(__file__).parent / "scripted.py"


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def files(tmp_path):
    return tmp_path / "requests.jsonl", tmp_path / "outcomes.jsonl"


def write(path: Path, *requests: object) -> None:
    path.write_bytes(b"".join(
        (each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n"
        for each in requests
    ))  # fmt: skip


def test_outcomes_in_order_with_ids(command, files, scripted):
    """One outcome a line, in order; ids are copied or line numbers; one pipeline for all."""
    requests, out = files
    write(requests, {"text": "a"}, {"text": "b", "id": "mine"}, {"text": "hello", "id": 7})
    before = scripted.Scripted.opened
    code, said, _ = command("batch", str(requests), "--out", str(out), "--model", "small")

    assert (code, said) == (0, "")
    assert [each["id"] for each in lines_of(out)] == ["1", "mine", "7"]
    assert [each["kind"] for each in lines_of(out)] == ["function", "function", "none"]
    assert scripted.Scripted.opened == before + 1


def test_bad_lines_become_outcomes(command, files):
    """A line that is no request costs only itself; its message is in the outcome."""
    requests, out = files
    bad = [
        b"{not json",
        b'"text"',
        b'{"id": "unknown", "text": "x", "colour": 1}',
        b'{"text": "x", "mode": "walk"}',
        b'{"text": ""}',
        b'{"text": "\xff"}',
        b"{}",
        b"",
        b'{"text": "engine dies"}',
        b'{"text": "x", "inputs": {"n": NaN}}',
        b"[" * 50_000,
        b'{"text": "\\ud800 evil"}',
        b'{"text": "x", "now": "someday"}',
        b'{"text": "no \\u5f15\\u64ce engine dies"}',
    ]
    write(requests, *bad, {"text": "good"}, b"", b"  ")
    code, _, _ = command("batch", str(requests), "--out", str(out))
    outcomes = lines_of(out)
    codes = [(each["error"] or {}).get("code") for each in outcomes]

    assert code == 0
    assert len(outcomes) == len(bad) + 1
    assert outcomes[2]["id"] == "unknown"
    assert outcomes[3]["id"] == "4"
    assert "colour" in outcomes[2]["error"]["message"]
    assert "mode" in outcomes[3]["error"]["message"]
    assert codes == [
        "request_invalid", "request_invalid", "request_invalid", "request_invalid", "text_empty",
        "input_invalid", "request_invalid", "request_invalid", "engine_failed", "request_invalid",
        "request_invalid", None, "request_invalid", "engine_failed", None,
    ]  # fmt: skip
    assert outcomes[13]["error"]["message"] == "引擎结束了。"


def test_goes_on_after_a_kill(files, monkeypatch):
    """After kill -9 the same command drops the torn line and answers what is left."""
    requests, out = files
    write(requests, *({"text": f"pause {n}"} for n in range(8)))
    line = [sys.executable, str(SCRIPTED), "batch", str(requests), "--out", str(out)]
    child = subprocess.Popen(line, stderr=subprocess.DEVNULL)
    while not out.exists() or out.read_bytes().count(b"\n") < 3:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    kept = out.read_bytes()
    whole = kept[: kept.rindex(b"\n") + 1]
    out.write_bytes(whole + b'{"id": "9", "kind": "fun')
    done = subprocess.run(line, capture_output=True, timeout=30, check=False)

    assert done.returncode == 0
    assert out.read_bytes().startswith(whole)
    assert [each["id"] for each in lines_of(out)] == [str(n) for n in range(1, 9)]

    again = subprocess.run(line, capture_output=True, timeout=30, check=False)
    assert again.returncode == 0
    assert len(lines_of(out)) == 8


@pytest.mark.parametrize("torn", [b"{", b'{"id": "1", "ki', b"\0\0\0", b'{"id": "1"}'])
def test_torn_first_line_is_dropped(command, files, torn):
    """A torn line is dropped also where it is the only one."""
    requests, out = files
    write(requests, {"text": "a"})
    out.write_bytes(torn)

    assert command("batch", str(requests), "--out", str(out))[0] == 0
    assert len(lines_of(out)) == 1


@pytest.mark.parametrize(
    "there",
    [
        b"my diary\n",
        b"my diary",
        b'{"id": "1"}\nno json\n{"id": "3"}\n',
        b'{"id": "other"}\n',
        b'{"id": "1"}\n{"id": "2"}\n{"id": "3"}\n',
    ],
)
def test_files_of_others_are_left_alone(command, files, there):
    """A file that does not hold these requests' outcomes is refused and not touched."""
    requests, out = files
    write(requests, {"text": "a"}, {"text": "b"})
    out.write_bytes(there)
    code, _, err = command("batch", str(requests), "--out", str(out))

    assert code == 2
    assert "left as it is" in err
    assert out.read_bytes() == there


def test_what_meets_every_line_ends_the_batch(command, files):
    """Without a model nothing can be answered: exit 3, and nothing to throw away."""
    requests, out = files
    write(requests, {"text": "a"}, {"text": "no model"}, {"text": "b"})

    assert command("batch", str(requests), "--out", str(out))[0] == 3
    assert len(lines_of(out)) == 1


def test_pipes(process):
    """Requests from standard input, outcomes to standard output."""
    done = process("batch", "-", "--out", "-", stdin=b'{"text": "a"}\n{"text": "hello"}')

    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1", "2"]


def test_ctrl_c_keeps_what_is_done(files):
    """Ctrl-C: 130; the outcomes so far are whole lines."""
    requests, out = files
    write(requests, {"text": "a"}, {"text": "slow"})
    child = subprocess.Popen(
        [sys.executable, str(SCRIPTED), "batch", str(requests), "--out", str(out)],
        stderr=subprocess.PIPE,
    )
    while not out.exists() or not out.read_bytes():
        time.sleep(0.02)
    time.sleep(0.2)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=10)

    assert child.returncode == 130
    assert b"Traceback" not in err
    assert len(lines_of(out)) == 1


@pytest.mark.parametrize("arguments", [["/nowhere", "--out", "x"], ["{}", "--out", "{}"],
                                       ["{}", "--out", "/nowhere/x"], ["{}"]])  # fmt: skip
def test_unusable_files(command, files, arguments, tmp_path, monkeypatch):
    """A file that cannot be read or written is a usage error."""
    monkeypatch.chdir(tmp_path)
    write(files[0], {"text": "a"})

    assert command("batch", *(each.format(files[0]) for each in arguments))[0] == 2
    assert files[0].read_bytes()


def test_one_batch_a_file(files):
    """Two batches at once do not write one file."""
    requests, out = files
    write(requests, {"text": "slow"})
    line = [sys.executable, str(SCRIPTED), "batch", str(requests), "--out", str(out)]
    first = subprocess.Popen(line, stderr=subprocess.DEVNULL)
    while not out.exists():
        time.sleep(0.02)
    time.sleep(0.1)
    second = subprocess.run(line, capture_output=True, timeout=20, check=False)
    first.kill()
    first.wait()

    assert second.returncode == 2
    assert b"Another batch" in second.stderr
