"""Whether a record is true: its values stand in the text, its code passes its own tests.

Nothing is mended here but places: spans are what the readers find, whatever a source had said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..contract import Tool
from ..generate.form import wants_form
from ..generate.kinds import inner_schema, kind_of, properties
from ..generate.members import named
from ..generate.options import options
from ..readers import Value, evidence, read
from .record import Record, Span, pointer, required_of

if TYPE_CHECKING:
    from ..evaluate.trial import Trial

OPEN_LICENCES = frozenset(
    "apache-2.0 mit bsd bsd-2-clause bsd-3-clause isc cc0-1.0 cc-by-3.0 cc-by-4.0 psf-2.0 unlicense"
    " 0bsd own zlib python-2.0".split()
)
"""What may be trained on; «own» is what the user says or made."""
_MOST_TEXT = 2_000


@dataclass(frozen=True)
class Proven:
    """A record with its spans, or why it is left out."""

    record: Record | None
    reason: str = ""


def prove(record: Record, *, trial: Trial | None = None) -> Proven:
    """The record with its spans as the readers find them; without a trial no code is run."""
    if record.licence.strip().lower() not in OPEN_LICENCES:
        return Proven(None, "licence")
    if len(record.text) > _MOST_TEXT:
        return Proven(None, "text too long")
    if record.kind == "none":
        return Proven(record)
    if record.kind == "function":
        return _proven_code(record, trial)
    return _proven_call(record)


def _proven_code(record: Record, trial: Trial | None) -> Proven:
    from .scoring import problem_of

    if record.arguments:
        found = places_of(record, {})
        if isinstance(found, str):
            return Proven(None, found)
        record = record.but(spans=found)
    if not record.tests:
        return Proven(None, "code without a test")
    if trial is not None:
        ruling = trial.judge(problem_of(record), record.source)
        if ruling.passed is None:
            return Proven(None, "code not judged")
        if not ruling.passed:
            return Proven(None, "code fails its tests")
    return Proven(record)


def _proven_call(record: Record) -> Proven:
    tool = record.tool
    assert tool is not None
    misfit = _misfit(tool, record.arguments)
    if misfit:
        return Proven(None, misfit)
    schemas = properties(tool)
    now = datetime.fromisoformat(record.now) if record.now else None
    values = read(record.text, now=now)
    spans: dict[str, list[Span]] = {}
    unstated: list[str] = []
    for name, value in record.arguments.items():
        if value is None:
            continue
        schema = schemas.get(name) or {}
        told = record.spans.get(pointer(name))
        if told and kind_of(inner_schema(schema)) in ("boolean", "enum"):
            # Which words mean a member is no reader's knowledge alone; who made the text knows.
            spans[pointer(name)] = told
            continue
        found = offered_at(record.text, name, schema, value, values=values, now=now) or locate(
            record.text, schema, value, (name,), values=values, now=now
        )
        if found is None:
            unstated.append(name)
        else:
            spans |= found
    for name in record.missing:
        offered = options(record.text, name, schemas.get(name) or {}, values=values, now=now)
        taken = {span for some in spans.values() for span in some}
        if kind_of(inner_schema(schemas.get(name) or {})) not in ("boolean", "enum") and any(
            _free(option.spans, taken) for option in offered or ()
        ):
            return Proven(None, "what is missing may stand in the text")
    if not unstated:
        record = record if spans == record.spans else record.but(spans=_within(record, spans))
        return Proven(record) if _apart(spans) else Proven(None, "one place for two values")
    return _asking(record, tool, unstated, spans, values, now)


def _asking(
    record: Record,
    tool: Tool,
    unstated: Sequence[str],
    spans: dict[str, list[Span]],
    values: Sequence[Value],
    now: datetime | None,
) -> Proven:
    """A question where that is true: the readers know the kind of value, and the text has none."""
    schemas = properties(tool)
    required = required_of(tool)
    for name in unstated:
        offered = options(record.text, name, schemas[name], values=values, now=now)
        if name not in required or offered is None or any(one.spans for one in offered):
            return Proven(None, "a value stands nowhere in the text")
        if kind_of(inner_schema(schemas[name])) in ("boolean", "enum"):
            return Proven(None, "a value stands nowhere in the text")
    kept = {name: one for name, one in record.arguments.items() if name not in unstated}
    missing = tuple(n for n in required if kept.get(n) is None)
    asking = record.but(kind="ask", arguments=kept, spans=spans, missing=missing)
    return Proven(asking, "became ask")


def offered_at(
    text: str,
    name: str,
    schema: dict[str, Any],
    value: Any,
    *,
    values: Sequence[Value],
    now: datetime | None,
) -> dict[str, list[Span]] | None:
    """Where the pipeline would offer this value for this parameter: with its unit, all of a day."""
    if isinstance(value, (bool, list, dict)) or kind_of(inner_schema(schema)) == "enum":
        return None
    for one in options(text, name, schema, values=values, now=now) or ():
        if one.spans and type(one.value) is not bool and one.value == value:
            return {pointer(name): [one.spans[0]]}
    return None


def locate(
    text: str,
    schema: dict[str, Any],
    value: Any,
    steps: tuple[str | int, ...],
    *,
    values: Sequence[Value],
    now: datetime | None = None,
) -> dict[str, list[Span]] | None:
    """Where the text states a value, by JSON Pointer; None where it does not, or not all of it."""
    schema = inner_schema(schema)
    kind = kind_of(schema)
    if isinstance(value, dict):
        inner = schema.get("properties") or {}
        return _all_of(
            text,
            [(key, inner.get(key) or {}, one) for key, one in value.items()],
            steps,
            values,
            now,
        )
    if isinstance(value, list):
        items = schema.get("items") if isinstance(schema.get("items"), dict) else {}
        return _all_of(text, [(at, items, one) for at, one in enumerate(value)], steps, values, now)
    if kind in ("boolean", "enum"):
        found = list(named(text, schema, value, values, now))
        if not found and isinstance(value, bool):
            found = evidence(text, value, values=values, now=now)[:1]
    else:
        found = evidence(text, value, values=values, now=now)
        if not found and kind == "string" and wants_form(str(schema.get("description", ""))):
            found = _before_comma(text, str(value))
    return {pointer(*steps): [found[0]]} if found else None


def _all_of(
    text: str,
    parts: Sequence[tuple[str | int, Any, Any]],
    steps: tuple[str | int, ...],
    values: Sequence[Value],
    now: datetime | None,
) -> dict[str, list[Span]] | None:
    if not parts:
        return None
    spans: dict[str, list[Span]] = {}
    taken: list[Span] = []
    for step, schema, value in parts:
        found = locate(text, schema, value, (*steps, step), values=values, now=now)
        if found is None:
            return None
        for at, places in found.items():
            free = [one for one in _every(text, value, values, now) if one not in taken]
            chosen = free[0] if free and places[0] in taken else places[0]
            taken.append(chosen)
            spans[at] = [chosen]
    return spans


def _every(text: str, value: Any, values: Sequence[Value], now: datetime | None) -> list[Span]:
    return [] if isinstance(value, (dict, list)) else evidence(text, value, values=values, now=now)


def _before_comma(text: str, value: str) -> list[Span]:
    """Boston stands for "Boston, MA"."""
    head = value.partition(",")[0].strip()
    at = text.find(head) if len(head) > 2 else -1
    return [(at, at + len(head))] if at >= 0 else []


def places_of(record: Record, schemas: Mapping[str, Any]) -> dict[str, list[Span]] | str:
    """The spans of all arguments, or why there are none."""
    values = read(record.text)
    spans: dict[str, list[Span]] = {}
    for name, value in record.arguments.items():
        found = locate(record.text, schemas.get(name) or {}, value, (name,), values=values)
        if found is None:
            return "a value stands nowhere in the text"
        spans |= found
    return spans


def _misfit(tool: Tool, arguments: dict[str, Any]) -> str:
    """Why arguments are not of their parameters' types; "" where they are."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    given = {name: value for name, value in arguments.items() if value is not None}
    schema = {**tool.parameters, "type": "object", "required": []}
    try:
        valid = Draft202012Validator(schema).is_valid(given)
    except (SchemaError, TypeError, ValueError, RecursionError):
        return "schema unusable"
    return "" if valid else "a value is not of its type"


def _within(record: Record, spans: dict[str, list[Span]]) -> dict[str, list[Span]]:
    return {at: some for at, some in spans.items() if all(e <= len(record.text) for _, e in some)}


def _apart(spans: dict[str, list[Span]]) -> bool:
    """Whether no two values lie in exactly the same characters."""
    placed = [span for some in spans.values() for span in some[:1]]
    return len(set(placed)) == len(placed)


def _free(spans: Sequence[Span], taken: set[Span]) -> bool:
    return bool(spans) and not any(a < d and c < b for a, b in spans for c, d in taken)


__all__ = ["OPEN_LICENCES", "Proven", "locate", "offered_at", "places_of", "prove"]
