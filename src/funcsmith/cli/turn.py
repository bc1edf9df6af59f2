"""One text: its request, the pipeline, the screen; and the exit code.

`make_pipeline` is the seam: tests put a scripted pipeline there.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import Language
from ..models.cancel import Cancel
from .failures import UsageInvalid, leave
from .quick import Options
from .stages import Stages, stages_for
from .stopping import interruptible, unstoppable
from .visible import visible_json
from .words import language_of

if TYPE_CHECKING:
    from ..contract import Outcome, Request
    from ..models.progress import Progress
    from ..pipeline import Pipeline


def make_pipeline(
    *,
    model: str | None = None,
    adapter: str | None = None,
    save: bool = True,
    progress: Progress | None = None,
) -> Pipeline:
    """The pipeline of this command."""
    from ..pipeline import Pipeline

    return Pipeline(model=model, adapter=adapter, save=save, progress=progress)


def take(options: Options) -> int:
    """Answer one text, or start a conversation where there is none and a terminal to have it on."""
    text = options.text
    try:
        if text is None:
            if sys.stdin is not None and sys.stdin.isatty():
                if options.json or not sys.stdout.isatty():
                    raise _no_text()
                from .conversation import converse

                return converse(options)
            from .request import piped_text

            text = piped_text()
        return _answered(options, text)
    except (BrokenPipeError, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  # the text's language is known here
        with unstoppable():
            return leave(error, text=text or "", as_json=options.json)


def run_shown(pipeline: Pipeline, request: Request, stages: Stages, language: Language) -> Outcome:
    """Run one request while its stages are shown; Ctrl-C stops it."""
    cancel = Cancel()
    with interruptible(cancel), stages.shown(language):
        return pipeline.run(request, on_event=stages.on_event, cancel=cancel)


@contextlib.contextmanager
def opened(options: Options, stages: Stages) -> Iterator[Pipeline]:
    """A pipeline that is closed in good order, whatever the user presses meanwhile."""
    pipeline = make_pipeline(
        model=options.model,
        adapter=options.adapter,
        save=not options.no_save,
        progress=stages,
    )
    try:
        yield pipeline
    finally:
        with unstoppable():
            pipeline.close()


def _answered(options: Options, text: str) -> int:
    from .request import request_of, typed_text

    text = typed_text(text)
    if options.out is not None:
        from ..tables.writing import checked_ending

        checked_ending(options.out)
    request = request_of(options, text)
    language = language_of(text)
    stages = stages_for(language, quiet=options.json)
    with opened(options, stages) as pipeline:
        outcome = run_shown(pipeline, request, stages, language)
        if options.json:
            print(visible_json(outcome.to_json()), flush=True)
        else:
            from .screen import Screen

            Screen().outcome(outcome, request)
        if outcome.result is not None and outcome.result.status == "ok":
            from .results import keep_result

            keep_result(outcome, options, language)
    return 0


def _no_text() -> UsageInvalid:
    return UsageInvalid(
        {"en": "There is no text.", "zh": "没有文本。"},
        hint={"en": 'funcsmith "12 factorial" --json', "zh": "funcsmith «10 的阶乘» --json"},
    )
