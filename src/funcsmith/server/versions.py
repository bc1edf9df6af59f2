"""A kept function's versions: what each was, how it differs from today's, and going back to one. No model."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from ..library import Saved
from ..library.versions import Version
from .functions import Shown, shown_of
from .keys import Key
from .refusal import refusals
from .rest import Reads, Served, Writes
from .service import Service

versions = APIRouter(prefix="/api", responses=refusals())


class Returning(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str | int
    """Its number, its id or the beginning of its hash."""


@dataclass(frozen=True)
class Step:
    """A version, and how many lines came and went with it."""

    version: Version
    added: int
    removed: int


@versions.get("/library/{name}/versions", tags=["library"])
async def listed(name: str, service: Served, key: Reads) -> list[dict[str, Any]]:
    """Every version of a function, the oldest first, each with its source."""

    def found() -> list[dict[str, Any]]:
        known = service.library(key).history(name)
        return [{**one.facts(), "source": one.source} for one in known]

    return await service.threaded(found)


@versions.post("/library/{name}/rollback", tags=["library"])
async def returned(name: str, returning: Returning, service: Served, key: Writes) -> Shown:
    """Go back to a version, which is a new version; what calls the function is verified again."""
    return shown_of(await went_back(name, returning.version, service, key))


async def went_back(name: str, version: str | int, service: Service, key: Key) -> Saved:
    """Put a function back to a version, and run the evidence of what calls it again."""

    def work() -> Saved:
        from ..generate.verification import dependents_again

        pipeline = service.pipeline(key)
        saved = pipeline.library.rollback(name, version)
        service.audit.write(
            key=key.name, action="rollback", function=saved.name, source=saved.source
        )
        dependents_again(saved.name, pipeline.library, pipeline.sandbox)
        return pipeline.library.get(saved.name)

    return await service.threaded(work)


def steps(known: Sequence[Version]) -> list[Step]:
    """The versions with what came and went with each, the newest first."""
    befores = ["", *(one.source for one in known)]
    return [
        Step(one, *_counted(before, one.source))
        for before, one in zip(befores, known, strict=False)
    ][::-1]


def _counted(before: str, after: str) -> tuple[int, int]:
    lines = [*difflib.unified_diff(before.splitlines(), after.splitlines(), n=0)][2:]
    return (
        sum(line.startswith("+") for line in lines),
        sum(line.startswith("-") for line in lines),
    )
