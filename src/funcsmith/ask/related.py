"""What else could be asked: questions that the same function, or the library, answers by itself.

Each is made of words that a person wrote (the question, or a text that a saved function answers)
with one value replaced, is read again by the shipped readers, and is run before it is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..contract import Call, Function, Outcome, Request, Result, Span
from ..errors import Language
from ..generate.behaviour import exact, value_of
from ..generate.options import options
from ..language import language_of
from ..readers import read
from ..readers.names import words_of
from ..recall import remembered
from .answer import Related, sentence_of
from .varied import varied

if TYPE_CHECKING:
    from ..library import Library, Saved
    from ..pipeline import Pipeline

_OF_VALUES = 2
_OF_LIBRARY = 2
_SEARCHED = 8


@dataclass(frozen=True)
class _Asked:
    """A question before it is offered: what would be called, and with what."""

    question: str
    relation: str
    function: Function
    arguments: dict[str, Any]
    spans: Mapping[str, list[Span]]


def related(
    outcome: Outcome, request: Request, pipeline: Pipeline, *, with_answers: bool = False
) -> list[Related]:
    """Questions beside one that was answered, best first; their answers where they are wanted."""
    function = outcome.function
    if function is None or not function.source or len(outcome.calls) != 1 or request.inputs:
        return []
    if function.grants or outcome.result is None:
        return []  # what reaches beyond computing is run when it is asked for
    call = outcome.calls[0]
    language = language_of(request.text)
    now = request.now if isinstance(request.now, datetime) else None
    found: list[Related] = []
    groups = (
        (_values(request.text, call, function, language, now), _OF_VALUES),
        (_conditions(request.text, call, function, language), 1),
        (_of_library(request.text, call, function, outcome.result, pipeline, now), _OF_LIBRARY),
    )
    said = {request.text.strip()}
    for candidates, most in groups:
        offered = 0
        for one in candidates:
            if offered == most:
                break
            if one.question in said:
                continue
            result = _ran(one, pipeline, now)
            if result.status != "ok":
                continue
            said.add(one.question)
            offered += 1
            found.append(_offered(one, result, language, now, with_answers=with_answers))
    return found


def _offered(
    one: _Asked,
    result: Result,
    language: Language,
    now: datetime | None,
    *,
    with_answers: bool,
) -> Related:
    made = Related(
        question=one.question,
        relation=one.relation,  # type: ignore[arg-type]  # one of ours
        function=one.function.name,
        arguments=one.arguments,
    )
    if with_answers:
        made.answer, _ = sentence_of(
            one.question, result, one.function, language, now=now, spans=one.spans
        )
        made.value = result.value
    return made


def _ran(one: _Asked, pipeline: Pipeline, now: datetime | None) -> Result:
    moment = now.isoformat() if now is not None else None
    return pipeline.sandbox.call(one.function.source, one.function.name, one.arguments, now=moment)


# The same call with another value


def _values(
    text: str, call: Call, function: Function, language: Language, now: datetime | None
) -> Iterator[_Asked]:
    """The question with one of its values replaced; another argument each time."""
    properties = function.parameters.get("properties") or {}
    taken = [span for found in call.spans.values() for span in found]
    second: list[_Asked] = []
    for pointer, found in call.spans.items():
        name, _, index = pointer.removeprefix("/").partition("/")
        if len(found) != 1 or name not in call.arguments or taken.count(found[0]) > 1:
            continue
        start, end = found[0]
        schema = properties.get(name, {})
        # Two of one argument are for questions with a single one.
        for place, words in enumerate(varied(text[start:end], language)):
            question = text[:start] + words + text[end:]
            span = (start, start + len(words))
            value = _read_again(text, (start, end), question, span, call, name, index, schema, now)
            if value is None:
                continue
            arguments = {**call.arguments, name: value}
            moved = _moved(call.spans, pointer, span, end, len(question) - len(text))
            asked = _Asked(question, "value", function, arguments, moved)
            if place == 0:
                yield asked
            else:
                second.append(asked)
    yield from second


def _read_again(
    text: str,
    old_span: Span,
    question: str,
    span: Span,
    call: Call,
    name: str,
    index: str,
    schema: dict[str, Any],
    now: datetime | None,
) -> Any:
    """The argument that the new words state, read as the old one was; None where that is not sure."""
    argument = call.arguments[name]
    if index:
        if not (isinstance(argument, list) and index.isdecimal() and int(index) < len(argument)):
            return None
        item = schema.get("items")
        old, schema = argument[int(index)], item if isinstance(item, dict) else {}
    else:
        old = argument
    new = _stated(text, old_span, old, question, span, name, schema, now)
    if new is None or not index:
        return new
    return [*argument[: int(index)], new, *argument[int(index) + 1 :]]


def _stated(
    text: str,
    old_span: Span,
    old: Any,
    question: str,
    span: Span,
    name: str,
    schema: dict[str, Any],
    now: datetime | None,
) -> Any:
    before, after = read(text, now=now), read(question, now=now)
    ways = options(text, name, schema, values=before, now=now) or []
    if any(one.value == old and old_span in one.spans for one in ways):
        again = options(question, name, schema, values=after, now=now) or []
        found = [one.value for one in again if span in one.spans]
        alike = [one for one in found if type(one) is type(old)]
        if found:
            return (alike or found)[0]
    # Read by its place alone: the value is the argument, or the same share of it.
    plain = [v for v in before if _within((v.start, v.end), old_span) and v.value == old]
    kinds = {(one.kind, one.unit) for one in plain}
    fresh = [
        v.value for v in after if _within((v.start, v.end), span) and (v.kind, v.unit) in kinds
    ]
    return fresh[0] if len({repr(one) for one in fresh}) == 1 else None


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _moved(
    spans: Mapping[str, list[Span]], pointer: str, span: Span, after: int, by: int
) -> dict[str, list[Span]]:
    return {
        key: [span]
        if key == pointer
        else [(a + by, b + by) if a >= after else (a, b) for a, b in found]
        for key, found in spans.items()
    }


# The same call with another value for what the question leaves to a default


def _conditions(text: str, call: Call, function: Function, language: Language) -> Iterator[_Asked]:
    properties = function.parameters.get("properties") or {}
    for name, schema in properties.items():
        default = schema.get("default")
        if type(default) not in (int, float) or not default:
            continue
        if any(pointer.startswith(f"/{name}") for pointer in call.spans):
            continue
        words = _words(name, schema, language)
        if words is None or call.arguments.get(name, default) != default:
            continue
        share = bool(_SHARES.search(f"{name} {words}")) and 0 < abs(default) < 1
        other = round(default / 2, 6) if share else default * 2
        value = f"{other * 100:g}%" if share else f"{other:g}"
        question = text.strip()
        if language == "zh":
            head = f"如果{words}是 {value}，"
        else:
            head = f"If the {words} is {value}, "
            if _ASKS.match(question):
                question = question[0].lower() + question[1:]
        by = len(head) - (len(text) - len(text.lstrip()))
        spans = {
            key: [(start + by, end + by) for start, end in found]
            for key, found in call.spans.items()
        }
        arguments = {**call.arguments, name: other}
        yield _Asked(head + question, "condition", function, arguments, spans)


_ASKS = re.compile(r"(?:[A-Z][a-z]+|A)\b(?! [A-Z])")
_SHARES = re.compile(r"rate|ratio|percent|share|discount|率|比例|折扣|百分")


def _words(name: str, schema: Mapping[str, Any], language: Language) -> str | None:
    """What a parameter is called in a sentence; None where nobody said it in this language."""
    from ..library.lexicon import in_chinese

    parts = [part.lower() for part in words_of(name)]
    said = re.split(r"[，,。.;；:：(（\n]", str(schema.get("description") or ""))[0].strip()
    if language == "en":
        return " ".join(parts) if name.isascii() and all(map(str.isalpha, parts)) else None
    if said and not said.isascii() and len(said) <= 8:
        return said
    if not name.isascii():
        return name
    whole = in_chinese(" ".join(parts))
    each = [in_chinese(part) for part in parts]
    return whole or ("".join(each) if all(each) else None)


# Other functions of the library


def _of_library(
    text: str,
    call: Call,
    function: Function,
    result: Result,
    pipeline: Pipeline,
    now: datetime | None,
) -> Iterator[_Asked]:
    """Saved functions that the found values fill, and the one that leads back."""
    library, language = pipeline.library, language_of(text)
    near = [saved for saved, _ in library.search(text, _SEARCHED) if saved.name != call.function]
    for saved in near:
        if saved.broken or saved.granted or saved.language != language:
            continue
        names = set(saved.parameters.get("properties", {}))
        if names and names <= set(call.arguments):
            words = {name: _written(name, call, text) for name in names}
            yield from islice(_from_texts(saved, words, library, now, "function", None), 1)
        elif len(names) == 1 and len(call.arguments) == 1 and type(result.value) in (int, float):
            (name,) = names
            if _leads_back(saved, call, function, result, pipeline):
                words = {name: f"{result.value:.15g}"}
                yield from islice(
                    _from_texts(saved, words, library, now, "inverse", result.value), 1
                )


def _written(name: str, call: Call, text: str) -> str:
    found = call.spans.get(f"/{name}", [])
    if len(found) == 1:
        start, end = found[0]
        return text[start:end]
    value = call.arguments[name]
    return value if isinstance(value, str) else repr(value)


def _from_texts(
    saved: Saved,
    words: Mapping[str, str],
    library: Library,
    now: datetime | None,
    relation: str,
    value: Any,
) -> Iterator[_Asked]:
    """The texts that a saved function answers, with these values in them, as the library reads them."""
    moment = now or datetime.now().astimezone()
    for template in saved.templates:
        try:
            question = template.format_map(dict(words))
        except (KeyError, ValueError, IndexError, AttributeError):
            continue
        found = remembered(
            question, library, values=partial(read, question, now=moment), now=moment
        )
        if found is None or found.saved is None or found.saved.name != saved.name:
            continue
        filled = found.filled
        arguments = filled.arguments if filled is not None else found.arguments or {}
        if value is not None and [exact(one) for one in arguments.values()] != [exact(value)]:
            continue
        spans = filled.spans if filled is not None else found.spans
        yield _Asked(question, relation, library.alone(saved).function(), dict(arguments), spans)


def _leads_back(
    saved: Saved, call: Call, function: Function, result: Result, pipeline: Pipeline
) -> bool:
    """Whether a saved function makes the argument of the result, here and for another value."""
    ((name, argument),) = call.arguments.items()
    if type(argument) not in (int, float) or argument == result.value:
        return False
    (back,) = saved.parameters.get("properties", {})
    # One value alone says little: 4 is 2 + 2 and 2 * 2.
    for value in (argument, argument * 3 + 1):
        there = pipeline.sandbox.call(function.source, function.name, {name: value})
        if there.status != "ok":
            return False
        alone = pipeline.library.alone(saved)
        again = pipeline.sandbox.call(alone.source, saved.name, {back: value_of(there)})
        got = value_of(again) if again.status == "ok" else None
        if type(got) not in (int, float) or abs(got - value) > 1e-9 * max(1, abs(value)):
            return False
    return True
