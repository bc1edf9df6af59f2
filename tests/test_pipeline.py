"""A text's whole way, with an engine that says what it was told to and the real fence."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from funcsmith import Cancel
from funcsmith.contract import Outcome, Request
from funcsmith.errors import Cancelled, EngineFailed, TextEmpty, TextTooLong
from funcsmith.execute import Grants
from funcsmith.library.behaviour import known_fingerprint
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline
from funcsmith.settings import settings
from funcsmith.trip import TEXT_LIMIT, Event

FACTORIAL = "给定一个正整数 n，输出 n 的阶乘。"
CODE = """def factorial(n: int) -> int:
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result

factorial(5)"""
HOTEL = "酒店每晚 300 元，我住店一共要付多少钱？"
HOTEL_CODE = """def hotel_cost(price_per_night: float, nights: int) -> float:
    return price_per_night * nights

hotel_cost(300, None)"""
REVERSE = "def reverse(s: str) -> str:\n    return s[::-1]\n\nreverse({!r})"
WEATHER = {
    "name": "get-weather",
    "description": "查询城市的天气",
    "parameters": {
        "type": "dict",
        "properties": {
            "城市": {"type": "string", "description": "城市名"},
            "天数": {"type": "int"},
        },
        "required": ["城市", "天数"],
    },
}


@pytest.fixture
def engine() -> Scripted:
    return Scripted()


@pytest.fixture
def pipeline(engine: Scripted) -> Iterator[Pipeline]:
    with Pipeline(engine=engine) as made:
        yield made


def comparable(outcome: Outcome) -> dict[str, Any]:
    """What must be the same when a text is said twice."""
    return {
        "kind": outcome.kind,
        "name": outcome.function and outcome.function.name,
        "source": outcome.function and outcome.function.source,
        "verdict": outcome.function and outcome.function.verdict,
        "calls": [(call.function, call.arguments, call.spans) for call in outcome.calls],
        "value": outcome.value,
        "missing": outcome.missing,
    }


def test_the_same_text_twice(pipeline: Pipeline, engine: Scripted) -> None:
    """The second time the saved function answers alike, without the model."""
    engine.enqueue(CODE)

    first = pipeline.run(Request(text=FACTORIAL))
    second = pipeline.run(Request(text=FACTORIAL))

    assert (first.kind, first.value, first.calls[0].spans) == ("function", 120, {})
    assert (first.cost.model_calls, first.cost.model_calls_avoided) == (1, 0)
    assert comparable(second) == comparable(first)
    assert (second.cost.model_calls, second.cost.model_calls_avoided) == (0, 1)
    assert (second.model, second.tokens.prompt, second.tokens.generated) == (None, 0, 0)
    assert second.function is not None and second.function.origin == "library"


def test_arguments_stand_as_the_signature_has_them(pipeline: Pipeline, engine: Scripted) -> None:
    """Also the second time, when they come from the library."""
    code = "def cost(weight: float, each: float) -> float:\n    return weight * each\n\ncost(3, 8)"
    engine.enqueue(code)
    text = "3 公斤，每公斤 8 元，要多少钱？"

    outcomes = [pipeline.run(Request(text=text)) for _ in range(2)]

    assert [list(o.calls[0].arguments) for o in outcomes] == [["weight", "each"]] * 2
    assert outcomes[1].cost.model_calls == 0


def test_saved_function_with_another_value(pipeline: Pipeline, engine: Scripted) -> None:
    """«10 的阶乘» afterwards is a call of the saved function, with the value's place."""
    engine.enqueue(CODE)
    pipeline.run(Request(text=FACTORIAL))

    outcome = pipeline.run(Request(text="10 的阶乘"))

    assert (outcome.kind, outcome.value, outcome.cost.model_calls) == ("parameters", 3628800, 0)
    assert outcome.calls[0].arguments == {"n": 10}
    assert outcome.calls[0].spans == {"/n": [(0, 2)]}


def test_saved_function_outlives_the_pipeline(engine: Scripted) -> None:
    """Another process on the same home knows it."""
    with Pipeline(engine=engine.enqueue(CODE)) as first:
        first.run(Request(text=FACTORIAL))

    with Pipeline(engine=Scripted()) as second:
        assert second.run(Request(text=FACTORIAL)).value == 120


def test_nothing_is_kept_without_save(engine: Scripted) -> None:
    """save=False keeps neither function nor run."""
    with Pipeline(engine=engine.enqueue(CODE, CODE), save=False) as pipeline:
        pipeline.run(Request(text=FACTORIAL))

        assert pipeline.run(Request(text=FACTORIAL)).cost.model_calls == 1
        assert pipeline.library.list() == []


def test_missing_value_is_asked_for_and_answered(pipeline: Pipeline, engine: Scripted) -> None:
    """«三晚» completes the question that was asked, and the function is kept."""
    engine.enqueue(*[HOTEL_CODE] * 6)

    asked = pipeline.run(Request(text=HOTEL))
    before = len(engine.prompts)
    handed = Outcome.model_validate(json.loads(asked.to_json()))
    answered = pipeline.run(Request(text="三晚", previous=handed))

    assert (asked.kind, asked.missing, asked.partial) == (
        "ask",
        ["nights"],
        {"price_per_night": 300},
    )
    assert (asked.calls, asked.result) == ([], None)
    assert asked.question is not None and "nights" in asked.question and "还缺少" in asked.question
    assert asked.function is not None and asked.function.origin == "generated"
    assert (answered.kind, answered.value, answered.missing) == ("function", 900, [])
    assert answered.calls[0].arguments == {"price_per_night": 300, "nights": 3}
    assert answered.calls[0].spans["/nights"][0][0] == 0
    assert len(engine.prompts) == before


def test_nothing_to_compute(pipeline: Pipeline, engine: Scripted) -> None:
    """Small talk is left alone."""
    engine.enqueue("none")

    outcome = pipeline.run(Request(text="今天天气真好，心情不错。"))

    assert (outcome.kind, outcome.calls, outcome.result, outcome.function) == (
        "none",
        [],
        None,
        None,
    )
    assert outcome.detection.probability > 0.9
    assert outcome.error is None


def test_mode_function_runs_nothing(pipeline: Pipeline, engine: Scripted) -> None:
    """A function is written and verified; no call, no result, and never `none`."""
    engine.enqueue("none", *[CODE] * 6)

    outcome = pipeline.run(Request(text="阶乘", mode="function"))

    assert (outcome.kind, outcome.calls, outcome.result) == ("function", [], None)
    assert outcome.function is not None
    assert (outcome.function.name, outcome.function.signature) == ("factorial", "(n: int) -> int")
    assert outcome.function.parameters["required"] == ["n"]


def test_header_is_kept(pipeline: Pipeline, engine: Scripted) -> None:
    """The header's name and signature are the function's."""
    header = 'def total(xs: list[int]) -> int:\n    """Sum."""'
    engine.enqueue(*["    return sum(xs)\n"] * 6)

    outcome = pipeline.run(Request(text=header, header=header, mode="function"))

    assert outcome.function is not None
    assert outcome.function.source.startswith(header)
    assert outcome.function.name == "total"


def test_given_functions_are_filled_and_not_run(pipeline: Pipeline, engine: Scripted) -> None:
    """A candidate of the request's own has no code here: `not_run`, its name as it is."""
    engine.enqueue('get-weather(城市="北京", 天数=3)')

    outcome = pipeline.run(
        Request.model_validate({"text": "北京未来 3 天的天气", "functions": [WEATHER]})
    )

    assert outcome.kind == "parameters"
    call = outcome.calls[0]
    assert (call.function, call.arguments) == ("get-weather", {"城市": "北京", "天数": 3})
    assert call.spans["/城市"] == [(0, 2)]
    assert call.result is not None and call.result.status == "not_run"
    assert outcome.result == call.result
    assert outcome.function is not None and outcome.function.name == "get-weather"


def test_given_function_with_a_missing_value(pipeline: Pipeline, engine: Scripted) -> None:
    """What the text lacks is asked for by the parameter's own name, and can be answered."""
    engine.enqueue('get-weather(城市="北京", 天数=None)')
    request = {"text": "北京的天气", "functions": [WEATHER], "mode": "parameters"}

    asked = pipeline.run(Request.model_validate(request))
    answered = pipeline.run(Request(text="五天", previous=asked))

    assert (asked.kind, asked.missing, asked.partial) == ("ask", ["天数"], {"城市": "北京"})
    assert (answered.kind, answered.calls[0].arguments) == (
        "parameters",
        {"城市": "北京", "天数": 5},
    )


def test_mode_parameters_without_a_fit(pipeline: Pipeline, engine: Scripted) -> None:
    """Where no candidate fits nothing is written."""
    engine.enqueue("other")
    request = {"text": "把 3 和 4 相加", "functions": [WEATHER], "mode": "parameters"}

    outcome = pipeline.run(Request.model_validate(request))

    assert outcome.kind in ("none", "ask", "parameters")
    assert outcome.kind != "parameters" or outcome.calls[0].arguments.keys() <= {"城市", "天数"}


def test_mode_parameters_on_the_library_runs_nothing(pipeline: Pipeline, engine: Scripted) -> None:
    """Only the arguments are made."""
    engine.enqueue(CODE)
    pipeline.run(Request(text=FACTORIAL))

    outcome = pipeline.run(Request(text="10 的阶乘", mode="parameters"))

    assert outcome.calls[0].arguments == {"n": 10}
    assert outcome.result is not None and outcome.result.status == "not_run"


def test_chinese_names(pipeline: Pipeline, engine: Scripted) -> None:
    """A function and its parameters may be named in Chinese, and are kept so."""
    engine.enqueue("def 面积(长: float, 宽: float) -> float:\n    return 长 * 宽\n\n面积(3, 4.5)")

    outcome = pipeline.run(Request(text="长 3 米、宽 4.5 米的面积"))

    assert outcome.value == 13.5
    assert outcome.calls[0].arguments == {"长": 3, "宽": 4.5}
    assert [saved.name for saved in pipeline.library.list()] == ["面积"]


def test_inputs_are_arguments(pipeline: Pipeline, engine: Scripted) -> None:
    """The user's own values reach the function, and not the model."""
    engine.enqueue(
        *["def mean(data: list) -> float:\n    return sum(data) / len(data)\n\nmean([1])"] * 6
    )

    outcome = pipeline.run(Request(text="data 的平均值", inputs={"data": [4711, 4713]}))

    assert outcome.value == 4712
    assert all("4711" not in prompt.messages[-1].content for prompt in engine.prompts)


def test_broken_code_is_a_result(pipeline: Pipeline, engine: Scripted) -> None:
    """Code that only crashes gives an outcome with an error in its result, and is not kept."""
    engine.enqueue(*[CODE.replace("result *= factor", "result //= 0")] * 6)

    outcome = pipeline.run(Request(text=FACTORIAL))

    assert outcome.error is None
    assert outcome.result is not None and outcome.result.status == "error"
    assert outcome.result.error is not None and "ZeroDivisionError" in outcome.result.error
    assert outcome.function is not None and outcome.function.verdict == "unverified"
    assert pipeline.library.list() == []


def test_engine_failure_is_one_request_s(pipeline: Pipeline, engine: Scripted) -> None:
    """An engine that dies fails this request; the next one works."""
    engine.enqueue(EngineFailed("gone"), CODE)

    with pytest.raises(EngineFailed, match="gone"):
        pipeline.run(Request(text=FACTORIAL))

    assert pipeline.run(Request(text=FACTORIAL)).value == 120


def test_home_that_cannot_be_written(tmp_path: Path, engine: Scripted) -> None:
    """A home where nothing can be kept still answers, and says that nothing was kept."""
    (tmp_path / "file").write_text("x")
    noted: list[Event] = []
    with Pipeline(
        engine=engine.enqueue(CODE), settings=replace(settings(), home=tmp_path / "file" / "home")
    ) as pipeline:
        outcome = pipeline.run(Request(text=FACTORIAL), on_event=noted.append)

    assert outcome.value == 120
    notes = [event.text for event in noted if (event.stage, event.state) == ("save", "note")]
    assert notes and str(tmp_path) in notes[0]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_home(tmp_path: Path, engine: Scripted) -> None:
    """The same for a folder without permission."""
    tmp_path.chmod(0o500)
    with Pipeline(
        engine=engine.enqueue(CODE), settings=replace(settings(), home=tmp_path / "home")
    ) as pipeline:
        assert pipeline.run(Request(text=FACTORIAL)).value == 120


def test_two_threads_at_once() -> None:
    """Threads share a pipeline; each gets its own answer."""
    engine = Scripted({"阶乘": CODE, **{f"“w{n}”": REVERSE.format(f"w{n}") for n in range(6)}})
    texts = [FACTORIAL, *(f"把“w{n}”反过来" for n in range(6))]
    found: dict[str, Any] = {}

    with Pipeline(engine=engine) as pipeline:

        def ask(text: str) -> None:
            try:
                found[text] = pipeline.run(Request(text=text, id=text))
            except Exception as failure:  # noqa: BLE001 - reported by the assertion
                found[text] = failure

        threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [f for f in found.values() if not isinstance(f, Outcome)] == []
    assert found[FACTORIAL].value == 120
    assert [found[f"把“w{n}”反过来"].value for n in range(6)] == [f"{n}w" for n in range(6)]
    assert all(outcome.id == text for text, outcome in found.items())


def test_cancel_while_decoding(pipeline: Pipeline, engine: Scripted) -> None:
    """Stopped in the middle of the code: `Cancelled`, nothing kept, the next request works."""
    engine.enqueue(*[CODE] * 2)
    cancel = Cancel()

    def watch(event: Event) -> None:
        if (event.stage, event.state) == ("generate", "text"):
            cancel.cancel()

    with pytest.raises(Cancelled):
        pipeline.run(Request(text=FACTORIAL), on_event=watch, cancel=cancel)

    assert pipeline.library.list() == []
    engine.enqueue(CODE)
    assert pipeline.run(Request(text="求 n 的阶乘，给定一个 n")).value == 120


def test_events_in_order(pipeline: Pipeline, engine: Scripted) -> None:
    """Who watches sees the stages as they happen, and the code as it is written."""
    engine.enqueue(CODE)
    seen: list[Event] = []

    pipeline.run(Request(text=FACTORIAL), on_event=seen.append)

    stages = list(dict.fromkeys(event.stage for event in seen))
    assert stages == ["detect", "generate", "save", "execute"]
    written = "".join(e.text for e in seen if (e.stage, e.state) == ("generate", "text"))
    assert written == CODE


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3000"])
def test_empty_text(pipeline: Pipeline, text: str) -> None:
    """Nothing said is refused with an example of what to say."""
    with pytest.raises(TextEmpty) as caught:
        pipeline.run(Request(text=text))

    assert (caught.value.exit_code, caught.value.status_code) == (2, 422)


def test_text_that_is_too_long(pipeline: Pipeline, engine: Scripted) -> None:
    """A megabyte is refused at once, with both lengths; the limit itself is read."""
    with pytest.raises(TextTooLong, match=r"1,000,000 characters; at most 20,000"):
        pipeline.run(Request(text="的" * 1_000_000))

    engine.enqueue("none")
    assert pipeline.run(Request(text="的" * TEXT_LIMIT)).kind == "none"


ODD = ["ab\u202ecd", "a\x07\x1b[31mb", "a\ud800b", "\u200fabc\u2066", "😀é𠮷", "a\x00b", "\u2028x"]


@pytest.mark.parametrize("word", ODD)
def test_odd_characters_survive(pipeline: Pipeline, engine: Scripted, word: str) -> None:
    """Control characters, lone surrogates and marks of direction reach the JSON, and UTF-8."""
    text = f"把“{word}”反过来"
    engine.enqueue(*[REVERSE.format(word)] * 6)

    outcome = pipeline.run(Request(text=text))

    told = json.loads(outcome.to_json().encode("utf-8"))
    assert told["kind"] in ("function", "ask", "none")
    if outcome.kind == "function":
        assert told["calls"][0]["arguments"] == {"s": word}
        ((start, end),) = outcome.calls[0].spans["/s"]
        assert word in text[start:end]
    assert json.loads(pipeline.run(Request(text=text, mode="parameters")).to_json())


def test_value_of_any_length(pipeline: Pipeline, engine: Scripted) -> None:
    """A result of thousands of digits is an outcome that can be written."""
    engine.enqueue(CODE)
    pipeline.run(Request(text=FACTORIAL))

    outcome = pipeline.run(Request(text="2000 的阶乘"))

    assert outcome.result is not None and outcome.result.status == "ok"
    assert json.loads(outcome.to_json())["result"]["status"] == "ok"


OUTCOME = {
    "id", "kind", "detection", "function", "calls", "partial", "missing", "question", "readings",
    "result", "tokens", "seconds", "cost", "model", "notes", "error",
}  # fmt: skip
FUNCTION = {
    "name", "signature", "source", "parameters", "origin", "verdict", "probability",
    "signs", "evidence",
    "counterexamples", "uncertainty", "readback", "grants", "written_as",
}  # fmt: skip
RESULT = {"status", "value", "typed", "repr", "stdout", "error", "limit", "seconds", "isolation"}


def test_outcome_is_the_contract_s(pipeline: Pipeline, engine: Scripted) -> None:
    """Every object of the JSON has exactly the contract's fields, with values of their kinds."""
    engine.enqueue(CODE)

    told = json.loads(pipeline.run(Request(text=FACTORIAL, id="7")).to_json())

    assert set(told) == OUTCOME
    assert set(told["function"]) == FUNCTION
    assert set(told["calls"][0]) == {"function", "arguments", "spans", "probability", "result"}
    assert set(told["result"]) == set(told["calls"][0]["result"]) == RESULT
    assert set(told["result"]["isolation"]) == {"kind", "features", "grants"}
    assert set(told["detection"]) == {"probability", "language", "candidates", "reuse"}
    assert set(told["seconds"]) == {"detect", "generate", "execute"}
    assert set(told["tokens"]) == {"prompt", "generated"}
    assert set(told["cost"]) == {
        "model_calls",
        "model_calls_avoided",
        "cpu_seconds",
        "escalated_to",
        "escalation",
        "escalated_calls",
        "escalated_tokens",
    }
    assert (told["id"], told["model"], told["error"]) == ("7", "scripted", None)
    assert all(seconds >= 0 for seconds in told["seconds"].values())
    assert told["tokens"]["generated"] > 0 < told["tokens"]["prompt"]
    assert 0 < told["function"]["probability"] < 1


def test_source_stands_alone(pipeline: Pipeline, engine: Scripted) -> None:
    """The function's source, run by itself, defines it with all that it needs."""
    engine.enqueue("def root(x: float) -> float:\n    return sqrt(x)\n\nroot(16)")

    outcome = pipeline.run(Request(text="16 的平方根"))

    assert outcome.value == 4
    assert outcome.function is not None
    scope: dict[str, Any] = {}
    exec(outcome.function.source, scope)
    assert scope["root"](81) == 9


@pytest.mark.parametrize(
    "previous",
    [
        {"kind": "none"},
        {"kind": "ask"},
        {"kind": "ask", "missing": ["n"], "function": {"name": "f"}},
        {"kind": "ask", "missing": ["a.b"], "function": {"name": "f"}, "partial": {"x": 1}},
        {"kind": "ask", "missing": ["n"], "function": {"name": "f", "source": "def f(:"}},
    ],
)
def test_previous_that_answers_nothing(
    pipeline: Pipeline, engine: Scripted, previous: dict[str, Any]
) -> None:
    """An outcome that asked nothing useful does not stand in the way of the text."""
    engine.enqueue(*[CODE] * 3)

    outcome = pipeline.run(Request.model_validate({"text": FACTORIAL, "previous": previous}))

    assert json.loads(outcome.to_json())["kind"] in ("function", "parameters", "ask", "none")


READ_NOTES = '''def count_lines(path: str) -> int:
    """数一数文件有多少行。

    path: 文件的路径
    """
    with open(path) as file:
        return sum(1 for _ in file)
'''


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text("a\nb\nc\n")
    return path


def test_a_saved_function_runs_with_what_it_is_granted(pipeline: Pipeline, notes: Path) -> None:
    """Its grants are said before it runs and stand in the outcome; without them it is forbidden."""
    text = f"数一数文件“{notes}”有多少行"
    pipeline.library.add(READ_NOTES, origin="given")
    pipeline.library.add_text("count_lines", text, sample={"path": str(notes)})
    before = pipeline.run(Request(text=text))
    pipeline.library.grant("count_lines", Grants.to(read=[notes]))
    seen: list[Event] = []

    after = pipeline.run(Request(text=text), on_event=seen.append)

    assert before.result is not None
    assert (before.result.status, before.function.grants) == ("forbidden", [])
    assert (after.value, after.function.grants) == (3, [f"read {notes}"])
    said = [(event.stage, event.state) for event in seen]
    assert said.index(("execute", "granted")) < said.index(("execute", "done"))


@pytest.mark.parametrize(
    ("change", "status"),
    [({}, "ok"), ({"source": READ_NOTES + "\n# more\n"}, "forbidden")],
    ids=["the library's own", "changed"],
)
def test_a_request_brings_no_grant(
    pipeline: Pipeline, engine: Scripted, notes: Path, change: dict[str, str], status: str
) -> None:
    """`previous` cannot carry one: only the very source that the library holds has its grants."""
    engine.enqueue(f'count_lines(path="{notes}")')
    pipeline.library.add(READ_NOTES, origin="given")
    pipeline.library.grant("count_lines", Grants.to(read=[notes]))
    function = pipeline.library.get("count_lines").function()
    asked = Outcome(
        kind="ask",
        function=function.model_copy(update={"grants": ["read /etc"], **change}),
        missing=["path"],
        question="哪个文件？",
    )

    outcome = pipeline.run(Request(text=f"“{notes}”", previous=asked))

    assert outcome.result is not None
    assert outcome.result.status == status
    assert outcome.function.grants == ([f"read {notes}"] if status == "ok" else [])


def test_budget_of_a_request_is_kept(pipeline: Pipeline, engine: Scripted) -> None:
    """With one token allowed there is one version; what it cost stands in the outcome."""
    broken = "def sum_of(a: int, b: int) -> int:\n    return a / (b - b)\n\nsum_of(3, 4)"
    engine.enqueue(*[broken] * 5)
    engine.seconds_an_answer = 2.0
    text = "write 3 + 4 as a function and run it"
    outcome = pipeline.run(Request.model_validate({"text": text, "budget": {"cpu_seconds": 1}}))

    assert outcome.cost.model_calls == 1
    assert outcome.cost.cpu_seconds == pytest.approx(2.0, abs=0.5)


def test_unknown_budget_is_refused() -> None:
    """A budget has tokens and CPU seconds, above zero."""
    for wrong in ({"wall": 3}, {"tokens": 0}, {"cpu_seconds": -1}):
        with pytest.raises(ValidationError):
            Request.model_validate({"text": "x", "budget": wrong})


def test_disagreement_is_a_question(pipeline: Pipeline, engine: Scripted) -> None:
    """Versions that part on an input: it is asked which is right, in the header's language."""
    header = 'def double(n: int) -> int:\n    """n 的两倍。"""\n'
    twice, square = "    return 2 * n\n", "    return n * n\n"
    engine.enqueue(square, twice, twice, twice)
    outcome = pipeline.run(Request(text=header, header=header, mode="function"))

    assert outcome.function is not None
    assert outcome.function.verdict == "agreed"
    asked = outcome.function.counterexamples[0]
    assert asked["question"] == (
        f"{asked['call']} 应该得到 {asked['got']} 还是 {asked['other']}？"
        f"在文本中给出例子即可确定：{asked['call']} == …"
    )
    assert asked["got"] != asked["other"]


AREA = '''def wall_area(width_m: float, height_m: float) -> float:
    """Area of a wall.

    width_m: width in metres
    height_m: height in metres
    """
    return width_m * height_m
'''
PAINT = '''def paint_litres(area_m2: float, coats: int) -> float:
    """Litres of paint for a wall.

    area_m2: area of the wall in square metres
    coats: how many coats
    """
    if area_m2 > 1000:
        raise ValueError("no wall is so large")
    return area_m2 * coats / 10
'''
WALL = (
    "Area of a wall 4 m wide and 2.5 m high, then the litres of paint for that wall with 2 coats?"
)


def _painter(pipeline: Pipeline) -> None:
    pipeline.library.add(AREA)
    pipeline.library.add(PAINT)


def test_several_calls_stand_in_order(pipeline: Pipeline, engine: Scripted) -> None:
    """Each known function that a text asks for runs, with its own places and result."""
    _painter(pipeline)
    text = "Area of a wall 4 m wide and 2.5 m high, then of one 3 m wide and 2 m high?"
    engine.enqueue(
        'wall_area(width_m="4 m", height_m="2.5 m")\nwall_area(width_m="3 m", height_m="2 m")'
    )

    outcome = pipeline.run(Request(text=text))

    assert outcome.kind == "parameters"
    assert [(c.arguments, c.result and c.result.value) for c in outcome.calls] == [
        ({"width_m": 4, "height_m": 2.5}, 10.0),
        ({"width_m": 3, "height_m": 2}, 6.0),
    ]
    places = outcome.calls[1].spans
    assert {key: [text[a:b] for a, b in some] for key, some in places.items()} == {
        "/width_m": ["3 m"],
        "/height_m": ["2 m"],
    }
    assert outcome.value == 6.0


def _wall(pipeline: Pipeline, engine: Scripted, width: str = "4 m", **asked: Any) -> Outcome:
    _painter(pipeline)
    engine.enqueue(
        f'wall_area(width_m="{width}", height_m="2.5 m")\npaint_litres(area_m2=result, coats="2")'
    )
    return pipeline.run(Request(text=WALL.replace("4 m", width), **asked))


def test_call_takes_what_the_one_before_gives(pipeline: Pipeline, engine: Scripted) -> None:
    """The value comes from the call, so it has no place in the text."""
    outcome = _wall(pipeline, engine)

    assert [call.function for call in outcome.calls] == ["wall_area", "paint_litres"]
    assert outcome.calls[1].arguments == {"area_m2": 10.0, "coats": 2}
    assert list(outcome.calls[1].spans) == ["/coats"]
    assert (outcome.value, outcome.function and outcome.function.name) == (2.0, "paint_litres")


def test_call_that_is_not_run_points_to_the_one_before(
    pipeline: Pipeline, engine: Scripted
) -> None:
    """Only filled, the argument says where its value will stand in the outcome."""
    outcome = _wall(pipeline, engine, mode="parameters")

    assert outcome.calls[1].arguments["area_m2"] == {"$ref": "/calls/0/result/value"}
    assert json.loads(outcome.to_json())["calls"][1]["arguments"]["coats"] == 2


def test_nothing_stands_in_for_a_result_that_failed(pipeline: Pipeline, engine: Scripted) -> None:
    """Where the call before fails, the one behind it is not run, and says why."""
    pipeline.library.add(AREA.replace("width_m * height_m", "1 / 0"))
    pipeline.library.add(PAINT)
    engine.enqueue(
        'wall_area(width_m="4 m", height_m="2.5 m")\npaint_litres(area_m2=result, coats="2")'
    )

    first, second = pipeline.run(Request(text=WALL)).calls

    assert first.result is not None
    assert second.result is not None
    assert (first.result.status, second.result.status) == ("error", "not_run")
    assert second.result.error == (
        "Not run: it takes what wall_area gives, and wall_area did not succeed."
    )
    assert "area_m2" not in second.arguments


def test_question_names_the_result_that_is_not_there_too(
    pipeline: Pipeline, engine: Scripted
) -> None:
    """A call that lacks a value asks for what another call should have given as well."""
    _painter(pipeline)
    engine.enqueue(
        'wall_area(width_m="4 m", height_m="2.5 m")\npaint_litres(area_m2=result, coats=None)'
    )

    outcome = pipeline.run(Request(text=WALL.replace(" with 2 coats", "")))

    assert (outcome.kind, outcome.missing, outcome.calls) == ("ask", ["area_m2", "coats"], [])


def test_other_words_need_no_model(pipeline: Pipeline, engine: Scripted) -> None:
    """A text that means what a saved one does takes its function, with the reason; nothing is asked."""
    engine.enqueue(CODE)
    pipeline.run(Request(text=FACTORIAL))

    again = pipeline.run(Request(text="What is the factorial of 6?"))

    assert (again.kind, again.value, again.cost.model_calls_avoided) == ("parameters", 720, 1)
    assert again.calls[0].spans == {"/n": [(25, 26)]}
    assert again.detection.reuse is not None
    assert (again.detection.reuse.decision, again.detection.reuse.function) == (
        "reuse",
        "factorial",
    )
    assert again.cost.model_calls == 0


def test_same_behaviour_is_not_saved_twice(pipeline: Pipeline, engine: Scripted) -> None:
    """A new function that does what a saved one does gives its text to that one."""
    kept = pipeline.library.add(
        "import math\n\n\ndef product_up_to(limit: int) -> int:\n    return math.factorial(limit)\n"
    )
    known_fingerprint(kept, pipeline.library, pipeline.sandbox)
    engine.enqueue(CODE.replace("result = 1", "assert n >= 0\n    result = 1"))

    outcome = pipeline.run(Request(text=FACTORIAL))

    assert outcome.function is not None
    assert (outcome.function.name, outcome.function.written_as) == ("product_up_to", "factorial")
    assert (outcome.calls[0].function, outcome.calls[0].arguments) == (
        "product_up_to",
        {"limit": 5},
    )
    assert [saved.name for saved in pipeline.library.list()] == ["product_up_to"]
    again = pipeline.run(Request(text=FACTORIAL))
    assert (again.value, again.cost.model_calls) == (120, 0)


def test_new_function_may_call_a_saved_one(pipeline: Pipeline, engine: Scripted) -> None:
    """What it calls is put before it: in the fence and in the outcome, not in the file."""
    pipeline.library.add("def doubled(x: int) -> int:\n    return 2 * x\n")
    code = "def quadrupled(n: int) -> int:\n    return doubled(doubled(n))\n\nquadrupled(5)"
    for _ in range(6):
        engine.enqueue(code)

    outcome = pipeline.run(Request(text="给定一个整数 n，把它加倍再加倍。"))

    assert outcome.value == 20
    assert outcome.function is not None
    assert "def doubled" in outcome.function.source
    assert "def doubled" not in pipeline.library.get("quadrupled").source
