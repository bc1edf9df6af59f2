"""The engine's own process, with the real 0.5B: what it says, what it obeys, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from funcsmith.errors import EngineFailed
from funcsmith.models import catalogue
from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Message, Prompt, Sampling
from funcsmith.models.llamacpp import LlamaCpp
from funcsmith.settings import settings

pytestmark = pytest.mark.model

# As the module is imported: later every test has a home of its own.
_MODELS = settings().models
SMALL = catalogue.find("qwen2.5-coder-0.5b")
PATH = _MODELS / SMALL.file
ASKED = Prompt((Message("user", "Count from one to ten in words, separated by commas."),))


def made(path: Path = PATH) -> LlamaCpp:
    return LlamaCpp(path, model=SMALL.name, sha256=SMALL.sha256)


@pytest.fixture(scope="module")
def engine() -> Iterator[LlamaCpp]:
    if not PATH.exists():
        pytest.skip(f"{SMALL.name} is not in {_MODELS}: funcsmith models pull small")
    shared = made()
    yield shared
    shared.close()


def pid(engine: LlamaCpp) -> int:
    assert engine._process is not None
    return engine._process.pid


def gone(process: int, within: float = 10.0) -> bool:
    """Whether the process ends; a zombie that nobody has waited for yet has ended."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_completion(engine: LlamaCpp) -> None:
    """Text, tokens and counts fit together, and what was said was told as it came."""
    heard: list[str] = []

    said = engine.complete(ASKED, Sampling(max_tokens=24, logprobs=3), on_text=heard.append)

    assert "two, three" in said.text.lower()
    assert "".join(heard) == said.text
    assert 0 < said.generated_tokens <= 24
    assert said.prompt_tokens > 10


def test_logprobs(engine: LlamaCpp) -> None:
    """Each token has a log-probability at most 0, and the likeliest beside it, best first."""
    said = engine.complete(ASKED, Sampling(max_tokens=8, logprobs=3))

    assert len(said.tokens) >= 7
    assert "".join(token.text for token in said.tokens).startswith(said.text)
    for token in said.tokens:
        assert token.logprob <= 0
        assert len(token.top) == 3
        assert [p for _, p in token.top] == sorted((p for _, p in token.top), reverse=True)
        assert token.top[0][0] == token.text


def test_no_logprobs_unless_asked(engine: LlamaCpp) -> None:
    """They cost something, so they come only where they are wanted."""
    assert engine.complete(ASKED, Sampling(max_tokens=4)).tokens == ()


def test_prefix_is_given_and_not_repeated(engine: LlamaCpp) -> None:
    """The answer goes on where its given beginning ends."""
    said = engine.complete(Prompt(ASKED.messages, "one, two, three,"), Sampling(max_tokens=6))

    assert said.text.lower().strip().startswith("four")


@pytest.mark.parametrize(
    ("grammar", "pattern"),
    [
        ('root ::= "yes" | "no"', "yes|no"),
        ('root ::= [0-9]{3} "-" [a-f]{2}', r"\d{3}-[a-f]{2}"),
        ('root ::= "北京" | "上海"', "北京|上海"),
        (r'root ::= "\"" [^"\\\n]{1,9} "\""', r'"[^"\\\n]{1,9}"'),
    ],
)
def test_grammar_is_obeyed(engine: LlamaCpp, grammar: str, pattern: str) -> None:
    """Whatever was asked, the text is in the grammar's language."""
    said = engine.complete(ASKED, Sampling(max_tokens=30, grammar=grammar, temperature=1.0, seed=3))

    assert re.fullmatch(pattern, said.text)
    assert said.finish == "stop"


def test_grammar_that_is_none(engine: LlamaCpp) -> None:
    """A grammar that cannot be read is refused with a reason, and the engine lives on."""
    with pytest.raises(EngineFailed, match="refused"):
        engine.complete(ASKED, Sampling(max_tokens=4, grammar="root ::= ("))

    assert engine.complete(ASKED, Sampling(max_tokens=2)).text


def test_json_schema_is_obeyed(engine: LlamaCpp) -> None:
    """The answer is JSON of the schema."""
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}, "unit": {"enum": ["kg", "g"]}},
        "required": ["n", "unit"],
        "additionalProperties": False,
    }

    said = engine.complete(ASKED, Sampling(max_tokens=60, json_schema=schema))

    told = json.loads(said.text)
    assert set(told) == {"n", "unit"}
    assert isinstance(told["n"], int) and told["unit"] in ("kg", "g")


def test_stop_ends_before_itself(engine: LlamaCpp) -> None:
    """The stop text is not part of the answer."""
    said = engine.complete(ASKED, Sampling(max_tokens=40, stop=(" three", " Three")))

    assert "two" in said.text.lower()
    assert "three" not in said.text.lower()
    assert said.finish == "stop"


def test_length_is_said(engine: LlamaCpp) -> None:
    """An answer that is cut says so."""
    said = engine.complete(ASKED, Sampling(max_tokens=3))

    assert (said.finish, said.generated_tokens) == ("length", 3)


def test_same_seed_same_text(engine: LlamaCpp) -> None:
    """At a temperature the seed decides."""
    asked = Prompt((Message("user", "Invent a name for a star."),))
    texts = [
        engine.complete(asked, Sampling(max_tokens=12, temperature=0.8, seed=seed)).text
        for seed in (7, 7, 8, 9, 10)
    ]

    assert texts[0] == texts[1]
    assert len(set(texts)) > 1


def test_candidates_share_the_prompt(engine: LlamaCpp) -> None:
    """Samplings that differ in their seed come back in number, each with its own text and tokens."""
    samplings = [Sampling(max_tokens=10, temperature=0.9, seed=s, logprobs=1) for s in range(4)]

    found = engine.candidates(ASKED, samplings)

    assert len(found) == 4
    assert all(one.text and one.generated_tokens <= 10 for one in found)
    assert all("".join(t.text for t in one.tokens).startswith(one.text) for one in found)
    assert engine.candidates(ASKED, []) == []


def test_candidates_of_different_kinds(engine: LlamaCpp) -> None:
    """Samplings that differ in more are kept apart and in order."""
    words = ["yes", "no"]

    found = engine.candidates(ASKED, [Sampling(grammar=f'root ::= "{word}"') for word in words])

    assert [one.text for one in found] == words


def test_prompt_is_computed_once(engine: LlamaCpp) -> None:
    """Asked again, the prompt comes from the cache."""
    engine.complete(ASKED, Sampling(max_tokens=1))

    again = engine.complete(ASKED, Sampling(max_tokens=1))

    assert again.cached_tokens > again.prompt_tokens // 2


def test_prepared_state_is_kept_on_disk(tmp_path: Path, engine: LlamaCpp) -> None:
    """A fixed prompt's state is a file, so that the next process does not compute it."""
    kept = LlamaCpp(PATH, model=SMALL.name, sha256=SMALL.sha256, state_folder=tmp_path / "states")
    try:
        kept.prepare([ASKED])
        kept.prepare([ASKED])
    finally:
        kept.close()

    files = [path.suffix for path in (tmp_path / "states").iterdir()]
    assert files == [".state"]


def test_count(engine: LlamaCpp) -> None:
    """Tokens of a text, also of an odd one."""
    assert engine.count("") == 0
    assert 1 <= engine.count("阶乘") <= 4
    assert engine.count("a\ud800\x00b") > 0


@pytest.mark.parametrize("text", ["\ud800", "\x00", "\u202e", "<|im_end|>", "字" * 500])
def test_odd_texts_are_asked(engine: LlamaCpp, text: str) -> None:
    """No text breaks the engine."""
    said = engine.complete(Prompt((Message("user", text),)), Sampling(max_tokens=2))

    assert said.generated_tokens >= 1


def test_prompt_that_is_too_long(engine: LlamaCpp) -> None:
    """More than the context holds is refused, and the engine lives on."""
    with pytest.raises(EngineFailed):
        engine.complete(Prompt((Message("user", "0 1 " * 13_000),)), Sampling(max_tokens=2))

    assert engine.complete(ASKED, Sampling(max_tokens=2)).text


def test_cancel_stops_early(engine: LlamaCpp) -> None:
    """Cancelled after a few tokens, it returns with those and decodes no further."""
    cancel = Cancel()
    heard: list[str] = []

    def hear(piece: str) -> None:
        heard.append(piece)
        if len(heard) == 3:
            cancel.cancel()

    said = engine.complete(
        Prompt((Message("user", "Write a very long story."),)),
        Sampling(max_tokens=4000),
        cancel=cancel,
        on_text=hear,
    )

    assert said.finish == "cancelled"
    assert said.text == "".join(heard)
    assert len(heard) < 20
    assert engine.complete(ASKED, Sampling(max_tokens=2)).text


def test_port_needs_the_key(engine: LlamaCpp) -> None:
    """Without the key, or with another, the port on loopback answers 401."""
    engine.start()
    assert engine._process is not None
    url = engine._process.client.base_url

    assert url.host == "127.0.0.1"
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = httpx.post(
            url.join("/completion"), json={"prompt": "x"}, headers=headers, trust_env=False
        )
        assert answer.status_code == 401


def test_key_is_on_no_command_line(engine: LlamaCpp) -> None:
    """Other users of the machine cannot read the key from the list of processes."""
    engine.start()
    assert engine._process is not None
    key = engine._process.client.headers["Authorization"].removeprefix("Bearer ")

    seen = Path(f"/proc/{pid(engine)}")
    assert len(key) >= 32
    assert key.encode() not in (seen / "cmdline").read_bytes()
    assert key.encode() not in (seen / "environ").read_bytes()


def test_killed_engine_is_one_request_s_failure(engine: LlamaCpp) -> None:
    """kill -9 in the middle: that request fails with a hint, the next has a new engine."""
    engine.start()
    first = pid(engine)

    with pytest.raises(EngineFailed) as caught:
        engine.complete(
            Prompt((Message("user", "Write a very long story."),)),
            Sampling(max_tokens=4000),
            on_text=lambda _: os.kill(first, signal.SIGKILL),
        )

    assert "Ask again" in caught.value.hint("en") and "再试" in caught.value.hint("zh")
    assert engine.complete(ASKED, Sampling(max_tokens=2)).text
    assert pid(engine) != first


def test_killed_between_requests(engine: LlamaCpp) -> None:
    """An engine that died while idle is replaced without a failure."""
    engine.start()
    first = pid(engine)
    assert engine._process is not None and engine._process._child is not None
    os.kill(first, signal.SIGKILL)
    engine._process._child.wait(10)

    assert engine.complete(ASKED, Sampling(max_tokens=2)).text
    assert pid(engine) != first


@pytest.mark.parametrize("content", [b"", b"GGUF", b"GGUF" + b"\0" * 4096, b"no model at all"])
def test_file_that_is_no_model(tmp_path: Path, content: bytes) -> None:
    """A bad file is an engine failure that names it and says what to do."""
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(content)

    with pytest.raises(EngineFailed, match=r"bad\.gguf") as caught:
        made(bad).start()

    assert "funcsmith models" in caught.value.hint("en")
    assert "funcsmith models" in caught.value.hint("zh")


def test_truncated_model(tmp_path: Path) -> None:
    """The first megabytes of a model are no model."""
    bad = tmp_path / "torn.gguf"
    with PATH.open("rb") as file:
        bad.write_bytes(file.read(8 * 2**20))

    with pytest.raises(EngineFailed, match=r"torn\.gguf"):
        made(bad).start()


def test_nothing_is_left_after_close() -> None:
    """Closing ends the process; closing twice is no error, and it can start again."""
    short = made()
    short.start()
    first = pid(short)
    short.close()
    short.close()

    assert gone(first)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_engine_dies_with_its_parent() -> None:
    """A parent that is killed leaves no engine behind."""
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from funcsmith.models.llamacpp import LlamaCpp\n"
        "engine = LlamaCpp(Path(sys.argv[1]), model='x')\nengine.start()\n"
        "print(engine._process.pid, flush=True)\ntime.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(PATH)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert not gone(child, within=0.2)

    parent.kill()
    parent.wait()

    assert gone(child)


def test_warm_engine_outlives_a_long_answer_and_then_ends(tmp_path: Path) -> None:
    """Kept warm for a second it answers for longer than that, serves the next one, and then ends."""

    def warm() -> LlamaCpp:
        return LlamaCpp(
            PATH,
            model=SMALL.name,
            sha256=SMALL.sha256,
            keep_warm_seconds=1,
            state_folder=tmp_path,
        )

    first = warm()
    started = time.monotonic()
    said = [first.complete(ASKED, Sampling(max_tokens=40)).generated_tokens]
    while time.monotonic() < started + 3:
        said.append(first.complete(ASKED, Sampling(max_tokens=200)).generated_tokens)
    process = pid(first)
    first.close()
    second = warm()
    second.complete(ASKED, Sampling(max_tokens=2))

    assert min(said) > 0
    assert pid(second) == process
    second.close()
    assert gone(process, within=30)
