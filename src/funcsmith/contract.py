"""One request, one outcome: the two objects that every surface speaks.

Their JSON is the contract with other programs; names are final, fields may be added. What the
objects have in common stands in `objects.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from .objects import Bound, Data
from .schemas import canonical

if TYPE_CHECKING:
    from .errors import FuncsmithError

Kind = Literal["function", "parameters", "ask", "none"]
Mode = Literal["run", "function", "parameters"]
Verdict = Literal["proven", "tested", "agreed", "runs", "unverified"]
Status = Literal["ok", "error", "timeout", "memory", "output", "forbidden", "killed", "not_run"]
Span = tuple[int, int]


@dataclass(kw_only=True)
class Tool(Data):
    """A function offered with the request, as an OpenAI function object; unknown keys are ignored."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def _prepared(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        if "name" not in value and isinstance(value.get("function"), dict):
            value = value["function"]
        prepared = dict(value)
        if "description" in value and value["description"] is None:
            prepared["description"] = ""
        if not isinstance(value.get("parameters", {}), dict):
            prepared["parameters"] = {}
        return prepared

    def __post_init__(self) -> None:
        self.parameters = canonical(self.parameters)


@dataclass(kw_only=True)
class Allowance(Data):
    """What one request may cost; what is not said is as the program has it."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012

    tokens: Annotated[int, Bound("ge", 1)] | None = None
    """Generated tokens, discarded versions included."""
    cpu_seconds: Annotated[float, Bound("gt", 0)] | None = None
    """Of the model on this machine and of the code in the fence."""


@dataclass(kw_only=True)
class Request(Data):
    """What is asked. Only `text` is required; unknown fields are refused by name."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012

    id: str | None = None
    text: str
    mode: Mode = "run"
    header: str | None = None
    functions: list[Tool] | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    now: datetime | date | None = None
    previous: Outcome | None = None
    seed: int = 0
    budget: Allowance = field(default_factory=Allowance)
    """Once it is spent nothing new is begun, and the best so far is the answer."""

    @classmethod
    def _prepared(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        prepared = dict(value)
        if "today" in prepared:
            prepared.setdefault("now", prepared.pop("today"))
        if isinstance(prepared.get("id"), int) and not isinstance(prepared["id"], bool):
            prepared["id"] = str(prepared["id"])
        return prepared

    def __post_init__(self) -> None:
        if not _are_plain(self.__dict__):
            self.__dict__.update(self.model_validate(dict(self.__dict__)).__dict__)

    @classmethod
    def plain(cls, given: Mapping[str, Any]) -> Request | None:
        """The request of fields that all have their types; None where Pydantic has to look."""
        return cls(**given) if "text" in given and _are_plain(given) else None


def _are_plain(given: Mapping[str, Any]) -> bool:
    """Whether these are fields of a request that have their types already."""
    kinds: dict[str, Any] = {
        "id": str,
        "text": str,
        "mode": str,
        "header": str,
        "functions": list,
        "inputs": dict,
        "now": date,
        "previous": Outcome,
        "seed": int,
        "budget": Allowance,
    }
    return (
        all(
            isinstance(value, kinds.get(name, ())) or (value is None and name in _OPTIONAL)
            for name, value in given.items()
        )
        and given.get("mode", "run") in ("run", "function", "parameters")
        and all(isinstance(one, Tool) for one in given.get("functions") or ())
        and all(isinstance(name, str) for name in given.get("inputs", ()))
    )


_OPTIONAL = ("id", "header", "functions", "now", "previous")


@dataclass(kw_only=True)
class Choice(Data):
    """A function that was considered, and how probable it was."""

    name: str
    probability: float


@dataclass(kw_only=True)
class Reuse(Data):
    """Whether a saved function is what the text asks for in other words; decided without a model."""

    decision: Literal["reuse", "adapt", "new"]
    function: str | None = None
    """The saved function that is taken, or that a new one is nearest to."""
    score: float = 0.0
    """How much of the two meanings is common, 0 to 1."""
    reason: str = ""


@dataclass(kw_only=True)
class Detection(Data):
    """What the text asks for, and how sure that is."""

    probability: float = 1.0
    language: Literal["zh", "en"] = "en"
    candidates: list[Choice] = field(default_factory=list)
    reuse: Reuse | None = None


@dataclass(kw_only=True)
class Evidence(Data):
    """One fact about a function that can be checked again: a call, and what it gave."""

    __pydantic_config__ = {"extra": "allow"}  # noqa: RUF012

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
    columns: dict[str, dict[str, str]] | None = None
    """Kind "data": the columns that the function reads of each input, and their types."""

    @classmethod
    def of(cls, fact: Mapping[str, Any]) -> Evidence:
        """A fact as the library keeps it; nothing is checked."""
        made = cls(kind=str(fact.get("kind", "")))
        made.__dict__.update(fact)
        return made


@dataclass(kw_only=True)
class Function(Data):
    """A function with what is known about it."""

    name: str
    signature: str = ""
    source: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    origin: Literal["generated", "library", "given"] = "generated"
    verdict: Verdict = "unverified"
    probability: float | None = None
    signs: dict[str, Any] = field(default_factory=dict)
    """What the probability was computed from: see `generate/calibration.py`."""
    evidence: list[Evidence] = field(default_factory=list)
    counterexamples: list[dict[str, Any]] = field(default_factory=list)
    uncertainty: list[tuple[int, int, float]] = field(default_factory=list)
    readback: str = ""
    written_as: str | None = None
    """The name of a function that was written now; this saved one does the same and was kept."""
    grants: list[str] = field(default_factory=list)
    """What its owner lets it do beyond computing; never taken from a request."""


@dataclass(kw_only=True)
class Isolation(Data):
    """The fence that really ran: its kind, and feature by feature what held."""

    kind: str
    features: dict[str, bool] = field(default_factory=dict)
    grants: list[str] = field(default_factory=list)
    """What its owner let the function do beyond computing: `read /data/sales.csv`."""


@dataclass(kw_only=True)
class Result(Data):
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


@dataclass(kw_only=True)
class Call(Data):
    """One function with its arguments, where each came from, and what it gave."""

    function: str
    arguments: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    probability: float | None = None
    result: Result | None = None


@dataclass(kw_only=True)
class Tokens(Data):
    prompt: int = 0
    generated: int = 0


@dataclass(kw_only=True)
class Seconds(Data):
    detect: float = 0.0
    generate: float = 0.0
    execute: float = 0.0


@dataclass(kw_only=True)
class Cost(Data):
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
    escalated_tokens: Tokens = field(default_factory=Tokens)
    """Those of `tokens` that the server counted, or about as many where it did not say."""


@dataclass(kw_only=True)
class Failure(Data):
    """Our own failure, never the generated code's."""

    code: str
    message: str
    hint: str = ""

    @classmethod
    def of(cls, error: FuncsmithError, language: str) -> Failure:
        """An error of ours, in a language."""
        return cls(code=error.code, message=error.message(language), hint=error.hint(language))


@dataclass(kw_only=True)
class Outcome(Data):
    """What came of one request."""

    id: str | None = None
    kind: Kind = "none"
    detection: Detection = field(default_factory=Detection)
    function: Function | None = None
    calls: list[Call] = field(default_factory=list)
    partial: dict[str, Any] | None = None
    missing: list[str] = field(default_factory=list)
    question: str | None = None
    readings: list[dict[str, Any]] = field(default_factory=list)
    result: Result | None = None
    tokens: Tokens = field(default_factory=Tokens)
    seconds: Seconds = field(default_factory=Seconds)
    cost: Cost = field(default_factory=Cost)
    model: str | None = None
    notes: list[str] = field(default_factory=list)
    """How files that were handed in were read, where that is not plain: encoding, totals left out …"""
    error: Failure | None = None

    @property
    def value(self) -> Any:
        """The last call's value, or None."""
        return self.result.value if self.result is not None else None

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        # A notebook asks for this; what shows it is loaded then.
        from .notebook.display import bundle

        return bundle(self)

    def to_json(self, *, indent: int | None = None) -> str:
        """The serialised outcome: UTF-8 text, lone surrogates escaped."""
        return dumps(self.model_dump(), indent=indent)


def dumps(value: Any, *, indent: int | None = None) -> str:
    """JSON that any UTF-8 stream accepts: readable characters, lone surrogates escaped."""
    text = json.dumps(
        _sayable(value), ensure_ascii=False, indent=indent, allow_nan=False, default=str
    )
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text)


_MOST_BITS = 14_000
"""Python reads and writes no integer of more than 4,300 digits; `repr` still shows it."""


def _sayable(value: Any) -> Any:
    """The value with null for the numbers that JSON has no word for, and days as ISO 8601 has them."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if value.bit_length() <= _MOST_BITS else None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _sayable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sayable(one) for one in value]
    return value
