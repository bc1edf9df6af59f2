"""What the library already knows of a text: the same text, or the same with other values.

No model, and nothing imported that only a model needs: what was made once answers at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .contract import Choice, Detection, Tool
from .errors import Language
from .language import language_of

if TYPE_CHECKING:
    from .generate.filled import Filled
    from .library import Library, Saved
    from .library.reuse import Reuse
    from .readers import Value

Way = Literal["saved", "template", "known", "other", "none", "new"]


@dataclass(frozen=True)
class Further:
    """One more call that a text asks for, behind the first."""

    tool: Tool
    filled: Filled
    saved: Saved | None = None


@dataclass(frozen=True)
class Detected:
    """What the text asks for, and what was found for it on the way."""

    way: Way
    """saved: the same text again; template: with other values; known: a function fits;
    other, new: one must be written; none: nothing is asked."""
    detection: Detection
    saved: Saved | None = None
    tool: Tool | None = None
    arguments: dict[str, Any] | None = None
    filled: Filled | None = None
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Where the arguments of a saved text stand."""
    further: tuple[Further, ...] = ()
    """The calls behind the one of `tool` and `filled`, in the text's order."""


def remembered(
    text: str, library: Library, *, values: Callable[[], Sequence[Value]], now: datetime
) -> Detected | None:
    """What the library knows of this very text, or of it with other values. No model.

    `values` reads the text; it is asked only where a value has to be read.
    """
    language = language_of(text)
    found = library.find_text(text)
    if found is not None:
        saved, arguments = found
        if arguments is not None or not saved.parameters.get("required"):
            choice = [Choice(name=saved.name, probability=1.0)]
            return Detected(
                "saved",
                Detection(probability=1.0, language=language, candidates=choice),
                saved=saved,
                tool=tool_of(saved),
                arguments=arguments or {},
                spans=_stated(text, library, saved, arguments or {}, values, now),
            )
    matched = library.match_template(text)
    if matched is not None:
        saved, raws, spans = matched
        filled = _from_template(saved, raws, spans, values(), now)
        if filled is not None:
            choice = [Choice(name=saved.name, probability=0.99)]
            return Detected(
                "template",
                Detection(probability=0.99, language=language, candidates=choice),
                saved=saved,
                tool=tool_of(saved),
                filled=filled,
            )
    return None


def reused(found: Reuse, language: Language) -> Detected | None:
    """What a decision to reuse means for the text; None where nothing is reused."""
    saved = found.saved
    if found.decision != "reuse" or saved is None:
        return None
    detection = Detection(
        probability=found.score,
        language=language,
        candidates=[Choice(name=saved.name, probability=found.score)],
    )
    if found.filled is not None:
        return Detected("template", detection, saved, tool_of(saved), filled=found.filled)
    return Detected("saved", detection, saved, tool_of(saved), arguments=found.sample or {})


def _stated(
    text: str,
    library: Library,
    saved: Saved,
    arguments: dict[str, Any],
    values: Callable[[], Sequence[Value]],
    now: datetime,
) -> dict[str, list[tuple[int, int]]]:
    """Where the text states the arguments that were saved with it; a sample stands nowhere."""
    if saved.templates:
        matched = library.match_template(text)
        if matched is not None and matched[0].name == saved.name:
            return {f"/{name}": [span] for name, span in matched[2].items()}
    # A sample's text holds no value, and reading it would find none.
    if not arguments or not _MAY_STATE.search(text):
        return {}
    from .readers import evidence

    spans: dict[str, list[tuple[int, int]]] = {}
    for name, value in arguments.items():
        leaves = value if isinstance(value, list) else [value]
        found = [evidence(text, leaf, now=now, values=values()) for leaf in leaves]
        if found and all(found):
            if isinstance(value, list):
                spans |= {f"/{name}/{index}": places[:1] for index, places in enumerate(found)}
            else:
                spans[f"/{name}"] = found[0][:1]
    return spans


_MAY_STATE = re.compile(
    "[0-9０-９二两三四五六七八九十百千万亿半\"'“”‘’「」『』《》]|一(?![个些种段组串])|[A-Z][a-z]+ [A-Z]"
)


def tool_of(saved: Saved) -> Tool:
    """A saved function as the model is shown it."""
    return Tool(
        name=saved.name,
        description=saved.summary or saved.description,
        parameters=saved.parameters,
    )


def _from_template(
    saved: Saved,
    raws: dict[str, str],
    spans: dict[str, tuple[int, int]],
    values: Sequence[Value],
    now: datetime,
) -> Filled | None:
    """The arguments that stand where the template has its names; None if one cannot be read."""
    from .generate.filled import Filled
    from .generate.options import options

    wanted = saved.parameters.get("properties", {})
    arguments: dict[str, Any] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for name, raw in raws.items():
        schema = wanted.get(name, {})
        start, end = spans[name]
        inside = [v for v in values if v.start >= start and v.end <= end] or [
            v for v in values if v.start < end and start < v.end
        ]
        # The place is given by the template, so a part of a larger reading is the whole here.
        moved = [replace(_moved(v, start), note="") for v in inside]
        found = options(raw, name, schema, values=moved, now=now)
        if found is None:
            if schema.get("type") != "string":
                return None
            arguments[name] = raw
        elif found:
            arguments[name] = found[0].value
        else:
            return None
        places[f"/{name}"] = [(start, end)]
    required = saved.parameters.get("required", ())
    missing = tuple(name for name in required if name not in arguments)
    return None if missing else Filled(saved.name, arguments, places)


def _moved(value: Value, by: int) -> Value:
    return replace(value, start=max(0, value.start - by), end=max(0, value.end - by))
