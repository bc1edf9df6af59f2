"""funcsmith TEXT: what goes in, what comes out, and with which exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPTED = Path(__file__).parent / "scripted.py"
FACTORIAL = "给定一个正整数 n，输出 n 的阶乘。"


def request_of(log: Path) -> dict:
    return json.loads(log.read_text("utf-8").splitlines()[0])


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("SCRIPTED_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def test_text_is_answered(command):
    """A text alone is a request; the result is on standard output."""
    code, out, _ = command(FACTORIAL)

    assert code == 0
    assert "factorial(n: int) -> int" in out
    assert "120" in out
    assert "\x1b" not in out


def test_json_is_one_outcome_and_nothing_else(process):
    """--json prints one line of JSON; the rest, if any, is on standard error."""
    done = process("--json", FACTORIAL)

    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 1
    assert json.loads(done.stdout)["result"]["value"] == 120
    assert done.stderr == b""


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", FACTORIAL, "--json"],
        ["--json", "run"],
        ["--json", "--", "list"],
        ["--json", "--", "library"],
        ["--json", "--", "-3 的绝对值"],
        ["run", "--json", "--", "run"],
        ["--json", "--seed=-1", "--mode", "function", "--model", "small", "--no-save", "x"],
    ],
)
def test_any_text_can_be_said(command, arguments):
    """Behind `--`, or where it is no command's name, every text is a text."""
    code, out, _ = command(*arguments)

    assert code == 0
    assert json.loads(out)["kind"] == "function"


def test_options_reach_the_request(command, log, tmp_path):
    """Every option is a field of the request, files read and paths made absolute."""
    header = tmp_path / "header.py"
    header.write_text("def f(n: int) -> int:\n    '''阶乘'''\n", "utf-8")
    functions = tmp_path / "functions.json"
    functions.write_text('[{"name": "area", "parameters": {"type": "dict"}}]', "utf-8")
    data = tmp_path / "sales.csv"
    data.write_text("a,b\n1,2\n", "utf-8")
    options = ["--args", '{"n": 5}', "--input", f"table={data}", "--mode", "parameters"]
    options += ["--header", str(header), "--functions", str(functions)]
    options += ["--now", "2026-11-23T09:00:00+08:00", "--seed", "7"]

    assert command("f(n)", "--json", *options)[0] == 0
    request = request_of(log)
    assert request["inputs"] == {"n": 5, "table": {"path": str(data)}}
    assert request["mode"] == "parameters"
    assert request["header"] == header.read_text("utf-8")
    assert request["functions"][0]["parameters"] == {"type": "object"}
    assert request["now"].startswith("2026-11-23T09:00:00")
    assert request["seed"] == 7


@pytest.mark.parametrize(
    ("stdin", "expected"),
    [
        (b"[1, 2, 3]", [1, 2, 3]),
        (b'\xef\xbb\xbf{"a": "\xe4\xb8\xad"}', {"a": "中"}),
        ("第一行\n第二行\n".encode(), "第一行\n第二行\n"),
        (b"NaN", "NaN"),
    ],
)
def test_piped_input_is_data(process, log, stdin, expected):
    """What is piped is the input `data`: JSON where it is JSON, else text."""
    assert process("--json", "data 的和", stdin=stdin).returncode == 0
    assert request_of(log)["inputs"] == {"data": expected}


def test_redirected_csv_is_handed_on_by_path(process, log, tmp_path):
    """A .csv file on standard input is read like `--input data=FILE`."""
    path = tmp_path / "sales.csv"
    path.write_text("a,b\n1,2\n")
    with path.open("rb") as file:
        done = process("--json", "data 的和", source=file)

    assert done.returncode == 0
    assert request_of(log)["inputs"] == {"data": {"path": str(path)}}


def test_empty_pipe_is_no_input(process, log):
    """A pipe that ends without a byte adds nothing."""
    assert process("--json", "x", stdin=b"").returncode == 0
    assert request_of(log)["inputs"] == {}


def test_idle_pipe_of_the_caller_is_not_waited_for(log):
    """A caller that leaves a pipe open and never writes does not stop us."""
    script = [sys.executable, str(SCRIPTED), "--json", "x"]
    child = subprocess.Popen(
        script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out = child.stdout.read()

    assert child.wait(10) == 0
    assert json.loads(out)["kind"] == "function"
    assert b"standard input" in child.stderr.read()
    for stream in (child.stdin, child.stdout, child.stderr):
        stream.close()


def test_slow_pipeline_is_waited_for(log):
    """Another command of the shell's pipeline may take its time."""
    line = f"(sleep 3.5; echo '[1]') | {sys.executable} {SCRIPTED} x --json"
    done = subprocess.run(line, shell=True, capture_output=True, timeout=30, check=False)

    assert done.returncode == 0
    assert request_of(log)["inputs"] == {"data": [1]}


def test_piped_text_is_the_text(process, log):
    """Without a text, what is piped is the text."""
    assert process("--json", stdin=FACTORIAL.encode()).returncode == 0
    assert request_of(log)["text"] == FACTORIAL


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["  "], 2, "text_empty"),
        (["engine dies"], 3, "engine_failed"),
        (["no model"], 3, "model_unavailable"),
        (["defect"], 3, "internal"),
        (["x", "--args", "{"], 2, "input_invalid"),
        (["x", "--args", "[1]"], 2, "input_invalid"),
        (["x", "--args", '{"n": NaN}'], 2, "input_invalid"),
        (["x", "--args", "[" * 100_000], 2, "input_invalid"),
        (["x", "--input", "data"], 2, "input_invalid"),
        (["x", "--input", "data=/nowhere"], 2, "input_invalid"),
        (["x", "--input", "data=/"], 2, "input_invalid"),
        (["x", "--header", "no header"], 2, "input_invalid"),
        (["x", "--functions", "/nowhere"], 2, "input_invalid"),
        (["x", "--now", "some day"], 2, "request_invalid"),
        (["x", "--mode", "walk"], 2, "usage"),
        (["x", "--seed", "one"], 2, "usage"),
        (["x", "--bogus"], 2, "usage"),
        (["x", "--model"], 2, "usage"),
        (["x", "y"], 2, "usage"),
    ],
)
def test_failures_have_codes_and_outcomes(command, arguments, code, error):
    """A failure is a line or two, an exit code, and with --json an outcome with `error`."""
    got, out, err = command("--json", *arguments)

    assert got == code
    assert json.loads(out)["error"]["code"] == error
    assert err.startswith("error: ")
    assert len(err.splitlines()) <= 2
    assert "Traceback" not in err

    got, out, _ = command(*arguments)

    assert (got, out) == (code, "")


def test_error_speaks_the_language_of_the_text(command, monkeypatch):
    """A Chinese text gets a Chinese error; another one the locale's language."""
    assert "\n错误：引擎结束了。\n提示：" in command("no 引擎 engine dies")[2]
    assert "\nerror: The engine ended.\nhint: " in command("engine dies")[2]

    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert "\n错误：" in command("engine dies")[2]


def test_too_long_text(process):
    """A megabyte of text is refused in two lines."""
    done = process(stdin=b"a" * 1_000_000)

    assert done.returncode == 2
    assert done.stderr.decode().startswith("error: The text has 1,000,000 characters")


def test_traceback_only_where_asked_for(command, monkeypatch):
    """FUNCSMITH_DEBUG=1 shows where an error came from."""
    monkeypatch.setenv("FUNCSMITH_DEBUG", "1")

    assert "Traceback" in command("defect")[2]


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "gbk"},
        {"PYTHONIOENCODING": "ascii:strict"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "POSIX"},
    ],
)
def test_output_is_utf8_everywhere(process, log, env):
    """Whatever the console claims to be, the bytes are UTF-8 and nothing crashes."""
    done = process(f"{FACTORIAL} ½ 🍎", env=env)

    assert done.returncode == 0
    assert f"{FACTORIAL} ½ 🍎" in done.stdout.decode("utf-8")
    assert request_of(log)["text"] == f"{FACTORIAL} ½ 🍎"


def test_text_that_is_not_utf8_does_not_crash(process):
    """Bytes of another encoding become visible escapes."""
    done = process("--json", os.fsdecode("求和".encode("gbk") + b" \xff"))

    assert done.returncode == 0
    assert json.loads(done.stdout)

    done = process(stdin="求和".encode("gbk"))

    assert done.returncode == 2
    assert b"not UTF-8" in done.stderr


def test_nothing_steers_the_terminal(command):
    """Escapes, reading-order marks and lone surrogates of text, code and output are shown."""
    _, out, _ = command("evil \x1b[2J\u202e\x07 \U000e0041")
    _, as_json, _ = command("--json", "evil")

    for said in (out, as_json):
        assert not set(said) & set("\x1b\x07\x9b\u202e\ud800")
    assert "evil \\x1b[2J\\u202e\\x07 \\U000e0041" in out
    assert "red  \\u202ereversed \\ud800  done" in out
    assert json.loads(as_json)["result"]["value"] == "\x1b[2J"


@pytest.mark.parametrize("json_too", [False, True])
def test_ctrl_c_ends_quietly(log, json_too):
    """Ctrl-C: exit code 130, the pipeline closed, no traceback, no process left."""
    script = [sys.executable, str(SCRIPTED), "slow"]
    child = subprocess.Popen(
        [*script, *(["--json"] if json_too else [])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not log.exists():
        time.sleep(0.02)
    time.sleep(0.1)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=10)

    assert child.returncode == 130
    assert b"Traceback" not in err
    assert b"Stopped." in err
    assert log.read_text().endswith('"closed"\n')
    if json_too:
        assert json.loads(out)["error"]["code"] == "cancelled"
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)


@pytest.mark.parametrize("after", [0.0, 0.01, 0.03, 0.06, 0.1, 0.14, 0.18])
def test_ctrl_c_while_starting(after):
    """Ctrl-C in the middle of an import ends it without a traceback, too."""
    code = (
        # A test run in the background has Ctrl-C switched off, and children inherit that.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys; from funcsmith.cli import stopping; stopping.prepare()\n"
        "print('!', flush=True)\n"
        "try:\n"
        "    import runpy; sys.argv = ['funcsmith', '--json', 'slow']\n"
        f"    runpy.run_path({str(SCRIPTED)!r}, run_name='__main__')\n"
        "except KeyboardInterrupt: sys.exit(130)"  # before main() had its turn
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    child.stdout.readline()
    time.sleep(after)
    child.send_signal(signal.SIGINT)
    try:
        _, err = child.communicate(timeout=8)
    except subprocess.TimeoutExpired:
        # Python drops an interrupt that falls into a destructor; a person presses again.
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=20)

    assert b"Traceback" not in err
    assert child.returncode == 130


def test_terminated_process_closes_its_pipeline(log):
    """SIGTERM closes the pipeline on the way out."""
    script = [sys.executable, str(SCRIPTED), "slow"]
    child = subprocess.Popen(
        script, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while not log.exists():
        time.sleep(0.02)
    child.terminate()
    child.communicate(timeout=10)

    assert child.returncode == 128 + signal.SIGTERM
    assert log.read_text().endswith('"closed"\n')


def test_reader_that_goes_away(process):
    """A closed pipe ends the command without a word."""
    line = f"{sys.executable} {SCRIPTED} --json x | true"
    done = subprocess.run(
        ["bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True, stdin=subprocess.DEVNULL, timeout=20, check=False,
    )  # fmt: skip

    assert done.returncode in (0, 141)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


def test_full_disk(process):
    """Output that cannot be written is a failure of ours, said in a line."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, str(SCRIPTED), "--json", "x"],
            stdin=subprocess.DEVNULL, stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip

    assert done.returncode == 3
    assert b"No space left" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
