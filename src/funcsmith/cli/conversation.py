"""Several texts, one engine: what `funcsmith` does on a terminal when it is given no text."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from ..errors import Language
from .failures import INTERRUPTED, leave
from .quick import Options
from .request import request_of, typed_text
from .screen import Screen
from .stages import Stages, stages_for
from .stopping import unstoppable
from .turn import opened, run_shown
from .words import language_of, locale_language, say

if TYPE_CHECKING:
    from ..contract import Outcome, Request
    from ..pipeline import Pipeline

PROMPT = "› "


def converse(options: Options) -> int:
    """Read texts until the user leaves; an answer to a question goes with the question."""
    language = locale_language()
    screen = Screen()
    stages = stages_for(language)
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # line editing and history come with the import
    # A byte that is not UTF-8 must not end the conversation.
    reconfigure = getattr(sys.stdin, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="surrogateescape")
    screen.line((say(language, "welcome"), "dim"))
    with opened(options, stages) as pipeline:
        return _turns(options, pipeline, stages, screen, language)


def _turns(
    options: Options, pipeline: Pipeline, stages: Stages, screen: Screen, language: Language
) -> int:
    asked: Outcome | None = None
    leaving = False
    while True:
        try:
            text = typed_text(input(PROMPT)).strip()
        except EOFError:
            screen.line("")
            return 0
        except KeyboardInterrupt:
            screen.line("")
            if leaving:
                return INTERRUPTED
            screen.line((say(language, "again_to_leave"), "dim"))
            leaving = True
            continue
        leaving = False
        if text in ("/quit", "/exit", "/q"):
            return 0
        if text == "/help":
            screen.line(say(language, "help"))
        elif text == "/new":
            asked = None
            screen.line((say(language, "forgotten"), "dim"))
        elif text:
            language = language_of(text)
            try:
                request = _asked(options, text, asked)
                outcome = run_shown(pipeline, request, stages, language)
                screen.outcome(outcome, request)
                asked = outcome if outcome.kind == "ask" else None
            except KeyboardInterrupt as stop:
                with unstoppable():
                    leave(stop, text=text)
                leaving = True
            except Exception as error:  # noqa: BLE001  # the next text may work
                leave(error, text=text)


def _asked(options: Options, text: str, question: Outcome | None) -> Request:
    """The request of a turn; after a question it carries what is known so far."""
    request = request_of(options, text)
    return request if question is None else request.model_copy(update={"previous": question})
