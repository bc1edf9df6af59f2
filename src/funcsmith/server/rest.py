"""REST under `/api`: the contract's objects, the library, the models and the runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from ..contract import Detection, Outcome, Result, dumps
from ..contract import Request as Asked
from ..errors import ModelFileInvalid
from ..library.arguments import fitting
from ..models.cancel import Cancel
from ..trip import Watcher
from .functions import Edited, Editing, Held, Shown, changed, held, shown_of
from .idempotency import once
from .keys import Key, Scope
from .refusal import refusals
from .service import Service
from .stream import leaving, spoken, stages

rest = APIRouter(prefix="/api", responses=refusals())

_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One outcome; with `Accept: text/event-stream` its stages, then it.",
        "content": {
            "application/json": {"example": {"kind": "function", "result": {"value": 120}}},
            "text/event-stream": {"schema": {"type": "string"}},
        },
    },
}


class Running(BaseModel):
    """Arguments by name, for one function of the library or for code of one's own."""

    model_config = ConfigDict(extra="forbid")

    function: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    source: str | None = None
    """Code that defines `function`; without it the library's function is run."""


class Adding(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"source": "def double(n: int) -> int:\n    return 2 * n\n"}},
    )

    source: str
    name: str | None = None
    text: str | None = None
    """A sentence that the function answers."""


class Correcting(BaseModel):
    """What was wrong with an answer, and what is right; kept to be trained on."""

    model_config = ConfigDict(extra="forbid")

    text: str
    what: Literal["arguments", "candidate", "rejected"]
    """arguments: these are right; candidate: the `source` is right; rejected: `function` is not what
    the text asks for."""
    function: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    source: str | None = None
    run: int | None = None


def allowed(scope: Scope) -> Any:
    """The key of a request that may do this."""

    def key(request: Request) -> Key:
        found: Key = request.app.state.access.key(request, scope)
        return found

    return Depends(key)


def service_of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Served = Annotated[Service, Depends(service_of)]
Reads = Annotated[Key, allowed("read")]
Runs = Annotated[Key, allowed("run")]
Writes = Annotated[Key, allowed("write")]


@rest.post("/run", tags=["text"], response_model=Outcome, responses=_STREAMED)
async def run(asked: Asked, request: Request, service: Served, key: Runs) -> Response:
    """One text, one outcome: detect, generate, execute."""
    return await _answered(asked, request, service, key)


@rest.post("/functions", tags=["text"], response_model=Outcome, responses=_STREAMED)
async def functions(asked: Asked, request: Request, service: Served, key: Runs) -> Response:
    """Write and verify a function; nothing is run for the user."""
    asked = asked.model_copy(update={"mode": "function"})
    return await _answered(asked, request, service, key)


@rest.post("/parameters", tags=["text"], response_model=Outcome, responses=_STREAMED)
async def parameters(asked: Asked, request: Request, service: Served, key: Runs) -> Response:
    """Fill the arguments of `functions`, or of the library's; nothing is run."""
    asked = asked.model_copy(update={"mode": "parameters"})
    return await _answered(asked, request, service, key)


@rest.post("/detect", tags=["text"])
async def detect(asked: Asked, request: Request, service: Served, key: Runs) -> Detection:
    """What a text asks for, and the known functions that may answer it."""
    return await service.detect(asked, key, leaving(request))


@rest.post("/execute", tags=["execute"])
async def execute(running: Running, request: Request, service: Served, key: Runs) -> Result:
    """Run a function of the library, or code of one's own, in the fence. No model."""
    return await executed(running, request, service, key)


@rest.get("/library", tags=["library"])
async def listed(
    service: Served,
    key: Reads,
    search: Annotated[str, Query(max_length=20_000)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[Held]:
    """The functions, or those nearest to `search`, best first."""

    def found() -> list[Held]:
        return held(service.library(key), search, limit=limit, offset=offset)

    return await service.threaded(found)


@rest.post("/library", tags=["library"], status_code=201)
async def added(adding: Adding, service: Served, key: Writes) -> Shown:
    """Keep a function of one's own; its docstring's examples give it its verdict."""

    def add() -> Shown:
        from ..generate.own_examples import judged_by_own_examples

        pipeline = service.pipeline(key)
        saved = pipeline.library.add(
            adding.source, name=adding.name, text=adding.text, origin="given"
        )
        service.audit.write(key=key.name, action="add", function=saved.name, source=saved.source)
        return shown_of(judged_by_own_examples(saved, pipeline.library, pipeline.sandbox))

    return await service.threaded(add)


@rest.get("/library/{name}", tags=["library"])
async def shown(name: str, service: Served, key: Reads) -> Shown:
    """One function: its source, its evidence, the texts that it answers."""
    return await service.threaded(lambda: shown_of(service.library(key).get(name)))


@rest.delete("/library/{name}", tags=["library"], status_code=204)
async def removed(name: str, service: Served, key: Writes) -> Response:
    """Take a function out of the library; its files are set aside."""

    def remove() -> None:
        library = service.library(key)
        library.remove(library.get(name).name)
        service.audit.write(key=key.name, action="remove", function=name)

    await service.threaded(remove)
    return Response(status_code=204)


@rest.post("/library/{name}/run", tags=["library"])
async def ran(
    name: str, arguments: dict[str, Any], request: Request, service: Served, key: Runs
) -> Result:
    """Run a function of the library on arguments by name. No model."""
    running = Running(function=name, arguments=arguments)
    return await executed(running, request, service, key)


@rest.post("/library/{name}/edit", tags=["library"])
async def edited(
    name: str, editing: Editing, request: Request, service: Served, key: Writes
) -> Edited:
    """Change a function as a text asks; saved only if its examples hold, or on purpose."""

    def edit(cancel: Cancel) -> Edited:
        return changed(service, key, name, editing, cancel)

    return await service.cancellable(edit, leaving(request))


@rest.post("/corrections", tags=["runs"], status_code=201)
async def correct(correcting: Correcting, service: Served, key: Writes) -> dict[str, Any]:
    """Say what was wrong, and what is right: a record to train on."""
    return await kept_correction(correcting, service, key)


@rest.get("/models", tags=["models"], dependencies=[allowed("read")])
async def models(service: Served) -> list[dict[str, Any]]:
    """The catalogue, which of it is here, and which one serves."""

    def found() -> list[dict[str, Any]]:
        from ..models import catalogue

        rows = []
        for model in catalogue.models():
            try:
                state = "here" if catalogue.locate(model, service.settings) else "absent"
            except ModelFileInvalid:
                state = "damaged"
            rows.append(
                {
                    "name": model.name,
                    "role": model.role,
                    "state": state,
                    "bytes": model.bytes,
                    "sha256": model.sha256,
                    "license": model.license,
                    "serves": model.name == service.model,
                }
            )
        return rows

    return await service.threaded(found)


@rest.get("/runs", tags=["runs"])
async def runs(
    service: Served, key: Reads, limit: Annotated[int, Query(ge=1, le=1000)] = 20
) -> list[dict[str, Any]]:
    """The latest texts that were answered, newest first."""

    def found() -> list[dict[str, Any]]:
        return [
            {name: value for name, value in vars(run).items() if name != "outcome"}
            for run in service.library(key).runs(limit)
        ]

    return await service.threaded(found)


@rest.get("/stats", tags=["runs"])
async def stats(service: Served, key: Reads) -> dict[str, int]:
    """Counts: functions, runs, model calls avoided."""
    return await service.threaded(lambda: service.library(key).stats())


async def _answered(asked: Asked, request: Request, service: Service, key: Key) -> Response:
    gone = leaving(request)

    async def answered(on_event: Watcher | None = None) -> Outcome:
        return await service.run(asked, key, on_event=on_event, gone=gone)

    if "text/event-stream" in request.headers.get("accept", ""):
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(
            stages(answered, spoken(request)), media_type="text/event-stream", headers=headers
        )

    async def written() -> str:
        return (await answered()).to_json()

    body = await once(key, request, dumps(asked.model_dump()), written)
    return Response(body, media_type="application/json")


async def kept_correction(correcting: Correcting, service: Service, key: Key) -> dict[str, Any]:
    """Write a correction down in the home of the key's tenant."""
    from ..library.corrections import corrected

    def keep() -> dict[str, Any]:
        made = corrected(service.library(key), **correcting.model_dump())
        service.audit.write(
            key=key.name, action="correct", function=made.function, source=made.source
        )
        return asdict(made)

    return await service.threaded(keep)


async def executed(running: Running, request: Request, service: Service, key: Key) -> Result:
    """Run what was sent. A client's leaving ends it."""

    def work(cancel: Cancel) -> Result:
        pipeline = service.pipeline(key)
        if running.source is not None:
            name, source, grants, arguments = (
                running.function,
                running.source,
                None,
                running.arguments,
            )
        else:
            saved = pipeline.library.get(running.function)
            name, source = saved.name, pipeline.library.alone(saved).source
            grants = pipeline.library.grants(saved)
            arguments = fitting(saved.name, saved.signature, saved.parameters, running.arguments)
        result = pipeline.sandbox.granted(grants).call(
            source, name, arguments, cancel=lambda: cancel.cancelled
        )
        service.audit.write(
            key=key.name,
            action="execute",
            function=name,
            source=source,
            grants=result.isolation.grants if result.isolation else (),
            status=result.status,
        )
        return result

    return await service.cancellable(work, leaving(request))
