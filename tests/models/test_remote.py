"""The engine on a server, against one on loopback that is good, slow, or broken in each way."""

from __future__ import annotations

import pickle
import socket
import threading
import time
from typing import Any

import pytest

from funcsmith.errors import EngineFailed, EngineTimeout, SettingInvalid
from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Message, Prompt, Sampling
from funcsmith.models.remote import Remote
from funcsmith.settings import settings

from .server import Handler, Play, refuses, says, serving

FENCE = "```python\n"
CODE = ("def", " f(n):\n", "    return", " n\n", "\n", "f(5)")
ASKED = Prompt((Message("system", "Write."), Message("user", "5 的阶乘")), FENCE)
SAMPLING = Sampling(max_tokens=50, stop=("\n```",), logprobs=3, grammar='root ::= "x"')
KEY = "sk-secret-1234"


def test_a_good_server() -> None:
    """Text, tokens, probabilities and counts, and each piece as it comes once it is known."""
    usage = {
        "prompt_tokens": 40,
        "completion_tokens": 6,
        "prompt_tokens_details": {"cached_tokens": 30},
    }
    heard: list[str] = []
    with serving(says(*CODE, usage=usage)) as server:
        engine = Remote(server.url, key=KEY)
        engine.complete(ASKED, SAMPLING)
        said = engine.complete(ASKED, SAMPLING, on_text=heard.append)

    assert (said.text, said.finish) == ("".join(CODE), "stop")
    assert (said.prompt_tokens, said.cached_tokens, said.generated_tokens) == (40, 30, 6)
    assert [token.text for token in said.tokens] == [*CODE]
    assert said.tokens[0].top == (("def", -0.01),)
    assert heard == ["def f(n):\n", *CODE[2:]]
    assert engine.model == "large"
    assert (engine.capabilities.prefill, engine.capabilities.logprobs) == (True, True)
    first, second = server.bodies
    assert first["messages"][-1] == {"role": "assistant", "content": FENCE}
    assert "stop" not in first and second["stop"] == ["\n```"]
    assert (first["seed"], first["temperature"], first["top_logprobs"]) == (0, 0.0, 3)
    assert "grammar" not in first and "tools" not in first
    assert server.headers[-1]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("owner", "props", "grammar"),
    [
        ("vllm", None, {"structured_outputs": {"grammar": 'root ::= "x"'}}),
        ("llamacpp", None, {"grammar": 'root ::= "x"'}),
        ("me", {"default_generation_settings": {}}, {"grammar": 'root ::= "x"'}),
        ("library", None, {}),
    ],
)
def test_grammar_as_the_server_takes_it(owner: str, props: Any, grammar: dict[str, Any]) -> None:
    """vLLM and llama-server are told apart by their models or properties; others get none."""
    with serving(says(*CODE), owner=owner, props=props) as server:
        engine = Remote(server.url)
        engine.complete(ASKED, SAMPLING)

    body = server.bodies[0]
    assert {n: body[n] for n in ("grammar", "structured_outputs") if n in body} == grammar
    assert ("continue_final_message" in body) is bool(grammar)
    assert engine.capabilities.grammar is bool(grammar)


@pytest.mark.parametrize(
    "pieces",
    [
        ("```python\n", *CODE, "\n```"),
        ("Sure", "! Here it is:\n\n", "```", "python\n", *CODE, "\n", "```\n", "It gives 5."),
    ],
)
def test_a_server_that_starts_anew(pieces: tuple[str, ...]) -> None:
    """Prose and fence are left out, of the tokens too; the beginning is not given again."""
    with serving(says(*pieces)) as server:
        engine = Remote(server.url)
        first = engine.complete(ASKED, SAMPLING)
        engine.complete(ASKED, SAMPLING)

    assert first.text == "".join(CODE)
    assert "".join(token.text for token in first.tokens) == first.text
    assert first.generated_tokens > 0 and first.prompt_tokens > 0
    assert engine.capabilities.prefill is False
    assert [body["messages"][-1]["role"] for body in server.bodies] == ["assistant", "user"]


def test_without_probabilities() -> None:
    """A server that reports none gives a text all the same, and is known for it."""
    with serving(says(*CODE, logprob=None)) as server:
        engine = Remote(server.url)
        said = engine.complete(ASKED, SAMPLING)

    assert (said.text, said.tokens) == ("".join(CODE), ())
    assert engine.capabilities.logprobs is False


def test_without_streaming() -> None:
    """An answer in one piece is read as well."""
    answer = {"choices": [{"message": {"content": "".join(CODE)}, "finish_reason": "stop"}]}
    with serving(lambda handler, _: handler.answer(200, answer)) as server:
        assert Remote(server.url).complete(ASKED, SAMPLING).text == "".join(CODE)


def test_refused_fields_are_left_out() -> None:
    """What a server does not take is not sent again; a token limit has two names."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        for name, message in (
            ("max_tokens", "Unsupported parameter: use 'max_completion_tokens' instead."),
            ("logprobs", "You are not allowed to request logprobs from this model"),
        ):
            if name in body:
                handler.answer(400, {"error": {"message": message, "param": None}})
                return
        if body["messages"][-1]["role"] == "assistant":
            handler.answer(400, {"error": {"message": "This model does not support prefill."}})
            return
        says(FENCE, *CODE, "\n```")(handler, body)

    with serving(play) as server:
        engine = Remote(server.url)
        said = [engine.complete(ASKED, SAMPLING).text for _ in range(2)]

    assert said == ["".join(CODE)] * 2
    assert len(server.bodies) == 5
    assert server.bodies[-1]["max_completion_tokens"] >= 50


def test_characters_in_parts() -> None:
    """A character that two tokens share belongs to the second, and the tokens add up."""

    def play(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        for data, piece in ((b"def \xe5", ""), (b"\x92\x8c", "def 和"), (b"()", "()")):
            tokens = [{"token": "?", "logprob": -0.5, "bytes": [*data], "top_logprobs": []}]
            handler.event(
                {"choices": [{"delta": {"content": piece}, "logprobs": {"content": tokens}}]}
            )
        handler.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})

    with serving(play) as server:
        said = Remote(server.url).complete(ASKED, SAMPLING)

    assert said.text == "def 和()"
    assert [token.text for token in said.tokens] == ["def ", "和", "()"]


def endless(handler: Handler, _: dict[str, Any]) -> None:
    handler.begin()
    while True:
        handler.event({"choices": [{"delta": {"content": "def f(): pass\n" * 50}}]})


def noise(handler: Handler, _: dict[str, Any]) -> None:
    handler.begin()
    while True:
        handler.wfile.write(b": still here" * 5000)


def stalls(handler: Handler, _: dict[str, Any]) -> None:
    handler.begin()
    handler.event({"choices": [{"delta": {"content": "def f():\n"}}]})
    time.sleep(20)


def silent(handler: Handler, _: dict[str, Any]) -> None:
    time.sleep(20)


def raw(*events: Any) -> Play:
    def play(handler: Handler, _: dict[str, Any]) -> None:
        handler.begin()
        for event in events:
            handler.event(event)

    return play


BAD: dict[str, tuple[Play, str]] = {
    "no JSON": (lambda h, _: h.answer(200, b"<html>Hi</html>", "text/html"), "no JSON"),
    "garbage in the stream": (raw("{not json"), "no JSON"),
    "an empty answer": (lambda h, _: h.answer(200, b""), "empty"),
    "no choices": (raw({"choices": []}, "[DONE]"), "no choice"),
    "closed in the middle": (says("def", " f(", finish=None, done=False), "in the middle"),
    "an error in the stream": (raw({"error": {"message": "out of memory"}}), "out of memory"),
    "500": (refuses(500, {"error": "broken"}), r"refused \(500\): broken"),
    "400": (refuses(400, {"error": {"message": "too long"}}), r"\(400\): too long"),
    "404": (refuses(404, b"nothing"), r"\(404\): nothing"),
    "429": (refuses(429, {"detail": "slowly"}), r"\(429\).*slowly"),
    "a redirect": (refuses(308, b""), r"\(308\)"),
    "a wrong key": (refuses(401, {"error": f"bad key {KEY}"}), r"bad key \*\*\*"),
    "noise without end": (noise, "MiB"),
    "only thoughts": (
        raw({"choices": [{"delta": {"reasoning_content": "hm"}, "finish_reason": "length"}]}),
        "no answer",
    ),
}


@pytest.mark.parametrize("way", BAD)
def test_a_bad_server_is_a_clear_error(way: str) -> None:
    """Said in both languages, with a hint, and never with the key."""
    play, pattern = BAD[way]
    with serving(play) as server, pytest.raises(EngineFailed, match=pattern) as caught:
        Remote(server.url, key=KEY).complete(ASKED, SAMPLING)

    error = caught.value
    for language in ("en", "zh"):
        assert error.message(language) and error.hint(language)
        assert KEY not in error.message(language) + error.hint(language)
    assert error.message("zh") != error.message("en")
    assert KEY.encode() not in pickle.dumps(error)
    assert error.__cause__ is None


def test_an_endless_answer_is_cut() -> None:
    """A server that ignores the token limit is left."""
    with serving(endless) as server:
        said = Remote(server.url).complete(ASKED, SAMPLING)

    assert said.finish == "length"
    assert len(said.text) < 20_000


def test_nobody_listens() -> None:
    """A closed port is named with its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(EngineFailed, match="cannot be reached") as caught:
        Remote(f"http://127.0.0.1:{port}", model="m").complete(ASKED, SAMPLING)

    assert f"127.0.0.1:{port}/v1" in caught.value.message("zh")


@pytest.mark.parametrize("play", [silent, stalls])
@pytest.mark.parametrize("limits", [{"silence_seconds": 0.3}, {"whole_seconds": 0.3}])
def test_slow_is_a_timeout(play: Play, limits: dict[str, float]) -> None:
    """Too long without a word, or too long in all."""
    with serving(play) as server, pytest.raises(EngineTimeout, match=r"within 0\.3 s"):
        Remote(server.url, **limits).complete(ASKED, SAMPLING)


@pytest.mark.parametrize(("play", "text"), [(silent, ""), (stalls, "def f():\n")])
def test_cancel_closes_the_stream(play: Play, text: str) -> None:
    """Whether it has begun to answer or not, a cancelled request ends at once."""
    cancel = Cancel()
    with serving(play) as server:
        engine = Remote(server.url)
        engine.look()
        timer = threading.Timer(0.3, cancel.cancel)
        timer.start()
        began = time.monotonic()
        said = engine.complete(ASKED, SAMPLING, cancel=cancel)
        spent = time.monotonic() - began

    assert (said.text, said.finish) == (text, "cancelled")
    assert spent < 5


def test_model_must_be_chosen_among_several() -> None:
    """The message lists some of them."""
    with serving(says(*CODE)) as server:
        server.models = (200, {"data": [{"id": "one"}, {"id": "two"}]})
        with pytest.raises(SettingInvalid, match="2 models") as caught:
            Remote(server.url).complete(ASKED, SAMPLING)
        assert "one, two" in caught.value.hint()

        assert Remote(server.url, model="two").complete(ASKED, SAMPLING).text == "".join(CODE)
        assert server.bodies[-1]["model"] == "two"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/v1",
        "http://8.8.8.8/v1",
        "https://user:pass@example.com/v1",
        "https://example.com/v1?key=x",
        "ftp://127.0.0.1/",
        "127.0.0.1:8000",
        "http://",
        "http://[",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    """Without TLS beyond the own network, with a key in it, or no address at all."""
    with pytest.raises(SettingInvalid, match="FUNCSMITH_REMOTE_URL") as caught:
        Remote(url)

    assert "pass" not in caught.value.message()


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("http://localhost:11434/v1/", "http://localhost:11434/v1"),
        ("http://192.168.1.5:8000/v1/chat/completions", "http://192.168.1.5:8000/v1"),
        ("http://gpu-box:8000", "http://gpu-box:8000/v1"),
        ("http://host.docker.internal:8000", "http://host.docker.internal:8000/v1"),
        ("http://100.64.0.3:8000", "http://100.64.0.3:8000/v1"),
        ("https://api.example.com/openai/v1", "https://api.example.com/openai/v1"),
    ],
)
def test_addresses_that_are_taken(url: str, address: str) -> None:
    """Private ones without TLS, any with it; the usual path is added."""
    assert Remote(url).address == address


@pytest.mark.parametrize("key", ["sk 1", "sk\n1", "ключ"])
def test_key_that_no_header_takes(key: str) -> None:
    """It is refused without being shown."""
    with pytest.raises(SettingInvalid) as caught:
        Remote("https://example.com", key=key)

    assert key not in caught.value.message() + caught.value.message("zh")


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing by default; the key is not in what settings look like."""
    assert Remote.configured(settings()) is None

    monkeypatch.setenv("FUNCSMITH_REMOTE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("FUNCSMITH_REMOTE_KEY", KEY)
    engine = Remote.configured(settings())

    assert engine is not None and engine.address == "http://127.0.0.1:1/v1"
    assert KEY not in repr(settings())


@pytest.mark.parametrize("status", [401, 307, 503])
def test_server_that_is_not_ready_is_asked_again(status: int) -> None:
    """What it said of itself while loading is not kept."""
    with serving(says(*CODE), owner="vllm") as server:
        ready, server.models = server.models, (status, {"error": "loading"})
        engine = Remote(server.url)
        with pytest.raises(EngineFailed, match=rf"\({status}\): loading"):
            engine.complete(ASKED, SAMPLING)
        server.models = ready
        assert engine.complete(ASKED, SAMPLING).text == "".join(CODE)
        assert engine.capabilities.grammar


def test_models_need_not_be_listed() -> None:
    """A server without that route is asked for the model that was set."""
    with serving(says(*CODE)) as server:
        server.models = (404, {"detail": "Not Found"})
        assert Remote(server.url, model="m").complete(ASKED, SAMPLING).text == "".join(CODE)
