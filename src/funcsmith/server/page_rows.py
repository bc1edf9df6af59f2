"""On a function's page, a file gone over row by row: its columns, the progress, and the result to fetch."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from ..errors import Language
from ..tables.applying import Done, Plan
from ..tables.matching import free_names, guessed
from ..tables.sinks import Written
from ..trip import Event, Watcher
from .form import Field, fields
from .page_words import page_say
from .pieces import form_of, page_language, piece, rendered
from .rest import Runs, Served
from .rows import TYPES, Wanted, applied, attachment, opened, received
from .stream import leaving, stages
from .uploads import UploadNotFound, blocks
from .view import Cell, cell

page_rows = APIRouter(prefix="/page", include_in_schema=False)

FIRST_ROWS = 5
"""Rows of a file that are shown before it is gone over."""
SHOWN_ROWS = 50
"""Rows that are shown with their results, and as many with their errors."""
_MOST_CELLS = 40
_MOST_OPTIONS = 500
_TOLD_SECONDS = 0.2
_FIXED = "value"


@dataclass(frozen=True)
class Choice:
    """One parameter, and the column that it is guessed to be."""

    field: Field
    place: int | None
    options: tuple[tuple[int, str], ...]
    """Columns to choose from, by their places."""

    @property
    def text(self) -> str:
        """Its default as a cell would say it: a choice's form holds JSON."""
        return dict(self.field.choices).get(self.field.text, self.field.text)


@dataclass(frozen=True)
class Row:
    """A row with what came of it."""

    number: int
    cells: tuple[Cell, ...]
    result: Cell
    error: str


@dataclass
class Seen:
    """The first rows of all, and the first with an error: what is shown of a file of any length."""

    first: list[Row] = field(default_factory=list)
    failed: list[Row] = field(default_factory=list)
    rows: int = 0

    def add(self, latest: Sequence[Written]) -> None:
        for number, (cells, result, error) in enumerate(latest, self.rows + 1):
            first = len(self.first) < SHOWN_ROWS
            failed = error is not None and len(self.failed) < SHOWN_ROWS
            if first or failed:
                shown = tuple(map(cell, cells[:_MOST_CELLS]))
                row = Row(number, shown, cell(result), str(error or ""))
                if first:
                    self.first.append(row)
                if failed:
                    self.failed.append(row)
            elif len(self.failed) >= SHOWN_ROWS:
                break
        self.rows += len(latest)


@page_rows.post("/library/{name}/file")
async def chosen(
    name: str, request: Request, service: Served, key: Runs, named: str = ""
) -> Response:
    """A file that was chosen: its first rows, and which column each parameter is."""
    upload = await received(request, service, key, name, named)

    def looked() -> dict[str, Any]:
        source = opened(upload)
        parameters = service.library(key).get(upload.function).parameters
        places = guessed(parameters, source)
        made = fields(parameters, {})
        return {
            "upload": upload,
            "source": source,
            "head": [[cell(one) for one in row[:_MOST_CELLS]] for row in source.head[:FIRST_ROWS]],
            "columns": source.columns[:_MOST_CELLS],
            "choices": [_choice(one, places.get(one.name), source.columns) for one in made],
            "prefix": f"r{secrets.token_hex(4)}",
            "fixed": _FIXED,
        }

    return piece(request, "columns.html", **await service.threaded(looked))


@page_rows.post("/files/{token}/apply")
async def went_over(token: str, request: Request, service: Served, key: Runs) -> Response:
    """The rows as they are done, as events; at last `outcome` with the piece that shows them."""
    language = page_language(request)
    upload = service.uploads.of(token, key)
    wanted = _wanted(await form_of(request), upload.columns)
    gone = leaving(request)

    async def answered(on_event: Watcher) -> dict[str, Any]:
        seen, told = Seen(), 0.0

        def went(plan: Plan, done: Done) -> None:
            nonlocal told
            seen.add(done.latest)
            if time.monotonic() - told >= _TOLD_SECONDS:
                told = time.monotonic()
                share = min(1.0, plan.source.position / max(1, plan.source.size))
                on_event(Event("rows", "note", _said(done, language), {"share": round(share, 3)}))

        done = await applied(upload, wanted, service, key, gone, went)
        html = rendered(
            "applied.html",
            language,
            done=done,
            seen=seen,
            columns=upload.columns[:_MOST_CELLS],
            names=free_names(upload.columns),
            upload=upload,
            saved_as=_result_name(upload.name),
            minutes=round(service.uploads.seconds / 60),
        )
        return {"html": html, "text": _said(done, language)}

    return StreamingResponse(
        stages(answered, language),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


@page_rows.get("/files/{token}")
async def fetched(token: str, service: Served, key: Runs) -> Response:
    """The result, once: when all of it was sent it is removed."""
    upload = service.uploads.of(token, key)
    if not upload.result.is_file():
        raise UploadNotFound({"en": "There is no result of this file.", "zh": "这个文件没有结果。"})

    async def sent() -> AsyncIterator[bytes]:
        async for block in blocks(upload.result):
            yield block
        service.uploads.drop(upload)

    return StreamingResponse(
        sent(),
        media_type=TYPES[upload.result.suffix],
        headers={"Content-Disposition": attachment(_result_name(upload.name))},
    )


def _choice(one: Field, place: int | None, columns: Sequence[str]) -> Choice:
    options = [*enumerate(columns[:_MOST_OPTIONS])]
    if place is not None and place >= _MOST_OPTIONS:
        options.append((place, columns[place]))
    return Choice(one, place, tuple(options))


def _wanted(pairs: Sequence[tuple[str, str]], columns: Sequence[str]) -> Wanted:
    """What the form says of each parameter: a column by its place, a value, or nothing."""
    sent = dict(pairs)
    mapped: dict[str, str] = {}
    fixed: dict[str, str] = {}
    without: list[str] = []
    for key, said in pairs:
        kind, _, name = key.partition(".")
        if kind != "from":
            continue
        if said == _FIXED:
            fixed[name] = sent.get(f"value.{name}", "")
        elif said.isdecimal() and int(said) < len(columns):
            mapped[name] = columns[int(said)]
        else:
            without.append(name)
    return Wanted(mapped, fixed, without)


def _said(done: Done, language: Language) -> str:
    said = page_say(language, "rows_done", count=done.rows)
    if done.failed:
        said += page_say(language, "rows_failed", count=done.failed)
    return said


def _result_name(name: str) -> str:
    path = Path(name)
    ending = ".tsv" if path.suffix.lower() == ".tab" else path.suffix
    return f"{path.stem}-result{ending}"
