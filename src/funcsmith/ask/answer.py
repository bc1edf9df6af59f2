"""A question answered: the sentence, how it was computed, and what else could be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ..contract import Call, Function, Kind, Outcome, Request, Result, Span, dumps
from ..errors import Language
from ..language import language_of
from ..objects import Data
from ..readers import read
from . import chinese, english
from .spoken import Said, spoken, table_of
from .stated import stated_currency, stated_measure

if TYPE_CHECKING:
    from ..models.cancel import Cancel
    from ..pipeline import Pipeline
from ..trip import Watcher


@dataclass(kw_only=True)
class Source(Data):
    """One argument: its value, and where the question states it."""

    name: str
    value: Any = None
    origin: Literal["text", "input", "default", "previous", "sample"]
    words: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    """In code points of the question."""


@dataclass(kw_only=True)
class Computation(Data):
    """One call that led to the answer."""

    call: str
    values: list[Source] = field(default_factory=list)


@dataclass(kw_only=True)
class Table(Data):
    columns: list[str]
    rows: list[list[Any]]


@dataclass(kw_only=True)
class Related(Data):
    """Another question that can be answered without a model."""

    question: str
    relation: Literal["value", "condition", "inverse", "function"]
    """Another value, another value for what was not stated, the way back, another function."""
    function: str
    arguments: dict[str, Any] = field(default_factory=dict)
    answer: str | None = None
    value: Any = None


@dataclass(kw_only=True)
class Answer(Data):
    """What came of one question."""

    question: str
    answer: str
    """One sentence in the question's language; «结果：…» where no good one could be made."""
    language: Language
    kind: Kind
    plain: bool = False
    """Whether the answer is the plain form."""
    value: Any = None
    """The result as it is, of which the answer is made."""
    table: Table | None = None
    verdict: str | None = None
    computed: list[Computation] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    outcome: Outcome

    def to_json(self, *, indent: int | None = None) -> str:
        """The serialised answer, its outcome included."""
        return dumps(self.model_dump(), indent=indent)


def ask(text: str, *, with_answers: bool = False, **given: Any) -> Answer:
    """Answer a question in one sentence, with the default model and the user's own library.

    Fields of `Request` go by name, as for `run`. `with_answers` answers the related questions too.
    """
    from ..pipeline import default_pipeline

    return answered(Request(text=text, **given), default_pipeline(), with_answers=with_answers)


def answered(
    request: Request,
    pipeline: Pipeline,
    *,
    with_answers: bool = False,
    on_event: Watcher | None = None,
    cancel: Cancel | None = None,
) -> Answer:
    """Run a request, and say what came of it."""
    outcome = pipeline.run(request, on_event=on_event, cancel=cancel)
    answer = answer_of(outcome, request)
    if outcome.result is not None and outcome.result.status == "ok":
        from .related import related

        answer.related = related(outcome, request, pipeline, with_answers=with_answers)
    return answer


def answer_of(outcome: Outcome, request: Request) -> Answer:
    """What an outcome says, in one sentence. No model, and nothing is run."""
    language = language_of(request.text)
    said, plain = _said(outcome, request, language)
    result = outcome.result
    table = None
    if result is not None and result.status == "ok":
        made = table_of(result.value)
        table = Table(columns=made[0], rows=made[1]) if made else None
    return Answer(
        question=request.text,
        answer=said,
        language=language,
        kind=outcome.kind,
        plain=plain,
        value=result.value if result is not None else None,
        table=table,
        verdict=outcome.function.verdict if outcome.function is not None else None,
        computed=[_computation(call, outcome, request) for call in outcome.calls],
        outcome=outcome,
    )


def sentence_of(
    text: str,
    result: Result,
    function: Function | None,
    language: Language,
    *,
    now: datetime | None = None,
    spans: Mapping[str, list[Span]] | None = None,
) -> tuple[str, bool]:
    """The sentence that answers a question with a result, and whether it is the plain form."""
    if result.status != "ok":
        return _failed(result, language), True
    said = spoken(result, language)
    places = [span for found in (spans or {}).values() for span in found]
    stated = [text[start:end] for start, end in places]
    make = chinese.sentence if language == "zh" else None
    unit = _unit(text, function, now)
    found = make(text, said, unit) if make else english.sentence(text, said, unit, stated)
    return (found, False) if found is not None else (_plainly(said, language), True)


def _said(outcome: Outcome, request: Request, language: Language) -> tuple[str, bool]:
    zh = language == "zh"
    if outcome.kind == "ask":
        return outcome.question or ("还缺少一个值。" if zh else "A value is missing."), False
    result = outcome.result
    if outcome.kind == "none" or result is None:
        if outcome.function is not None and outcome.kind == "function":
            return (
                "函数已写好，没有运行。" if zh else "The function is written; nothing was run."
            ), True
        return (
            "抱歉，这句话里没有可以计算的内容。"
            if zh
            else "Sorry, there is nothing in this that can be computed."
        ), False
    if len(outcome.calls) > 1:
        return _each(outcome.calls, language), True
    call = outcome.calls[0] if outcome.calls else None
    if call is not None and _is_sample(call, outcome, request) and result.status == "ok":
        return _sample(call, result, language), False
    spans = call.spans if call is not None else None
    return sentence_of(
        request.text, result, outcome.function, language, now=_moment(request), spans=spans
    )


def _unit(
    text: str, function: Function | None, now: datetime | None
) -> Callable[[str], str | None]:
    """What unit is stated for money, or for a measure; read when it is asked for."""

    def unit(measure: str) -> str | None:
        if measure == "money":
            return stated_currency(text, read(text, now=now))
        return stated_measure(text, function, [measure])

    return unit


def _moment(request: Request) -> datetime | None:
    return request.now if isinstance(request.now, datetime) else None


def _plainly(said: Said, language: Language) -> str:
    zh = language == "zh"
    if said.kind == "none":
        return (
            "没有结果：函数返回了空值（None）。" if zh else "No result: the function returned None."
        )
    if said.kind == "text" and (not said.text or said.text != said.text.strip()):
        return f"{'结果：' if zh else 'Result: '}“{said.text}”"
    return f"{'结果：' if zh else 'Result: '}{said.text}"


def _failed(result: Result, language: Language) -> str:
    """Why there is no result, with what the code or the fence said."""
    why = result.error or result.limit or ""
    head = _FAILURES[result.status][language == "zh"]
    if language == "zh":
        return f"没有得出结果：{head}{f'（{why}）' if why else ''}。"
    return f"No result: {head}{f' ({why})' if why else ''}."


_FAILURES = {
    "error": ("the function failed", "函数运行出错"),
    "timeout": ("it took too long", "运行超时"),
    "memory": ("it needed too much memory", "内存超限"),
    "output": ("it gave too much output", "输出过多"),
    "forbidden": ("it tried something that is not allowed", "用到了不允许的操作"),
    "killed": ("its process ended", "进程被终止"),
    "not_run": ("it was not run", "没有运行"),
}


def _each(calls: list[Call], language: Language) -> str:
    """Several calls: what each gave, in order."""
    said = [
        spoken(call.result, language).text
        if call.result is not None and call.result.status == "ok"
        else _FAILURES[call.result.status if call.result else "not_run"][language == "zh"]
        for call in calls
    ]
    return (
        f"结果依次为：{'；'.join(said)}"
        if language == "zh"
        else f"Results in order: {'; '.join(said)}"
    )


def _is_sample(call: Call, outcome: Outcome, request: Request) -> bool:
    """Whether the arguments are made up: a text that only describes has none of its own."""
    if not call.arguments or call.spans or request.inputs or request.previous:
        return False
    return all(one.origin == "sample" for one in _computation(call, outcome, request).values)


def _sample(call: Call, result: Result, language: Language) -> str:
    given = [(name, _compact(value)) for name, value in call.arguments.items()]
    said = spoken(result, language)
    if language == "zh":
        with_them = "，".join(f"{name} = {value}" for name, value in given)
        return f"例如，当 {with_them} 时，结果是 {said.text}。"
    with_them = " and ".join(f"{name} = {value}" for name, value in given)
    return f"For example, with {with_them} the result is {said.text}."


def _computation(call: Call, outcome: Outcome, request: Request) -> Computation:
    function = outcome.function
    properties = function.parameters.get("properties", {}) if function is not None else {}
    previous = request.previous.partial if request.previous is not None else None
    values: list[Source] = []
    for name, value in call.arguments.items():
        spans = sorted(
            span
            for pointer, found in call.spans.items()
            if pointer.removeprefix("/").partition("/")[0].replace("~1", "/").replace("~0", "~")
            == name
            for span in found
        )
        schema = properties.get(name)
        origin: Literal["text", "input", "default", "previous", "sample"] = "sample"
        if spans:
            origin = "text"
        elif name in request.inputs:
            origin = "input"
        elif previous and name in previous:
            origin = "previous"
        elif isinstance(schema, Mapping) and "default" in schema and schema["default"] == value:
            origin = "default"
        words = [request.text[start:end] for start, end in spans]
        values.append(Source(name=name, value=value, origin=origin, words=words, spans=spans))
    given = ", ".join(f"{name}={_compact(value)}" for name, value in call.arguments.items())
    return Computation(call=f"{call.function}({given})", values=values)


def _compact(value: Any) -> str:
    try:
        said = repr(value)
    except ValueError:  # an int with more digits than Python prints
        return "…"
    return said if len(said) <= 200 else f"{said[:199]}…"


__all__ = [
    "Answer",
    "Computation",
    "Related",
    "Source",
    "Table",
    "answer_of",
    "answered",
    "ask",
    "sentence_of",
]
