"""From the local model to a server: when it is asked, what is kept, and what it cost."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from funcsmith import doctor
from funcsmith.contract import Outcome, Request, Tokens
from funcsmith.errors import Cancelled, SettingInvalid
from funcsmith.models.cancel import Cancel
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Event, Pipeline
from funcsmith.settings import settings

from .server import Handler, Play, Server, refuses, says, serving

TEXT = "把 12 和 30 的最大公约数求出来"
RIGHT = "def gcd_of(a: int, b: int) -> int:\n    while b:\n        a, b = b, a % b\n    return a\n\ngcd_of(12, 30)"
OTHER = (
    "import math\n\ndef gcd_of(a: int, b: int) -> int:\n    return math.gcd(a, b)\n\ngcd_of(12, 30)"
)
BROKEN = "def gcd_of(a: int, b: int) -> int:\n    return a / (b - 30)\n\ngcd_of(12, 30)"
KEY = "sk-secret-1234"
USAGE = {"prompt_tokens": 100, "completion_tokens": 20}


def local(*answers: str) -> Scripted:
    """A model that writes these and then the last one again and again."""
    return Scripted({"12": [*answers]})


def pipeline(engine: Scripted, server: Server) -> Pipeline:
    return Pipeline(
        settings=replace(settings(), remote_url=server.url, remote_key=KEY), engine=engine
    )


def run(engine: Scripted, *plays: Play, **asked: Any) -> tuple[Outcome, list[Event], Server]:
    events: list[Event] = []
    with serving(*plays) as server, pipeline(engine, server) as made:
        outcome = made.run(Request(text=TEXT, **asked), on_event=events.append)
    return outcome, events, server


def test_evidence_keeps_the_text_here() -> None:
    """What the local model wrote and agrees on goes nowhere."""
    outcome, _, server = run(local(RIGHT, OTHER), says(RIGHT))

    assert outcome.value == 6
    assert (outcome.cost.escalated_to, outcome.cost.escalation) == (None, None)
    assert server.bodies == [] and server.headers == []


def test_broken_code_is_written_by_the_server() -> None:
    """Its function is kept for the better verdict; what it cost is in the outcome."""
    outcome, events, server = run(
        local(BROKEN), says(f"```python\n{RIGHT}\n```", usage=USAGE), says(OTHER, usage=USAGE)
    )

    assert (outcome.kind, outcome.value) == ("function", 6)
    assert outcome.function is not None and outcome.function.verdict == "agreed"
    cost = outcome.cost
    assert (cost.escalated_to, cost.escalation, cost.escalated_calls) == ("large", "kept", 2)
    assert cost.model_calls > 2 and outcome.tokens.prompt > cost.escalated_tokens.prompt > 0
    assert outcome.model == "scripted"
    assert [e.stage for e in events if e.state == "start"].count("generate") == 2
    assert KEY not in outcome.to_json()
    assert len(server.bodies) == 2


@pytest.mark.parametrize(
    "pieces",
    [("Sure! Here it is:\n\n", "```python\n", RIGHT, "\n```\n", "It gives 6."), (RIGHT,)],
    ids=["prose around a fence", "prefill is honoured"],
)
@pytest.mark.parametrize("logprob", [None, -0.01])
def test_every_kind_of_good_server(pieces: tuple[str, ...], logprob: float | None) -> None:
    """With and without probabilities, with and without a given beginning."""
    outcome, _, _ = run(local(BROKEN), says(*pieces, logprob=logprob))

    assert (outcome.value, outcome.cost.escalation) == (6, "kept")


def test_server_that_is_no_better() -> None:
    """The local answer stands; it was asked all the same, and that is said."""
    outcome, _, _ = run(local(BROKEN), says(BROKEN))

    assert outcome.result is not None and outcome.result.status == "error"
    assert (outcome.cost.escalated_to, outcome.cost.escalation) == ("large", "no_better")
    assert outcome.cost.escalated_calls > 0


@pytest.mark.parametrize(
    "play",
    [
        refuses(500, {"error": f"broken {KEY}"}),
        refuses(401, {"error": "bad key"}),
        lambda handler, _: handler.answer(200, b"hello"),
        says("def", finish=None, done=False),
    ],
)
def test_server_that_fails(play: Play) -> None:
    """A note says why, in the text's language, and the local answer stands."""
    outcome, events, _ = run(local(BROKEN), play)

    notes = [event.text for event in events if event.state == "note"]
    assert len(notes) == 1 and notes[0].startswith("服务器 http://127.0.0.1")
    assert KEY not in notes[0]
    assert outcome.function is not None and outcome.function.verdict == "unverified"
    assert outcome.cost.escalation == "failed"


def test_server_that_cannot_be_used() -> None:
    """An address that is refused is a note too: the local answer needs none."""
    events: list[Event] = []
    unsafe = replace(settings(), remote_url="http://example.com")
    with Pipeline(settings=unsafe, engine=local(BROKEN)) as made:
        outcome = made.run(Request(text=TEXT), on_event=events.append)

    assert "TLS" in next(event.text for event in events if event.state == "note")
    assert (outcome.cost.escalated_to, outcome.cost.escalation) == (None, "failed")
    assert outcome.cost.escalated_tokens == Tokens()


def test_slow_server_is_cancelled() -> None:
    """Stopping the request does not wait for the server."""
    cancel = Cancel()

    def slow(handler: Handler, _: dict[str, Any]) -> None:
        cancel.cancel()
        time.sleep(20)

    began = time.monotonic()
    with (
        serving(slow) as server,
        pipeline(local(BROKEN), server) as made,
        pytest.raises(Cancelled),
    ):
        made.run(Request(text=TEXT), cancel=cancel)

    assert time.monotonic() - began < 15


def test_missing_value_that_versions_agree_on_is_no_doubt() -> None:
    """A question is an answer: it goes to the user, not to the server."""
    code = "def cost(price: float, nights: int) -> float:\n    return price * nights\n\ncost(300, None)"
    text = "酒店每晚 300 元，我住店一共要付多少钱？"
    with serving(says(RIGHT)) as server, pipeline(Scripted({"300": code}), server) as made:
        outcome = made.run(Request(text=text))

    assert (outcome.kind, outcome.missing) == ("ask", ["nights"])
    assert server.bodies == []


def test_nothing_to_compute_stays_here() -> None:
    """A text that is left alone is not sent anywhere."""
    with serving(says(RIGHT)) as server, pipeline(Scripted({"睡": "none"}), server) as made:
        outcome = made.run(Request(text="昨晚只睡了五个小时。"))

    assert outcome.kind == "none"
    assert server.bodies == []


def test_the_server_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--model remote` needs no local model."""
    with serving(says(RIGHT)) as server:
        monkeypatch.setenv("FUNCSMITH_REMOTE_URL", server.url)
        with Pipeline(model="remote") as made:
            outcome = made.run(Request(text=TEXT))

    assert (outcome.value, outcome.model) == (6, "large")
    assert outcome.cost.escalation is None


def test_the_server_alone_must_be_configured() -> None:
    """Otherwise the error says which variable to set."""
    with Pipeline(model="remote") as made, pytest.raises(SettingInvalid) as caught:
        made.run(Request(text=TEXT))

    assert "FUNCSMITH_REMOTE_URL" in caught.value.hint("zh")


def test_doctor_says_whether_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """By asking for its models; the key is in no part of the report."""
    monkeypatch.setenv("FUNCSMITH_REMOTE_KEY", KEY)
    with serving(says(RIGHT)) as server:
        monkeypatch.setenv("FUNCSMITH_REMOTE_URL", server.url)
        good = doctor.examine()
        server.models = (401, {"error": f"bad key {KEY}"})
        bad = doctor.examine()

    assert good.remote == doctor.Server(server.url, "large", answers=True)
    assert bad.remote == doctor.Server(server.url, None, answers=False)
    assert [p.severity for p in bad.problems if p.part == "remote"] == ["warning"]
    for report in (good, bad):
        assert KEY not in json.dumps(report.to_dict(), default=str)
    assert server.bodies == []


def test_larger_model_comes_before_the_server() -> None:
    """What the larger model of this machine settles goes nowhere; what it does not, goes on."""
    larger = local(RIGHT, OTHER)
    with serving(says(RIGHT)) as server:
        made = Pipeline(
            settings=replace(settings(), remote_url=server.url, remote_key=KEY),
            engine=local(BROKEN),
            larger=larger,
        )
        with made:
            outcome = made.run(Request(text=TEXT))
        assert server.bodies == []
    assert (outcome.value, outcome.cost.escalation) == (6, "kept")
    assert outcome.cost.escalated_to == "scripted"
    assert outcome.cost.escalated_calls == len(larger.prompts) == 2
    assert not larger.closed


def test_larger_model_that_fails_too_is_followed_by_the_server() -> None:
    """Both steps are paid for, the last one is named, the best is kept."""
    with serving(says(RIGHT, usage=USAGE), says(OTHER, usage=USAGE)) as server:
        made = Pipeline(
            settings=replace(settings(), remote_url=server.url, remote_key=KEY),
            engine=local(BROKEN),
            larger=local(BROKEN),
        )
        with made:
            outcome = made.run(Request(text=TEXT))
        assert len(server.bodies) == 2
    assert (outcome.value, outcome.cost.escalation) == (6, "kept")
    assert outcome.cost.escalated_to == "large"
    assert outcome.cost.escalated_calls > 2


def test_larger_model_is_not_started_for_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """FUNCSMITH_LARGER_MODEL is loaded only when it is needed, and never the same model twice."""
    started: list[str] = []

    def start(name: str, *_: Any) -> Scripted:
        started.append(name)
        return local(RIGHT, OTHER)

    monkeypatch.setattr("funcsmith.pipeline.start", start)
    chain = replace(settings(), model="small", larger_model="default")
    with Pipeline(settings=chain, engine=local(RIGHT, OTHER), save=False) as made:
        made.run(Request(text=TEXT))
    assert started == []
    with Pipeline(settings=chain, engine=local(BROKEN), save=False) as made:
        assert made.run(Request(text=TEXT)).value == 6
    assert started == ["default"]
    alone = replace(chain, larger_model="small")
    with Pipeline(settings=alone, engine=local(BROKEN), save=False) as made:
        assert made.run(Request(text=TEXT)).cost.escalation is None
    assert started == ["default"]


def test_larger_model_that_is_unknown_loses_nothing() -> None:
    """A name that is none is said; what the first model wrote is the answer all the same."""
    events: list[Event] = []
    chain = replace(settings(), model="small", larger_model="qwen-of-nowhere")
    with Pipeline(settings=chain, engine=local(BROKEN), save=False) as made:
        outcome = made.run(Request(text=TEXT), on_event=events.append)

    assert outcome.error is None
    assert outcome.function is not None
    assert outcome.cost.escalation == "failed"
    assert any("qwen-of-nowhere" in event.text for event in events if event.state == "note")
