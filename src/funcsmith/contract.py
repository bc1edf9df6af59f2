"""One request, one outcome: the two objects that every surface speaks.

Their JSON is the contract with other programs; names are final, fields may be added.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

if TYPE_CHECKING:
    from .errors import FuncsmithError

Kind = Literal["function", "parameters", "ask", "none"]
Mode = Literal["run", "function", "parameters"]
Verdict = Literal["proven", "tested", "agreed", "runs", "unverified"]
Status = Literal["ok", "error", "timeout", "memory", "output", "forbidden", "killed", "not_run"]
Span = tuple[int, int]

_TYPE_ALIASES = {
    "dict": "object",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "int": "integer",
    "str": "string",
    "tuple": "array",
    "any": "",
}


class Tool(BaseModel):
    """A function offered with the request, as an OpenAI function object; unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore")

    name: str
    description: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _unwrapped(cls, value: Any) -> Any:
        if (
            isinstance(value, dict)
            and "name" not in value
            and isinstance(value.get("function"), dict)
        ):
            return value["function"]
        return value

    @field_validator("description", mode="before")
    @classmethod
    def _described(cls, value: Any) -> Any:
        return "" if value is None else value

    @field_validator("parameters", mode="before")
    @classmethod
    def _schema(cls, value: Any) -> Any:
        return _canonical_types(value) if value is not None else {}


_KINDS = frozenset("object array string number integer boolean null".split())


def _canonical_types(schema: Any) -> dict[str, Any]:
    """The same schema with the types that people write (dict, float …) as JSON Schema names them.

    What is no schema at all (a list of properties, a number for an enum) is left out.
    """
    if not isinstance(schema, dict):
        return {}
    clean: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            if isinstance(value, dict):
                clean[key] = {str(name): _canonical_types(one) for name, one in value.items()}
        elif key == "type":
            named = [_TYPE_ALIASES.get(str(one).lower(), str(one)) for one in _listed(value)]
            known = [one for one in named if one in _KINDS]
            if known:
                clean[key] = known[0] if len(known) == 1 else known
        elif key in ("items", "additionalProperties", "not"):
            if isinstance(value, (dict, bool)):
                clean[key] = value if isinstance(value, bool) else _canonical_types(value)
            if clean.get("items") is True:
                del clean["items"]
        elif key in ("anyOf", "oneOf", "allOf"):
            ways = [_canonical_types(one) for one in _listed(value) if isinstance(one, dict)]
            if ways:
                clean[key] = ways
        elif key == "enum":
            if isinstance(value, list) and value:
                clean[key] = value
        elif key == "required":
            if isinstance(value, list):
                clean[key] = [one for one in value if isinstance(one, str)]
        elif key == "description":
            clean[key] = "" if value is None else str(value)
        else:
            clean[key] = value
    return clean


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Allowance(BaseModel):
    """What one request may cost; what is not said is as the program has it."""

    model_config = ConfigDict(extra="forbid")

    tokens: int | None = Field(default=None, ge=1)
    """Generated tokens, discarded versions included."""
    cpu_seconds: float | None = Field(default=None, gt=0)
    """Of the model on this machine and of the code in the fence."""


class Request(BaseModel):
    """What is asked. Only `text` is required; unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = None
    text: str
    mode: Mode = "run"
    header: str | None = None
    functions: list[Tool] | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    now: datetime | date | None = None
    previous: Outcome | None = None
    seed: int = 0
    budget: Allowance = Field(default_factory=Allowance)
    """Once it is spent nothing new is begun, and the best so far is the answer."""

    @model_validator(mode="before")
    @classmethod
    def _today_is_now(cls, value: Any) -> Any:
        if isinstance(value, dict) and "today" in value:
            value = dict(value)
            today = value.pop("today")
            value.setdefault("now", today)
        return value

    @field_validator("id", mode="before")
    @classmethod
    def _id_is_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Choice(BaseModel):
    """A function that was considered, and how probable it was."""

    name: str
    probability: float


class Reuse(BaseModel):
    """Whether a saved function is what the text asks for in other words; decided without a model."""

    decision: Literal["reuse", "adapt", "new"]
    function: str | None = None
    """The saved function that is taken, or that a new one is nearest to."""
    score: float = 0.0
    """How much of the two meanings is common, 0 to 1."""
    reason: str = ""


class Detection(BaseModel):
    """What the text asks for, and how sure that is."""

    probability: float = 1.0
    language: Literal["zh", "en"] = "en"
    candidates: list[Choice] = Field(default_factory=list)
    reuse: Reuse | None = None


class Evidence(BaseModel):
    """One fact about a function that can be checked again: a call, and what it gave."""

    model_config = ConfigDict(extra="allow")

    kind: str
    """"example" (given by the text or header), "agreement" (between candidates) or "run"."""
    call: str | None = None
    text: str | None = None
    """The words of an example, from which it can be read again."""
    expected: str | None = None
    got: str | None = None
    passed: bool | None = None
    candidates: int | None = None
    inputs: int | None = None
    """On how many generated inputs the candidates agreed."""


class Function(BaseModel):
    """A function with what is known about it."""

    name: str
    signature: str = ""
    source: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    origin: Literal["generated", "library", "given"] = "generated"
    verdict: Verdict = "unverified"
    probability: float | None = None
    signs: dict[str, Any] = Field(default_factory=dict)
    """What the probability was computed from: see `generate/calibration.py`."""
    evidence: list[Evidence] = Field(default_factory=list)
    counterexamples: list[dict[str, Any]] = Field(default_factory=list)
    uncertainty: list[tuple[int, int, float]] = Field(default_factory=list)
    readback: str = ""
    written_as: str | None = None
    """The name of a function that was written now; this saved one does the same and was kept."""
    grants: list[str] = Field(default_factory=list)
    """What its owner lets it do beyond computing; never taken from a request."""


class Isolation(BaseModel):
    """The fence that really ran: its kind, and feature by feature what held."""

    kind: str
    features: dict[str, bool] = Field(default_factory=dict)
    grants: list[str] = Field(default_factory=list)
    """What its owner let the function do beyond computing: `read /data/sales.csv`."""


class Result(BaseModel):
    """What running one call gave. Code that fails is a result too."""

    status: Status
    value: Any = None
    typed: Any = None
    repr: str | None = None
    stdout: str = ""
    error: str | None = None
    limit: str | None = None
    seconds: float = 0.0
    isolation: Isolation | None = None

    @property
    def is_figure(self) -> bool:
        """Whether the value is a picture (a PNG), whose text says nothing to people."""
        return isinstance(self.typed, dict) and list(self.typed) == ["$figure"]


class Call(BaseModel):
    """One function with its arguments, where each came from, and what it gave."""

    function: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    spans: dict[str, list[Span]] = Field(default_factory=dict)
    probability: float | None = None
    result: Result | None = None


class Tokens(BaseModel):
    prompt: int = 0
    generated: int = 0


class Seconds(BaseModel):
    detect: float = 0.0
    generate: float = 0.0
    execute: float = 0.0


class Cost(BaseModel):
    """What was spent, on the local model and on the server that was asked as well."""

    model_calls: int = 0
    model_calls_avoided: int = 0
    cpu_seconds: float = 0.0
    """Of the model on this machine and of the code in the fence, where a model was used."""
    escalated_to: str | None = None
    """The server's model, where it was asked because the evidence was not there."""
    escalation: Literal["kept", "no_better", "failed"] | None = None
    """What came of it: its function was kept, or the local answer stands."""
    escalated_calls: int = 0
    """Those of `model_calls` that went to the server."""
    escalated_tokens: Tokens = Field(default_factory=Tokens)
    """Those of `tokens` that the server counted, or about as many where it did not say."""


class Failure(BaseModel):
    """Our own failure, never the generated code's."""

    code: str
    message: str
    hint: str = ""

    @classmethod
    def of(cls, error: FuncsmithError, language: str) -> Failure:
        """An error of ours, in a language."""
        return cls(code=error.code, message=error.message(language), hint=error.hint(language))


class Outcome(BaseModel):
    """What came of one request."""

    id: str | None = None
    kind: Kind = "none"
    detection: Detection = Field(default_factory=Detection)
    function: Function | None = None
    calls: list[Call] = Field(default_factory=list)
    partial: dict[str, Any] | None = None
    missing: list[str] = Field(default_factory=list)
    question: str | None = None
    readings: list[dict[str, Any]] = Field(default_factory=list)
    result: Result | None = None
    tokens: Tokens = Field(default_factory=Tokens)
    seconds: Seconds = Field(default_factory=Seconds)
    cost: Cost = Field(default_factory=Cost)
    model: str | None = None
    notes: list[str] = Field(default_factory=list)
    """How files that were handed in were read, where that is not plain: encoding, totals left out …"""
    error: Failure | None = None

    @property
    def value(self) -> Any:
        """The last call's value, or None."""
        return self.result.value if self.result is not None else None

    def to_json(self, *, indent: int | None = None) -> str:
        """The serialised outcome: UTF-8 text, lone surrogates escaped."""
        return dumps(self.model_dump(mode="python"), indent=indent)


Request.model_rebuild()


def dumps(value: Any, *, indent: int | None = None) -> str:
    """JSON that any UTF-8 stream accepts: readable characters, lone surrogates escaped."""
    text = json.dumps(
        _sayable(value), ensure_ascii=False, indent=indent, allow_nan=False, default=str
    )
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)


_MOST_BITS = 14_000
"""Python reads and writes no integer of more than 4,300 digits; `repr` still shows it."""


def _sayable(value: Any) -> Any:
    """The value with null for the numbers that JSON has no word for."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if value.bit_length() <= _MOST_BITS else None
    if isinstance(value, dict):
        return {key: _sayable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sayable(one) for one in value]
    return value
