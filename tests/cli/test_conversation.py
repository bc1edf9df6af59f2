"""On a terminal: several turns, questions, Ctrl-C, the live display."""

from __future__ import annotations

import json
import re

import pytest


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.setenv("SCRIPTED_LOG", str(tmp_path / "log"))
    return tmp_path / "log"


def requests_in(log):
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def test_answer_goes_with_its_question(terminal, log):
    """After a question the next text carries it; one engine serves all turns."""
    screen = terminal()
    screen.expect("› ")
    screen.type("a rectangle 2 m high, what width makes the area?\n")
    screen.expect("How wide is it")
    screen.expect("› ")
    screen.type("3.5 m\n")
    screen.expect("7.0")
    screen.expect("› ")
    screen.type("阶乘\n")
    screen.expect("120")
    screen.expect("› ")
    screen.type("/quit\n")

    assert screen.end() == 0
    said = requests_in(log)
    assert said[1]["previous"]["missing"] == ["width"]
    assert said[2]["previous"] is None
    assert said[3:] == ["closed"]


def test_ctrl_c_stops_the_turn_only(terminal, log):
    """Ctrl-C ends the turn; twice it leaves."""
    screen = terminal()
    screen.expect("› ")
    screen.type("slow\n")
    screen.expect("x = 1|x")
    screen.type("\x03")
    screen.expect("Stopped.")
    screen.expect("› ")
    screen.type("12 factorial\n")
    screen.expect("120")
    screen.expect("› ")
    screen.type("\x03")
    screen.expect("again")
    screen.expect("› ")
    screen.type("\x03")

    assert screen.end() == 130
    assert "Traceback" not in screen.said
    assert requests_in(log)[-1] == "closed"


def test_errors_do_not_end_it(terminal):
    """An error is told, and the next text is taken; Ctrl-D leaves."""
    screen = terminal(LANG="zh_CN.UTF-8")
    screen.expect("说出要计算什么")
    screen.expect("› ")
    screen.type("/help\n")
    screen.expect("/quit")
    screen.expect("› ")
    screen.type("engine dies\n")
    screen.expect("错误：引擎结束了")
    screen.expect("› ")
    screen.type("\x04")

    assert screen.end() == 0


def test_stages_are_shown_as_they_happen(terminal):
    """The code appears while it is decoded, and the display is gone at the end."""
    screen = terminal("给定一个正整数 n，输出 n 的阶乘。", SCRIPTED_SECONDS="0.15")
    screen.expect("判别")
    screen.expect("编写")
    early = screen.expect("factorial")

    assert "结果" not in early
    assert screen.end() == 0
    last = re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", screen.said[screen.said.rindex("文本") :])
    assert "✓" not in last
    assert "结果" in last


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_plain_terminal_gets_no_escapes(terminal, env):
    """NO_COLOR and TERM=dumb: stages and outcome without a single escape code."""
    screen = terminal("12 factorial", **env)

    assert screen.end() == 0
    assert "\x1b" not in screen.said
    assert "generate …" in screen.said
    assert "120" in screen.said


def test_json_needs_a_text(terminal):
    """--json without a text on a terminal is a usage error."""
    screen = terminal("--json")

    assert screen.end() == 2
    assert '"code": "usage"' in screen.said
