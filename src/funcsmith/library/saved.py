"""A saved function: what its two files say, in one object."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from .annotations import Schema
from .signature import FunctionNode, functions_in

if TYPE_CHECKING:
    from ..contract import Function, Verdict

FORMAT = 2
"""The version of the .json beside a function; keys that are not ours are kept as they are."""
VERDICTS = ("unverified", "runs", "agreed", "tested", "proven")
"""From nothing known to the most."""
_OF = 12
"""So much of its hash names the source that a text was saved for."""


@dataclass(frozen=True)
class Origin:
    """A text that a function answers, with the arguments that stood in it."""

    text: str
    arguments: dict[str, Any] | None = None
    """The values of the text, or the sample of a text that only describes."""
    template: str | None = None
    at: str = ""


@dataclass(frozen=True)
class Saved:
    """One function of the library. Frozen: changes go through `Library`."""

    name: str
    """What the source defines and the library calls it."""
    file: str
    """The name of its files, without the ending."""
    source: str = ""
    signature: str = ""
    summary: str = ""
    description: str = ""
    parameters: Schema = field(default_factory=dict)
    returns: Schema = field(default_factory=dict)
    origin: str = "given"
    language: str = "en"
    verdict: str = "unverified"
    probability: float | None = None
    model: str | None = None
    evidence: tuple[dict[str, Any], ...] = ()
    origins: tuple[Origin, ...] = ()
    aliases: tuple[str, ...] = ()
    verified: dict[str, Any] = field(default_factory=dict)
    """What the last verification found, when, and in what environment; empty before the first."""
    granted: dict[str, Any] = field(default_factory=dict)
    """What its owner lets it do beyond computing, as it was written down; `Library.grants` says
    whether that still holds."""
    trust: str = ""
    """The seal of its owner's word that it may run outside the fence; `Library.trusts` says whether
    that still holds."""
    package: dict[str, str] = field(default_factory=dict)
    """The installed package that it was taken from: name, version, licence, module."""
    created: str = ""
    updated: str = ""
    sha256: str = ""
    code: str = ""
    """Equal for two functions that differ only in name, docstring, comments and layout."""
    edited: bool = False
    """Changed by hand since its verdict was reached, so it stands without one."""
    problem: dict[str, str] | None = None
    """Why the file cannot be used, by language."""
    warning: dict[str, str] | None = None
    """What is wrong with the .json, by language; the function itself can be used."""
    path: Path | None = None

    @property
    def broken(self) -> str | None:
        """Why the file cannot be used, in English; None if it can."""
        return self.problem["en"] if self.problem else None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that this function answers."""
        return tuple(origin.text for origin in self.origins)

    @property
    def templates(self) -> tuple[str, ...]:
        return tuple(origin.template for origin in self.origins if origin.template)

    @property
    def taken_from(self) -> str:
        """The package that it comes from, in words; empty where it comes from none."""
        plain = f"{self.package.get('name', '')} {self.package.get('version', '')}".strip()
        licence = self.package.get("licence")
        return f"{plain} ({licence})" if licence else plain

    def accepts(self, names: set[str]) -> bool:
        """Whether arguments of these names would fit the function as it is now."""
        known = self.parameters.get("properties", {})
        if not names <= set(known) and not self.parameters.get("additionalProperties"):
            return False
        return set(self.parameters.get("required", ())) <= names

    def accepts_some(self, names: set[str]) -> bool:
        """Whether the function has parameters of all these names."""
        known = set(self.parameters.get("properties", {}))
        return names <= known or bool(self.parameters.get("additionalProperties"))

    def function(self) -> Function:
        """The same as the contract's `function`, origin "library"."""
        from ..contract import Evidence, Function

        return Function(
            name=self.name,
            signature=self.signature,
            source=self.source,
            parameters=self.parameters,
            origin="library",
            verdict=cast("Verdict", self.verdict),
            probability=self.probability,
            evidence=[Evidence.of(fact) for fact in self.evidence],
        )

    def tool(self) -> dict[str, Any]:
        """The function as an OpenAI tool."""
        described = self.description or self.summary
        shown = {"name": self.name, "description": described, "parameters": self.parameters}
        return {"type": "function", "function": shown}

    def record(self) -> dict[str, Any]:
        """What stands in the .json: all that the source itself does not say."""
        return {
            "format": FORMAT,
            "name": self.name,
            "sha256": self.sha256,
            "origin": self.origin,
            "language": self.language,
            "verdict": self.verdict,
            "probability": self.probability,
            "model": self.model,
            "evidence": list(self.evidence),
            "texts": [{**vars(origin), "of": self.sha256[:_OF]} for origin in self.origins],
            "aliases": list(self.aliases),
            "grants": self.granted,
            "trust": self.trust,  # always: what is left out keeps what the file had
            "package": self.package,
            "verified": self.verified,
            "created": self.created,
            "updated": self.updated,
        }

    def with_record(self, record: dict[str, Any]) -> Saved:
        """This function with what a .json says of it; what is not understood is left out."""
        verdict = record.get("verdict")
        # A text that a merge brought along may have been saved for other code of this name.
        texts = [text for text in _list(record.get("texts")) if _is_of(text, record)]
        return replace(
            self,
            origin=_word(record.get("origin"), self.origin),
            language=_word(record.get("language"), self.language),
            verdict=verdict if verdict in VERDICTS else self.verdict,
            probability=_number(record.get("probability")),
            model=_word(record.get("model"), None),
            evidence=tuple(f for f in _list(record.get("evidence")) if _is_fact(f)),
            origins=tuple(filter(None, map(_origin, texts))),
            aliases=tuple(a for a in _list(record.get("aliases")) if isinstance(a, str)),
            trust=_word(record.get("trust"), ""),
            package={k: v for k, v in _object(record.get("package")).items() if isinstance(v, str)},
            verified=_object(record.get("verified")),
            granted=_object(record.get("grants")),
            created=_word(record.get("created"), ""),
            updated=_word(record.get("updated"), ""),
        )

    def to_row(self) -> str:
        """The whole as JSON, for the index."""
        # Not `asdict`: copying what is written at once was a tenth of making the index again.
        return dumps({**vars(self), "path": None, "origins": list(map(vars, self.origins))})

    @classmethod
    def from_row(cls, row: str, folder: Path) -> Saved:
        known = cls.__dataclass_fields__
        fields = {key: value for key, value in json.loads(row).items() if key in known}
        fields["evidence"] = tuple(fields["evidence"])
        fields["origins"] = tuple(Origin(**origin) for origin in fields["origins"])
        fields["aliases"] = tuple(fields["aliases"])
        fields["path"] = folder / f"{fields['file']}.py"
        return cls(**fields)


def now() -> str:
    """The time as it is written down: UTC, ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="microseconds")


def hashed(source: str) -> str:
    """The hash of a source; the same however git writes its line ends."""
    plain = source.replace("\r\n", "\n")
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def code_of(module: ast.Module, name: str) -> str:
    """The hash of what a source does: its tree without docstrings and the function's name."""
    bodies: list[tuple[FunctionNode | ast.ClassDef, list[ast.stmt]]] = []
    own: list[ast.AST] = []
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if ast.get_docstring(node, clean=False) is not None:
                bodies.append((node, node.body))
                node.body = node.body[1:]
            if node.name == name:
                own.append(node)
        elif isinstance(node, ast.Name) and node.id == name:
            own.append(node)
    try:
        for node in own:
            setattr(node, "id" if isinstance(node, ast.Name) else "name", "·")
        return hashlib.sha256(ast.dump(module).encode("utf-8", "surrogatepass")).hexdigest()
    finally:
        for node in own:
            setattr(node, "id" if isinstance(node, ast.Name) else "name", name)
        for owner, body in bodies:
            owner.body = body


def docstring_of(module: ast.Module, name: str) -> str:
    """The docstring of a function at the top of a file."""
    node = functions_in(module).get(name)
    return (ast.get_docstring(node) or "") if node is not None else ""


def language_of(text: str) -> str:
    """`zh` if there is a Chinese character in the text, else `en`."""
    return "zh" if re.search("[\u3400-\u9fff]", text) else "en"


def dumps(value: Any, *, pretty: bool = False, ordered: bool = False) -> str:
    """JSON in readable characters; lone surrogates are escaped so that UTF-8 can hold it.

    `pretty` is ordered on several lines, `ordered` alone on one.
    """
    text = json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=pretty or ordered,
        indent=2 if pretty else None,
        default=str,
    )
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _origin(value: Any) -> Origin | None:
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return None
    arguments = value.get("arguments")
    return Origin(
        text=value["text"],
        arguments=arguments if isinstance(arguments, dict) else None,
        template=_word(value.get("template"), None),
        at=_word(value.get("at"), ""),
    )


def _is_of(text: Any, record: dict[str, Any]) -> bool:
    of = text.get("of") if isinstance(text, dict) else None
    return not isinstance(of, str) or str(record.get("sha256", "")).startswith(of)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("kind"), str)


def _word(value: Any, otherwise: Any) -> Any:
    return value if isinstance(value, str) else otherwise


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
