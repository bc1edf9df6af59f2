"""An outcome as a notebook shows it: HTML for pages, text for terminals. Needs no IPython.

Nothing here writes HTML: the template does, and escapes every value.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..contract import Outcome, Request
from ..errors import Language

if TYPE_CHECKING:
    from jinja2 import Template

_WORDS = {
    "answer_next": (
        "Answer in the next cell: %funcsmith …   (--new asks something else)",
        "请在下一个单元格回答：%funcsmith …   （--new 改问别的）",
    ),
}


class Shown(Outcome):
    """An outcome that knows what was asked, so that it shows the sentence with its values marked."""

    # A slot is no field: the outcome's JSON stays that of the contract.
    __slots__ = ("request",)
    request: Request

    @classmethod
    def of(cls, outcome: Outcome, request: Request) -> Shown:
        made = object.__new__(cls)
        made.__dict__.update(outcome.__dict__)
        made.request = request
        return made

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return bundle(self, self.request)


def bundle(outcome: Outcome, request: Request | None = None) -> dict[str, str]:
    """The outcome by media type. Without its request there is no sentence to show."""
    shown = {"text/html": html(outcome, request)}
    if request is not None:
        shown["text/plain"] = _text(outcome, request)
    return shown


def html(outcome: Outcome, request: Request | None = None) -> str:
    """One piece of HTML: no script, no address but that of a picture's own bytes."""
    from ..cli.words import language_of
    from ..cli.words import say as shared
    from ..server.page_words import page_say
    from ..server.view import calls_view, cost_words, function_view, marks, result_view

    language: Language = language_of(request.text) if request else outcome.detection.language
    asked = request or Request(text="")
    function = outcome.function if outcome.kind != "none" else None
    calls = calls_view(outcome, asked, language, {})
    failed = {call.result.line for call in calls if call.result and call.result.line}
    if not calls and outcome.result is not None:
        lone = result_view(outcome.result, language)
        failed |= {lone.line} if lone.line else set()
    else:
        lone = None
    return _template().render(
        outcome=outcome,
        language=language,
        marks=marks(asked.text, outcome.calls) if request else (),
        calls=calls,
        lone=lone,
        failed=failed if len(calls) < 2 else set(),
        function=function_view(function, language) if function else None,
        answered_next=request is not None,
        cost=cost_words(outcome, language),
        say=lambda key, **values: page_say(language, key, **values),
        shared=lambda key, **values: shared(language, key, **values),
        own=lambda key: _WORDS[key][language == "zh"],
    )


def _text(outcome: Outcome, request: Request) -> str:
    from ..cli.screen import Screen

    written = io.StringIO()
    Screen(written).outcome(outcome, request)
    return written.getvalue().strip("\n")


@cache
def _template() -> Template:
    from ..server.escaping import escaping

    return escaping(Path(__file__).parent).get_template("outcome.html")
