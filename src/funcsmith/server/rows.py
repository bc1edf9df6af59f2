"""A kept function over every row of a file that a client sends: fenced, without a model.

The file lies in `Uploads` while it is worked on. What is done with its rows is `tables/applying.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

import anyio
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from ..errors import InputInvalid, RequestInvalid
from ..library import Saved
from ..models.cancel import Cancel
from ..tables.applying import Done, Errors, Plan, planned, run
from ..tables.matching import value_for_all
from ..tables.streams import Source
from .keys import Key
from .refusal import refusals
from .rest import Runs, Served
from .service import Service
from .stream import leaving
from .uploads import Upload, blocks

rows = APIRouter(prefix="/api", responses=refusals())

Form = Literal["csv", "tsv", "jsonl"]
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
}
"""The endings of files that are taken, and what they are sent as."""
RESULT_BYTES = 2**28
"""A result may become this large: the rows of a small file may each give a long one."""

_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "format": "binary"}}
        for kind in ("text/csv", "text/tab-separated-values", "application/jsonl")
    },
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rows as they are, with `result` and `error` beside them.",
        "headers": {
            "X-Funcsmith-Rows": {"schema": {"type": "integer"}},
            "X-Funcsmith-Failed": {
                "description": "Rows with an error.",
                "schema": {"type": "integer"},
            },
        },
        "content": {
            "text/csv": {"example": "n,result,error\n3,6,\nx,,n: not a number (x)\n"},
            "text/tab-separated-values": {"schema": {"type": "string"}},
            "application/jsonl": {"schema": {"type": "string"}},
        },
    },
}


class ResultTooLarge(InputInvalid):
    code = "result_too_large"
    status_code = 413


@dataclass(frozen=True)
class Wanted:
    """How the parameters are filled."""

    mapped: Mapping[str, str] = field(default_factory=dict)
    """Parameter → column; the rest go by name."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Parameter → one written value for all rows."""
    without: Sequence[str] = ()
    errors: Errors = "beside"


@rows.post(
    "/library/{name}/apply",
    tags=["library"],
    response_class=StreamingResponse,
    responses=_ANSWER,
    openapi_extra={"requestBody": _BODY},
)
async def apply(
    name: str,
    request: Request,
    service: Served,
    key: Runs,
    columns: Annotated[
        list[str],
        Query(
            alias="map",
            default_factory=list,
            description="PARAMETER=COLUMN, again for more; the rest go by name.",
        ),
    ],
    values: Annotated[
        list[str],
        Query(
            alias="set",
            default_factory=list,
            description="PARAMETER=VALUE, one value for all rows.",
        ),
    ],
    form: Annotated[Form, Query(alias="format")] = "csv",
    errors: Annotated[
        Errors, Query(description="A row with an error: beside it, the end of it all, or left out.")
    ] = "beside",
) -> Response:
    """Run a kept function over every row of the body, a CSV, TSV or JSON Lines file. No model."""
    wanted = Wanted(_pairs(columns, "map"), _pairs(values, "set"), errors=errors)
    upload = await received(request, service, key, name, f"body.{form}")
    with contextlib.ExitStack() as until_sent:
        until_sent.callback(service.uploads.drop, upload)
        done = await applied(upload, wanted, service, key, leaving(request))
        until_sent.pop_all()
    told = {"X-Funcsmith-Rows": str(done.rows), "X-Funcsmith-Failed": str(done.failed)}

    async def sent() -> AsyncIterator[bytes]:
        try:
            async for block in blocks(upload.result):
                yield block
        finally:
            service.uploads.drop(upload)

    return StreamingResponse(sent(), media_type=TYPES[f".{form}"], headers=told)


async def received(
    request: Request, service: Service, key: Key, function: str, named: str
) -> Upload:
    """The body as a file of this server's, and its columns. InputInvalid for what is no table."""
    ending = Path(named).suffix.lower()
    if ending == ".tab":
        ending = ".tsv"
    if ending not in TYPES:
        raise InputInvalid(
            {
                "en": f"{named[:100]} is no CSV, TSV or JSON Lines file by its ending.",
                "zh": f"按扩展名，{named[:100]} 不是 CSV、TSV 或 JSON Lines 文件。",
            },
            hint={"en": "data.csv, data.tsv, data.jsonl", "zh": "data.csv、data.tsv、data.jsonl"},
        )
    found = await service.threaded(lambda: service.library(key).get(function).name)
    upload = service.uploads.new(key, found, named[:200], ending, ending)
    with contextlib.ExitStack() as undone:
        undone.callback(service.uploads.drop, upload)
        with service.uploads.using(upload):
            async with await anyio.open_file(upload.path, "wb") as file:
                async for block in request.stream():
                    await file.write(block)
            source = await service.threaded(opened, upload)
        upload.columns = source.columns
        undone.pop_all()
    return upload


def opened(upload: Upload) -> Source:
    """The file of an upload, looked at; what is wrong with it is said of the name it came with."""
    return Source.opened(str(upload.path), shown=upload.name)


async def applied(
    upload: Upload,
    wanted: Wanted,
    service: Service,
    key: Key,
    gone: Callable[[], Awaitable[None]],
    on_progress: Callable[[Plan, Done], object] | None = None,
) -> Done:
    """Go over the rows. A client's leaving ends it, and leaves no result."""

    def work(cancel: Cancel) -> Done:
        pipeline = service.pipeline(key)
        saved = pipeline.library.get(upload.function)
        alone, grants = pipeline.library.alone(saved), pipeline.library.grants(saved)
        plan = _plan(alone, upload, wanted)
        upload.result.unlink(missing_ok=True)

        def seen(done: Done) -> None:
            if done.position > RESULT_BYTES:
                raise _too_large()
            if on_progress is not None:
                on_progress(plan, done)

        sandbox, status = pipeline.sandbox.granted(grants), "stopped"
        try:
            done = run(
                plan, sandbox, overwrite=True, on_progress=seen, cancel=lambda: cancel.cancelled
            )
            status = "ok"
        finally:
            service.audit.write(
                key=key.name,
                action="apply",
                function=saved.name,
                source=alone.source,
                grants=sandbox.isolation().grants,
                status=status,
            )
        return done

    with service.uploads.using(upload):
        return await service.cancellable(work, gone)


def attachment(name: str) -> str:
    """The header by which a browser saves an answer under a name, whatever stands in it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _pairs(said: Sequence[str], what: str) -> dict[str, str]:
    """`PARAMETER=…` of a query, in two. RequestInvalid where it is none."""
    pairs = [one.partition("=") for one in said]
    for name, equals, value in pairs:
        if not (name and equals):
            raise RequestInvalid(
                {
                    "en": f"{what}={(name + value)[:100]} is not PARAMETER=…",
                    "zh": f"{what}={(name + value)[:100]} 不是 参数=… 的形式。",
                },
                hint=f"?{what}=n=…",
            )
    return {name: value for name, _, value in pairs}


def _plan(saved: Saved, upload: Upload, wanted: Wanted) -> Plan:
    return planned(
        saved,
        str(upload.path),
        str(upload.result),
        mapped=wanted.mapped,
        fixed={
            name: value_for_all(said, saved.parameters, name) for name, said in wanted.fixed.items()
        },
        without=wanted.without,
        errors=wanted.errors,
        shown=upload.name,
    )


def _too_large() -> ResultTooLarge:
    return ResultTooLarge(
        {
            "en": f"The result has more than {RESULT_BYTES:,} bytes.",
            "zh": f"结果超过 {RESULT_BYTES:,} 字节。",
        },
        hint={
            "en": "Send fewer rows at once; `funcsmith apply` has no such bound.",
            "zh": "请减少行数；`funcsmith apply` 没有这个上限。",
        },
    )
