"""What every surface does with the functions of a library: find, show, change, verify. No routes."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..contract import Verdict
from ..library import Library, Saved
from ..models.cancel import Cancel
from .keys import Key
from .service import Service


class Held(BaseModel):
    """A function of the library, as a list shows it."""

    name: str
    signature: str
    summary: str
    verdict: Verdict
    origin: str
    language: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    texts: list[str] = Field(default_factory=list)
    aliases: list[str] = Field(default_factory=list)
    grants: list[str] = Field(default_factory=list)
    problem: str | None = None
    score: float | None = None


class Shown(Held):
    """One function with all that is known of it."""

    source: str
    evidence: list[dict[str, Any]] = Field(default_factory=list)


class Editing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    on_purpose: bool = False
    """Save it also where examples that held before no longer do."""


class Difference(BaseModel):
    """A call that gives something else than it gave, or should give."""

    call: str
    was: str
    now: str


class Edited(BaseModel):
    saved: bool
    function: Shown
    """As it is kept: the changed one only where that was saved."""
    verdict: Verdict
    """Of the changed function, whether it was saved or not."""
    diff: str
    kept: int
    """Examples that hold as before."""
    changed: list[Difference]
    """Examples that no longer hold."""
    effects: list[Difference]
    """Other calls that give something else now."""


class Verified(BaseModel):
    """What running a function's evidence again has shown."""

    state: Literal["holds", "differs", "unchecked", "broken"]
    """unchecked: there was nothing that could be run; broken: the file holds no such function."""
    function: Shown
    """As it is afterwards: `unverified` where anything differs."""
    held: int
    skipped: int
    """Facts that cannot be run again."""
    differences: list[Difference]
    since: list[str]
    """What was otherwise when it was last verified: its source, Python, packages, the model."""


def held(library: Library, search: str, *, limit: int, offset: int = 0) -> list[Held]:
    """The functions nearest to `search`, best first; without it all, by name."""
    if search.strip():
        return [_held(saved, score) for saved, score in library.search(search, limit)]
    return [_held(saved) for saved in library.list()[offset : offset + limit]]


def shown_of(saved: Saved) -> Shown:
    return Shown(**_facts(saved), source=saved.source, evidence=list(saved.evidence))


def changed(service: Service, key: Key, name: str, editing: Editing, cancel: Cancel) -> Edited:
    """A function changed as a text asks; saved only if its examples hold, or on purpose."""
    pipeline = service.pipeline(key)
    with service.lane.turn(cancel):
        made = pipeline.edit(name, editing.text, cancel=cancel)
    keeps = not made.changed or editing.on_purpose
    saved = pipeline.keep_edit(made) if keeps else made.saved
    service.audit.write(key=key.name, action="edit", function=saved.name, source=saved.source)
    return Edited(
        saved=keeps,
        function=shown_of(saved),
        verdict=made.written.verdict,
        diff=made.diff,
        kept=len(made.kept),
        changed=[Difference(**vars(one)) for one in made.changed],
        effects=[Difference(**vars(one)) for one in made.effects],
    )


def verified(service: Service, key: Key, name: str) -> Verified:
    """A function's evidence run again, and its verdict taken back where it no longer holds."""
    from ..generate.verification import verified as run_again

    pipeline = service.pipeline(key)
    found = run_again(pipeline.library.get(name), pipeline.library, pipeline.sandbox)
    assert found is not None  # None is said only of what is asked for changes alone
    saved = found.saved
    service.audit.write(key=key.name, action="verify", function=saved.name, source=saved.source)
    return Verified(
        state=found.state,
        function=shown_of(saved),
        held=found.held,
        skipped=found.skipped,
        differences=[Difference(**vars(one)) for one in found.differences],
        since=[one.what for one in found.changes],
    )


def _held(saved: Saved, score: float | None = None) -> Held:
    return Held(**_facts(saved), score=score)


def _facts(saved: Saved) -> dict[str, Any]:
    return {
        "name": saved.name,
        "signature": saved.signature,
        "summary": saved.summary,
        "verdict": saved.verdict,
        "origin": saved.origin,
        "language": saved.language,
        "parameters": saved.parameters,
        "texts": list(saved.texts),
        "aliases": list(saved.aliases),
        "grants": [f"{kind}: {what}" for kind, what in saved.granted.items() if kind != "seal"],
        "problem": saved.broken,
    }
