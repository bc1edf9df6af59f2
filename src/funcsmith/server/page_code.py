"""On a function's page, its code through time: what a version was, the way back, and what its owner writes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from .page import whole
from .page_words import page_say
from .pieces import form_of, page_language, piece
from .rest import Reads, Served, Writes
from .rewriting import CodeInvalid, Writing, rewritten
from .versions import went_back

page_code = APIRouter(prefix="/page/library/{name}", include_in_schema=False)


@page_code.get("/versions/{version}")
async def version(
    name: str, version: str, request: Request, service: Served, key: Reads
) -> Response:
    """A version: how today's differs from it, or its code where it does not."""

    def found() -> dict[str, Any]:
        from ..library.history import chosen, difference

        known = service.library(key).history(name)
        one = chosen(known, name, version)
        diff = difference(known, name, one.id, None)
        return {"name": name, "one": one, "diff": diff, "same": known[-1].sha256 == one.sha256}

    return piece(request, "version.html", **await service.threaded(found))


@page_code.post("/rollback")
async def rolled_back(name: str, request: Request, service: Served, key: Writes) -> Response:
    """The function as it is after going back to a version."""
    sent = dict(await form_of(request))
    saved = await went_back(name, sent.get("version", ""), service, key)
    language = page_language(request)
    said = page_say(language, "went_back", number=sent.get("version", "").partition("-")[0])
    return piece(request, "saved.html", **await whole(saved.name, language, service, key, said))


@page_code.post("/source")
async def written(name: str, request: Request, service: Served, key: Writes) -> Response:
    """The function with the code that was written; where that is none, its line beside the editor."""
    sent = dict(await form_of(request))
    language = page_language(request)
    writing = Writing(source=sent.get("source", ""), base=sent.get("base") or None)
    try:
        made = await rewritten(name, writing, service, key)
    except CodeInvalid as error:
        answer = piece(request, "unsaved.html", error=error)
        answer.status_code = error.status_code
        return answer
    said = page_say(language, "code_saved" if made.changed else "edit_same")
    given = await whole(made.saved.name, language, service, key, said)
    given["findings"] = [one.message(language) for one in made.findings]
    answer = piece(request, "saved.html", **given)
    answer.headers["HX-Retarget"] = "#function"
    return answer
