"""The engine that says what it was told to say."""

from __future__ import annotations

import threading

import pytest

from funcsmith.errors import EngineFailed
from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Message, Prompt, Sampling
from funcsmith.models.scripted import Scripted


def asked(text: str) -> Prompt:
    return Prompt((Message("system", "阶乘"), Message("user", text)))


def test_answer_by_what_the_last_message_holds() -> None:
    """Only the last message counts, and the first key that fits."""
    engine = Scripted({"阶乘": "factorial", "和": "sum"})

    assert engine.complete(asked("3 和 4"), Sampling()).text == "sum"
    assert engine.complete(asked("4 的阶乘和"), Sampling()).text == "factorial"


def test_list_of_answers_goes_on_with_its_last() -> None:
    """Several answers to one key come in order; the last one stays."""
    engine = Scripted({"x": ["one", "two"]})

    said = [engine.complete(asked("x"), Sampling()).text for _ in range(3)]

    assert said == ["one", "two", "two"]


def test_queue_comes_first() -> None:
    """What was enqueued is said before anything else; an exception is raised."""
    engine = Scripted({"x": "key"}).enqueue("first", ValueError("broken"))

    assert engine.complete(asked("x"), Sampling()).text == "first"
    with pytest.raises(ValueError, match="broken"):
        engine.complete(asked("x"), Sampling())
    assert engine.complete(asked("x"), Sampling()).text == "key"


def test_no_answer_is_an_engine_failure() -> None:
    """A script without an answer says what was asked and what to do."""
    with pytest.raises(EngineFailed, match="no answer to: 5") as caught:
        Scripted().complete(asked("5"), Sampling())

    assert "enqueue" in caught.value.hint("zh")


def test_stop_and_length() -> None:
    """A stop text ends the answer before it; the token limit cuts it."""
    engine = Scripted({"x": "one two three"})

    stopped = engine.complete(asked("x"), Sampling(stop=(" two",)))
    cut = engine.complete(asked("x"), Sampling(max_tokens=2))

    assert (stopped.text, stopped.finish) == ("one", "stop")
    assert (cut.text, cut.finish, cut.generated_tokens) == ("one two", "length", 2)


def test_tokens_add_up_to_the_text() -> None:
    """Every character is in a token, each with its probability."""
    text = "def f(x):\n    return 'é中😀'  # ok\n\n"
    said: list[str] = []

    completion = Scripted({"x": text}).complete(asked("x"), Sampling(), on_text=said.append)

    assert completion.text == text == "".join(said)
    assert "".join(token.text for token in completion.tokens) == text
    assert {token.logprob for token in completion.tokens} == {-0.01}
    assert completion.prompt_tokens > 0


def test_cancel_stops_it() -> None:
    """A cancelled request says so."""
    cancel = Cancel()

    completion = Scripted({"x": "one two three"}).complete(
        asked("x"), Sampling(), cancel=cancel, on_text=lambda _: cancel.cancel()
    )

    assert (completion.text, completion.finish) == ("one", "cancelled")


def test_candidates_in_order() -> None:
    """One completion for each sampling."""
    engine = Scripted().enqueue("a", "b")

    found = engine.candidates(asked("x"), [Sampling(seed=1), Sampling(seed=2)])

    assert [completion.text for completion in found] == ["a", "b"]


def test_prompts_are_kept() -> None:
    """What was asked can be looked at; closing is noted."""
    engine = Scripted({"x": "y"})
    engine.complete(asked("x"), Sampling())
    engine.close()

    assert engine.prompts == [asked("x")]
    assert engine.closed


def test_threads_get_an_answer_each() -> None:
    """Of a queue, every answer is said exactly once."""
    engine = Scripted().enqueue(*map(str, range(200)))
    said: list[str] = []

    def ask() -> None:
        said.extend(engine.complete(asked("x"), Sampling()).text for _ in range(50))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said, key=int) == [str(n) for n in range(200)]
