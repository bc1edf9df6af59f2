"""A template filled in, in the reader's language: the frame of a page, or a piece that goes into one.

Every value is made visible and then escaped; nothing here knows what a route does.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment

from ..cli.words import say as shared_say
from ..errors import FuncsmithError, KeyMissing, Language, RequestInvalid
from .escaping import escaping
from .page_words import EXAMPLES, page_say
from .stream import spoken
from .view import code

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a browser lets any answer of this server do: nothing inline, nothing from elsewhere."""
_MOST_FIELDS = 500
_YEAR = 365 * 24 * 3600
_LANGUAGES: dict[str, Language] = {"zh": "zh", "en": "en"}


def page_language(request: Request) -> Language:
    """The language that the reader switched to, else the browser's."""
    said = request.query_params.get("language") or request.cookies.get("language")
    return _LANGUAGES.get(said or spoken(request), "en")


def failure_piece(request: Request, error: FuncsmithError, headers: dict[str, str]) -> Response:
    """An error of ours as a piece of the page."""
    language = page_language(request)
    html = rendered(
        "failure.html",
        language,
        message=error.message(language),
        hint=error.hint(language),
        wants_key=isinstance(error, KeyMissing),
    )
    return HTMLResponse(html, error.status_code, headers)


def frame(request: Request, template: str, **given: Any) -> Response:
    """A whole page, without anything of the user's; it keeps the language that was switched to."""
    language = page_language(request)
    path = request.url.path
    html = rendered(template, language, path=path, examples=EXAMPLES[language], **given)
    answer = HTMLResponse(html, headers={"Vary": "Accept-Language, Cookie"})
    if request.query_params.get("language") in _LANGUAGES:
        answer.set_cookie("language", language, max_age=_YEAR, httponly=True, samesite="strict")
    return answer


def piece(request: Request, template: str, **given: Any) -> Response:
    """A piece as an answer."""
    return HTMLResponse(rendered(template, page_language(request), **given))


def rendered(template: str, language: Language, **given: Any) -> str:
    """A template with the words of a language."""
    say = functools.partial(page_say, language)
    shared = functools.partial(shared_say, language)
    found = _environment().get_template(template)
    return found.render(say=say, shared=shared, language=language, **given)


async def form_of(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that a browser sent. RequestInvalid for what is none."""
    try:
        body = (await request.body()).decode("utf-8")
        return parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise RequestInvalid(
            {"en": "The form could not be read.", "zh": "无法读取表单。"}
        ) from error


@functools.cache
def _environment() -> Environment:
    environment = escaping(Path(__file__).parent / "templates")
    environment.globals["code"] = code
    return environment
