"""One request on its way through the pipeline: what was read of it, what has been spent, who watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timezone
from datetime import time as clock
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from .contract import Cost as CostModel
from .contract import Detection, Function, Outcome, Request, Seconds, Tokens
from .errors import Cancelled, TextEmpty, TextTooLong
from .language import language_of

if TYPE_CHECKING:
    from .contract import Reuse
    from .generate.task import Spending
    from .models.cancel import Cancel
    from .models.engine import Engine
    from .pipeline import Pipeline
    from .readers import Value

TEXT_LIMIT = 20_000
"""Code points of a text; more than that is data and belongs into an input."""


@dataclass(frozen=True)
class Event:
    """Something that happened on the way, for whoever watches."""

    stage: str
    """model, detect, generate, verify, execute or save; rows, where a function goes over a file."""
    state: str
    """start, text (a piece of code as it is decoded), note (a sentence) or done."""
    text: str = ""
    data: Any = None


Watcher = Callable[[Event], object]
Turn = Callable[[], AbstractContextManager[None]]
Around = Callable[[str], AbstractContextManager[None]]


class Trip:
    """One request on its way: what was read of it, and what has been spent."""

    def __init__(
        self,
        pipeline: Pipeline,
        request: Request,
        on_event: Watcher | None,
        cancel: Cancel | None,
        *,
        saves: bool,
    ) -> None:
        text = request.text
        if not text.strip():
            raise TextEmpty
        if len(text) > TEXT_LIMIT:
            raise TextTooLong(len(text), TEXT_LIMIT)
        self.pipeline = pipeline
        self.saves = saves
        """Whether what comes of it is kept in the library."""
        self.of_data = False
        """Whether data was handed in: rows, nested values or a text of several lines."""
        self.notes: list[str] = []
        if request.inputs:
            from .handed import handed
            from .tables.table import is_of_data

            read = handed(request.inputs)
            request = request.model_copy(update={"inputs": read.values})
            self.of_data = request.header is None and is_of_data(read.values)
            self.notes = [note[language_of(text)] for note in read.notes]
        self.request = request
        self.on_event = on_event
        self.cancel = cancel
        self.text = text
        self.language = language_of(_spoken(request))
        self.now = _moment(request.now)
        self._spending: Spending | None = None
        self._turn: Turn | None = None
        self._around: Around | None = None
        self._left = ExitStack()
        self.seconds = Seconds()
        self.avoided = 0
        self.reuse: Reuse | None = None
        """What was decided about saved functions of the same meaning, where that was asked."""
        self.renamed: dict[str, str] = {}
        """The saved function's names for the parameters of the one that was written."""
        self.escalated_to: str | None = None
        self.escalation: Literal["kept", "no_better", "failed"] | None = None
        self.writer: str | None = None
        """The server's model, where the function is its own."""

    @cached_property
    def values(self) -> list[Value]:
        """What the readers find in the text; read when first needed."""
        from .readers import read

        return read(self.text, now=self.now)

    @property
    def spending(self) -> Spending:
        if self._spending is None:
            from .generate.task import Spending

            self._spending = Spending()
        return self._spending

    @cached_property
    def escalated(self) -> Spending:
        """What was spent on the server, a part of `spending`."""
        from .generate.task import Spending

        return Spending()

    def engine(self) -> Engine:
        """The pipeline's engine, once it is this request's turn."""
        if self._turn is not None:
            turn, self._turn = self._turn, None
            self._left.enter_context(turn())
        engine = self.pipeline.engine(self.on_event)
        self.spending.watch(engine.cpu_seconds)
        return engine

    @contextmanager
    def having(self, turn: Turn | None, around: Around | None = None) -> Iterator[None]:
        """Within, `turn` is entered when the model is first needed, `around` with each stage."""
        self._turn, self._around = turn, around
        with ExitStack() as self._left:
            yield

    @property
    def uses_no_model(self) -> bool:
        return self._spending is None or self._spending.model_calls == 0

    @property
    def asks_to_stop(self) -> Callable[[], bool] | None:
        cancel = self.cancel
        return (lambda: cancel.cancelled) if cancel is not None else None

    def stopped(self) -> None:
        if self.cancel is not None and self.cancel.cancelled:
            raise Cancelled

    def say(self, stage: str, state: str, text: str = "", *, data: Any = None) -> None:
        if self.on_event is not None:
            self.on_event(Event(stage, state, text, data))

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        if stage == "detect":
            self.say("detect", "start")
        try:
            with self._around(stage) if self._around is not None else nullcontext():
                yield
        finally:
            spent = time.perf_counter() - started
            setattr(self.seconds, stage, getattr(self.seconds, stage) + spent)

    def asked(
        self,
        detection: Detection,
        function: Function,
        partial: dict[str, Any],
        missing: Sequence[str],
    ) -> Outcome:
        from .generate.question import question

        return self.outcome(
            "ask",
            detection,
            function=function,
            partial=dict(partial),
            missing=list(missing),
            question=question(missing, function.parameters, self.language),
        )

    def outcome(self, kind: Any, detection: Detection, **fields: Any) -> Outcome:
        engine = self.pipeline.started
        if self.reuse is not None:
            detection = detection.model_copy(update={"reuse": self.reuse})
        spent = self._spending
        there = self.escalated if self.escalation is not None else None
        seconds = self.seconds.model_copy(
            update={name: round(value, 4) for name, value in self.seconds.model_dump().items()}
        )
        return Outcome(
            id=self.request.id,
            kind=kind,
            detection=detection,
            tokens=Tokens(
                prompt=spent.prompt_tokens if spent else 0,
                generated=spent.generated_tokens if spent else 0,
            ),
            seconds=seconds,
            cost=CostModel(
                model_calls=spent.model_calls if spent else 0,
                model_calls_avoided=self.avoided,
                cpu_seconds=round(spent.cpu_seconds, 3) if spent else 0.0,
                escalated_to=self.escalated_to,
                escalation=self.escalation,
                escalated_calls=there.model_calls if there else 0,
                escalated_tokens=Tokens(
                    prompt=there.prompt_tokens if there else 0,
                    generated=there.generated_tokens if there else 0,
                ),
            ),
            model=engine.model if engine is not None and spent and spent.model_calls else None,
            notes=self.notes,
            **fields,
        )


class LazyEngine:
    """An engine that starts when it is first used: most known calls need none."""

    def __init__(self, trip: Trip) -> None:
        self._trip = trip

    def __getattr__(self, name: str) -> Any:
        return getattr(self._trip.engine(), name)


def _spoken(request: Request) -> str:
    """The words of a text: of one that is a header, its docstring, not its code."""
    header = request.header
    if header is None or request.text.strip() != header.strip():
        return request.text
    import ast

    from .syntax import parse

    try:
        tree = parse(header)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return request.text
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    said = ast.get_docstring(functions[-1]) if functions else None
    return said or request.text


def _moment(now: Any) -> datetime:
    if now is None:
        return datetime.now().astimezone()
    if not isinstance(now, datetime):
        return datetime.combine(now, clock(12, 0)).astimezone()
    return now if now.tzinfo is not None else now.replace(tzinfo=timezone.utc)
