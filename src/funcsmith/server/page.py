"""The page at `/`: the frames that anyone may see, and under `/page/` the pieces that go into them.

A frame holds nothing of the user's, so it needs no key; every piece asks for one as REST does. A
browser sends no key by itself (`static/key.js` adds it), so a foreign page cannot use it.
"""

from __future__ import annotations

import functools
import json
import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import ValidationError

from ..ask.answer import answer_of
from ..cli.visible import visible
from ..contract import Outcome
from ..contract import Request as Asked
from ..errors import FunctionNotFound, KeyMissing, Language, RequestInvalid
from ..library import Library, Saved
from ..trip import TEXT_LIMIT, Watcher
from .form import arguments_of, fields
from .functions import Editing
from .keys import Key
from .pieces import form_of, frame, page_language, piece, rendered
from .rest import (
    Correcting,
    Reads,
    Running,
    Runs,
    Served,
    Writes,
    edited,
    executed,
    kept_correction,
    removed,
)
from .service import Service
from .stream import leaving, stages
from .versions import steps
from .view import Argument, calls_view, cost_words, function_view, marks, result_view

page = APIRouter(include_in_schema=False)

_RUNS = 100


@page.get("/")
async def ask_page(request: Request) -> Response:
    """Ask."""
    return frame(request, "ask.html", text=request.query_params.get("text", "")[:TEXT_LIMIT])


@page.get("/library")
async def library_page(request: Request) -> Response:
    """The functions."""
    return frame(request, "library.html")


@page.get("/library/{name}")
async def function_page(name: str, request: Request) -> Response:
    """One function."""
    return frame(request, "function.html", name=name)


@page.get("/history")
async def history_page(request: Request) -> Response:
    """The latest texts."""
    return frame(request, "history.html")


@page.get("/page/state")
async def state(request: Request, service: Served) -> Response:
    """Whether the model is loaded."""
    return piece(request, "state.html", service=service)


@page.get("/page/counts")
async def counts(request: Request, service: Served) -> Response:
    """Model calls avoided; nothing without a key, which other pieces ask for."""
    try:
        key = request.app.state.access.key(request, "read")
    except KeyMissing:
        return Response(status_code=204)
    found = await service.threaded(lambda: service.library(key).stats())
    return piece(request, "counts.html", avoided=found["model_calls_avoided"])


@page.post("/page/run")
async def run(asked: Asked, request: Request, service: Served, key: Runs) -> Response:
    """A text's stages as events, at last `outcome` with the piece that shows it."""
    gone = leaving(request)
    language = page_language(request)

    async def answered(on_event: Watcher) -> dict[str, Any]:
        outcome = await service.run(asked, key, on_event=on_event, gone=gone)
        shown = functools.partial(_outcome, outcome, asked, service.library(key), language)
        return {"kind": outcome.kind, "html": await service.threaded(shown)}

    return StreamingResponse(
        stages(answered, language),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


@page.post("/page/call")
async def call(request: Request, service: Served, key: Runs) -> Response:
    """A form's arguments, run without the model: the piece with the result."""
    pairs = await form_of(request)
    sent = dict(pairs)
    running = Running(
        function=sent.get("function", ""),
        arguments=arguments_of(pairs),
        source=_json_text(sent, "source"),
    )
    result = await executed(running, request, service, key)
    shown = result_view(result, page_language(request))
    return piece(request, "result.html", result=shown, ran=True, prefix=sent.get("prefix", ""))


@page.post("/page/correction")
async def correction(request: Request, service: Served, key: Writes) -> Response:
    """What a reader says was wrong with an answer, kept to be trained on."""
    pairs = await form_of(request)
    sent = dict(pairs)
    rejected = sent.get("what") == "rejected"
    correcting = Correcting(
        text=_json_text(sent, "text") or "",
        what="rejected" if rejected else "arguments",
        function=sent.get("function", ""),
        arguments={} if rejected else arguments_of(pairs),
        source=_json_text(sent, "source"),
    )
    await kept_correction(correcting, service, key)
    return piece(request, "corrected.html")


@page.get("/page/library")
async def listed(request: Request, service: Served, key: Reads, search: str = "") -> Response:
    """The functions, or those nearest to `search`."""
    search = search[:TEXT_LIMIT]

    def found() -> list[Saved]:
        library = service.library(key)
        if search.strip():
            return [saved for saved, _ in library.search(search, 50)]
        return library.list()

    rows = await service.threaded(found)
    return piece(request, "functions.html", rows=rows, searched=bool(search.strip()))


@page.get("/page/library/{name}")
async def shown(name: str, request: Request, service: Served, key: Reads) -> Response:
    """One function: form, code, evidence, texts."""
    given = await whole(name, page_language(request), service, key)
    return piece(request, "saved.html", **given)


@page.post("/page/library/{name}/edit")
async def edit(name: str, request: Request, service: Served, key: Writes) -> Response:
    """The function changed as a sentence asks: the difference, and what no longer holds."""
    sent = dict(await form_of(request))
    editing = Editing(text=sent.get("text", ""), on_purpose="on_purpose" in sent)
    made = await edited(name, editing, request, service, key)
    return piece(request, "edited.html", made=made, text=editing.text, name=name)


@page.post("/page/library/{name}/remove")
async def remove(name: str, service: Served, key: Writes) -> Response:
    """Take a function out, then go to the library."""
    await removed(name, service, key)
    return Response(headers={"HX-Redirect": "/library"})


@page.get("/page/history")
async def history(request: Request, service: Served, key: Reads) -> Response:
    """The latest runs."""
    rows = await service.threaded(lambda: service.library(key).runs(_RUNS))
    return piece(request, "runs.html", rows=rows)


@page.get("/page/history/{number}")
async def past(number: int, request: Request, service: Served, key: Reads) -> Response:
    """What came of one run."""
    language = page_language(request)

    def found() -> str:
        library = service.library(key)
        kept = next((one for one in library.runs(_RUNS) if one.id == number), None)
        if kept is None or kept.outcome is None:
            return rendered("gone.html", language)
        try:
            outcome = Outcome.model_validate_json(kept.outcome)
        except ValidationError:
            return rendered("gone.html", language)
        return _outcome(outcome, Asked(text=kept.text), library, language)

    return HTMLResponse(await service.threaded(found))


async def whole(
    name: str, language: Language, service: Service, key: Key, notice: str = ""
) -> dict[str, Any]:
    """What the piece of one function shows; `notice` is what was just done with it."""

    def found() -> dict[str, Any]:
        library = service.library(key)
        saved = library.get(name)
        known = steps(library.history(saved.name))
        return {**_saved(saved, language), "versions": known, "notice": notice, "findings": []}

    return await service.threaded(found)


def _outcome(outcome: Outcome, asked: Asked, library: Library, language: Language) -> str:
    """The piece that shows an outcome."""
    schemas: dict[str, Any] = {}
    sources: dict[str, str | None] = {}
    for one in outcome.calls:
        schemas[one.function], sources[one.function] = _runnable(one.function, outcome, library)
    function = outcome.function
    if function is not None and outcome.kind == "none":
        function = None
    return rendered(
        "outcome.html",
        language,
        prefix=f"o{secrets.token_hex(4)}",
        outcome=outcome,
        marks=marks(asked.text, outcome.calls),
        calls=calls_view(outcome, asked, language, schemas),
        sources=sources,
        function=function_view(function, language) if function is not None else None,
        previous=outcome.model_dump() if outcome.kind == "ask" else None,
        cost=cost_words(outcome, language),
        sentence=_sentence(outcome, asked),
        text=asked.text,
    )


def _sentence(outcome: Outcome, asked: Asked) -> str:
    """The answer as one sentence in the text's language; "" where no good one can be made."""
    if outcome.result is None or outcome.result.status != "ok":
        return ""
    answer = answer_of(outcome, asked)
    return "" if answer.plain else answer.answer


def _runnable(name: str, outcome: Outcome, library: Library) -> tuple[Any, str | None]:
    """The schema of a function that can be run here, and its source where it is not kept."""
    function = outcome.function
    own = function if function is not None and function.name == name else None
    try:
        saved = library.get(name)
    except FunctionNotFound:
        saved = None
    if saved is not None and (own is None or own.source == saved.source):
        return saved.parameters, None
    if own is not None and own.source.strip():
        return own.parameters, own.source
    return None, None


def _saved(saved: Saved, language: Language) -> dict[str, Any]:
    """What the piece of one function shows; its form holds the values of a text it answers."""
    known = set(saved.parameters.get("properties", {}))
    filled = next((o.arguments for o in saved.origins if o.arguments is not None), {})
    given = {name: value for name, value in filled.items() if name in known}
    return {
        "prefix": f"f{secrets.token_hex(4)}",
        "saved": saved,
        "function": function_view(saved.function(), language),
        # What an editor would show otherwise than it is, it would also save otherwise.
        "editable": visible(saved.source) == saved.source,
        "arguments": [Argument(field, "") for field in fields(saved.parameters, given)],
    }


def _json_text(sent: dict[str, str], name: str) -> str | None:
    """A text that a form carries as JSON: the sentence, or the source of a function that is not kept."""
    if name not in sent:
        return None
    try:
        text = json.loads(sent[name])
    except (ValueError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise RequestInvalid({"en": "The form could not be read.", "zh": "无法读取表单。"})
    return text
