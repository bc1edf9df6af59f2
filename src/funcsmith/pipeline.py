"""From a text to an outcome: detect, generate, execute, remember.

The whole way on one screen is `Pipeline._answer`; what each step does is in the module it is named
after.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .contract import (
    Call,
    Choice,
    Detection,
    Function,
    Outcome,
    Request,
    Result,
    Tool,
)
from .errors import (
    EngineFailed,
    FunctionInvalid,
    FunctionNotFound,
    HomeUnusable,
    ModelUnavailable,
    ModelUnknown,
    SettingInvalid,
    TextEmpty,
    TextTooLong,
)
from .recall import Detected, Further, remembered, reused
from .settings import Settings
from .settings import settings as read_settings
from .starting import start
from .trip import TEXT_LIMIT, Around, Event, LazyEngine, Trip, Turn, Watcher

if TYPE_CHECKING:
    from .execute import Limits, Sandbox
    from .execute.grants import Grants
    from .generate.body import BodyWriter
    from .generate.editing import Edit
    from .generate.examples import Example
    from .generate.filled import Filled
    from .generate.function import FunctionWriter
    from .generate.table_writer import TableWriter
    from .generate.task import Budget, Spending, Task
    from .generate.verdict import Written
    from .library import Library, Saved
    from .models.cancel import Cancel
    from .models.engine import Engine
    from .models.progress import Progress


def run(text: str, **given: Any) -> Outcome:
    """Text in, outcome out, with the default model and the user's own library.

    >>> run("给定一个正整数 n，输出 n 的阶乘。").value  # doctest: +SKIP
    120

    Fields of `Request` go by name: `run("…", header="def f(n: int) -> int:")`. Safe to call from
    several threads; the engine is started once.
    """
    return default_pipeline().run(Request(text=text, **given))


def detect(text: str, **given: Any) -> Detection:
    """What a text asks for: its language, and the known functions that may answer it."""
    return default_pipeline().detect(Request(text=text, **given))


def generate_function(text: str, **given: Any) -> Function | None:
    """Write and verify a function; nothing is executed for the user."""
    return default_pipeline().run(Request(text=text, mode="function", **given)).function


def generate_parameters(text: str, **given: Any) -> Outcome:
    """Only fill arguments, for `functions` or the library; nothing is executed."""
    return default_pipeline().run(Request(text=text, mode="parameters", **given))


_default: Pipeline | None = None
_default_lock = threading.Lock()


def default_pipeline() -> Pipeline:
    """The pipeline that this process shares; its engine ends with the process."""
    global _default  # noqa: PLW0603 - one engine a process
    with _default_lock:
        if _default is None:
            import atexit

            _default = Pipeline()
            atexit.register(_default.close)
        return _default


class Pipeline:
    """The steps, with one engine, one sandbox and one library. Threads may share it.

    Cheap to make: the engine starts when a text first needs it.
    """

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        model: str | None = None,
        adapter: str | None = None,
        engine: Engine | None = None,
        larger: Engine | None = None,
        remote: Engine | None = None,
        library: Library | None = None,
        save: bool = True,
        progress: Progress | None = None,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._settings = settings or read_settings()
        self._model = model or self._settings.model
        self._adapter = adapter or self._settings.adapter
        self._engine = engine
        self._own_engine = engine is None
        self._larger = larger
        self._own_larger = larger is None
        self._remote = remote
        self._own_remote = remote is None
        self._library = library
        self._own_library = library is None
        self._save = save
        self._progress = progress
        self._sandbox = sandbox
        self._lock = threading.RLock()

    def __enter__(self) -> Pipeline:  # noqa: PYI034 - Self needs Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        request: Request,
        *,
        on_event: Watcher | None = None,
        cancel: Cancel | None = None,
        turn: Turn | None = None,
        save: bool = True,
        around: Around | None = None,
    ) -> Outcome:
        """Answer one request. Raises `FuncsmithError` only for failures of ours.

        `turn` is entered when the model is first needed, and left with the answer: a server lets
        requests wait for it there, and only those that need it. `around` is entered with the name of
        each stage (detect, generate, execute): a server traces there. Without `save` this request
        changes nothing in the library, and is not remembered.
        """
        trip = Trip(self, request, on_event, cancel, saves=self._save and save)
        with trip.having(turn, around):
            outcome = self._answer(trip)
        self._remember_run(outcome, trip)
        return outcome

    def detect(
        self, request: Request, *, cancel: Cancel | None = None, turn: Turn | None = None
    ) -> Detection:
        """Only the first step."""
        trip = Trip(self, request, None, cancel, saves=self._save)
        with trip.having(turn):
            found = remembered(trip.text, self.library, values=lambda: trip.values, now=trip.now)
            return (found or self._detected(trip)).detection

    def edit(
        self,
        name: str,
        text: str,
        *,
        seed: int = 0,
        on_event: Watcher | None = None,
        cancel: Cancel | None = None,
    ) -> Edit:
        """A saved function changed as a text asks, beside what it was; `keep_edit` saves it."""
        from .generate.editing import edit
        from .generate.task import Spending

        if not text.strip():
            raise TextEmpty
        if len(text) > TEXT_LIMIT:
            raise TextTooLong(len(text), TEXT_LIMIT)
        saved = self.library.get(name)
        engine = self.engine(on_event)
        return edit(
            saved,
            text,
            engine,
            self._composing,
            spending=Spending(),
            seed=seed,
            cancel=cancel,
            on_text=(lambda piece: on_event(Event("generate", "text", piece)))
            if on_event
            else None,
        )

    def keep_edit(self, edit: Edit) -> Saved:
        """Save a changed function in the place of what it was.

        The texts that the old one answered are not taken over: they ask for what it did.
        """
        written = edit.written
        saved = self.library.add(
            edit.source,
            name=edit.saved.name,
            language=edit.saved.language,
            verdict=written.verdict,
            evidence=edit.evidence,
            probability=written.probability,
            model=self._engine.model if self._engine is not None else None,
            aliases=edit.saved.aliases,
            replace=True,
        )
        from .generate.verification import dependents_again

        dependents_again(saved.name, self.library, self.sandbox)
        return saved

    def warm(self, on_event: Watcher | None = None) -> None:
        """Start the engine now, and have its fixed prompts ready."""
        self.engine(on_event)

    def close(self) -> None:
        """End the engine and close the library."""
        with self._lock:
            engine, self._engine = (
                (self._engine, None) if self._own_engine else (None, self._engine)
            )
            larger, self._larger = (
                (self._larger, None) if self._own_larger else (None, self._larger)
            )
            remote, self._remote = (
                (self._remote, None) if self._own_remote else (None, self._remote)
            )
            library, self._library = (
                (self._library, None) if self._own_library else (None, self._library)
            )
        if engine is not None:
            engine.close()
        if larger is not None:
            larger.close()
        if remote is not None:
            remote.close()
        if library is not None:
            library.close()

    @property
    def model(self) -> str:
        """The model that the engine has, or will have."""
        return self._engine.model if self._engine is not None else self._model

    @property
    def started(self) -> Engine | None:
        """The engine, where one was started."""
        return self._engine

    @property
    def library(self) -> Library:
        with self._lock:
            if self._library is None:
                from .library import Library

                self._library = Library.open(self._settings)
            return self._library

    @property
    def sandbox(self) -> Sandbox:
        from .execute import default_sandbox

        return self._sandbox or default_sandbox()

    @property
    def _composing(self) -> Sandbox:
        """The sandbox for new code, which may call saved functions."""
        from .execute.composing import ComposingSandbox

        return ComposingSandbox(self.sandbox, self.library.whole)

    def engine(self, on_event: Watcher | None = None) -> Engine:
        """The engine, fetched and started where it is not yet."""
        with self._lock:
            if self._engine is None:
                if on_event is not None:
                    on_event(Event("model", "start", self._model))
                self._engine = start(
                    self._model, self._settings, self._progress, adapter=self._adapter
                )
                if on_event is not None:
                    on_event(Event("model", "done", self._engine.model))
            return self._engine

    def _larger_one(self, trip: Trip) -> Engine | None:
        """The larger model of this machine, started where it is not yet; None where none is wanted."""
        name = self._settings.larger_model
        with self._lock:
            if self._larger is None and name is not None and name != self._model:
                trip.say("model", "start", name)
                self._larger = start(name, self._settings, self._progress)
                trip.say("model", "done", self._larger.model)
            return self._larger

    def _server(self, _: Trip) -> Engine | None:
        """The server to ask where the evidence is not there; None where none is configured."""
        with self._lock:
            if self._remote is None and self._settings.remote_url is not None:
                from .models.remote import NAME, Remote

                if self._own_engine and self._model == NAME:
                    return None
                self._remote = Remote.configured(self._settings)
            return self._remote

    # The way of a text

    def _answer(self, trip: Trip) -> Outcome:
        request = trip.request
        if request.previous is not None:
            answered = self._answered(trip, request.previous)
            if answered is not None:
                return answered
        if request.mode == "function" or request.header is not None:
            return self._written(trip, None)
        if trip.of_data and request.functions is None and request.mode == "run":
            return self._over_data(trip)
        with trip.timed("detect"):
            found = None
            if request.functions is None and not request.inputs:
                found = remembered(
                    trip.text, self.library, values=lambda: trip.values, now=trip.now
                )
                if found is None and request.mode == "run":
                    found = self._reused(trip)
            if found is None:
                found = self._detected(trip)
        trip.say("detect", "done", data=found.detection)
        if found.way == "saved" and found.saved is not None:
            return self._recalled(trip, found, found.saved)
        if found.way in ("known", "template") and found.filled is not None:
            return self._called(trip, found, found.filled)
        if found.way == "none" or request.mode == "parameters":
            return trip.outcome("none", found.detection)
        return self._written(trip, found)

    def _reused(self, trip: Trip, *, arguments: bool = True) -> Detected | None:
        """The saved function that the text means in other words; why or why not is remembered."""
        from .contract import Reuse
        from .library.reuse import reuse

        found = reuse(
            trip.text, self.library, values=lambda: trip.values, now=trip.now, arguments=arguments
        )
        trip.reuse = Reuse(
            decision=found.decision,
            function=found.saved.name if found.saved is not None else None,
            score=round(found.score, 4),
            reason=found.reason[trip.language],
        )
        return reused(found, trip.language)

    def _over_data(self, trip: Trip) -> Outcome:
        """A text about data that was handed in: the function saved for it, else a new one."""
        from .generate.saved_over_data import saved_for

        with trip.timed("detect"):
            saved = saved_for(trip.text, trip.request.inputs, self.library)
        if saved is None:
            return self._written(trip, None)
        choice = Choice(name=saved.name, probability=1.0)
        found = Detection(probability=1.0, language=trip.language, candidates=[choice])
        trip.say("detect", "done", data=found)
        return self._recalled(trip, Detected("saved", found, saved), saved)

    def _detected(self, trip: Trip) -> Detected:
        request = trip.request
        tools: Sequence[Tool] | None = request.functions
        must = request.mode == "parameters"
        from .detect import detect as detect_step

        return detect_step(
            trip.text,
            library=None if tools is not None else self.library,
            tools=tools,
            engine=LazyEngine(trip),
            values=trip.values,
            now=trip.now,
            spending=trip.spending,
            given=request.inputs,
            must=must,
            cancel=trip.cancel,
        )

    def _recalled(self, trip: Trip, found: Detected, saved: Saved) -> Outcome:
        """The same text again: the saved function on the same arguments, without the model."""
        saved = self._judged(trip, saved)
        function = self._described(saved, trip.language)
        stored = found.arguments or {}
        # As the signature has them: JSON keeps them sorted.
        arguments = {n: stored[n] for n in function.parameters["properties"] if n in stored}
        trip.avoided = 1
        grants = self.library.grants(saved)
        return self._executed(
            trip, "function", found.detection, function, arguments, found.spans, 1.0, grants
        )

    def _called(self, trip: Trip, found: Detected, filled: Filled) -> Outcome:
        """Known functions with their arguments from the text, one after the other."""
        from .generate.chain import chained, lacking

        assert found.tool is not None
        if trip.uses_no_model:
            trip.avoided = 1
        calls: list[Call] = []
        share = found.detection.probability
        asked = (Further(found.tool, filled, found.saved), *found.further)
        for one in asked:
            if one.filled.missing:
                function = self._function_of(trip, one)
                # What another call should have given is asked for too: that call is not made now.
                missing = (*one.filled.results, *one.filled.missing)
                return trip.asked(found.detection, function, one.filled.arguments, missing)
        for one in asked:
            function = self._function_of(trip, one)
            spans = one.filled.spans
            runs = one.saved is not None and trip.request.mode != "parameters"
            arguments = chained(one.filled, calls, runs=runs)
            if runs and arguments is not None:
                assert one.saved is not None
                grants = self.library.grants(one.saved)
                function, call = self._run(trip, function, arguments, spans, share, grants)
            else:
                error = lacking(calls[-1].function, trip.language) if arguments is None else None
                call = Call(
                    function=one.tool.name,
                    arguments=one.filled.arguments if arguments is None else arguments,
                    spans=spans,
                    probability=share,
                    result=Result(status="not_run", error=error),
                )
            calls.append(call)
        return trip.outcome(
            "parameters", found.detection, function=function, calls=calls, result=calls[-1].result
        )

    def _function_of(self, trip: Trip, one: Further) -> Function:
        if one.saved is not None:
            return self._described(self._judged(trip, one.saved), trip.language)
        return Function(name=one.tool.name, parameters=one.tool.parameters, origin="given")

    def _written(self, trip: Trip, found: Detected | None) -> Outcome:
        """A new function for the text, verified, run and saved."""
        from .generate.described import described
        from .generate.task import Task, examples_of

        request = trip.request
        only = request.mode == "function"
        if only and request.header is None:
            again = self.library.find_text(trip.text)
            if again is not None:
                trip.avoided = 1
                return trip.outcome(
                    "function",
                    Detection(language=trip.language),
                    function=self._described(again[0], trip.language),
                )
            meant = self._reused(trip, arguments=False)
            if meant is not None and meant.saved is not None:
                trip.avoided = 1
                function = self._described(meant.saved, trip.language)
                return trip.outcome("function", meant.detection, function=function)
        engine = trip.engine()
        trip.spending.watch(self.sandbox.cpu_seconds)
        trip.say("generate", "start")
        task = Task(
            trip.text,
            values=trip.values,
            now=trip.now,
            header=request.header,
            examples=examples_of(trip.text, request.header),
            seed=request.seed,
            inputs=request.inputs,
            always=only or request.header is not None,
            call=not only,
        )
        with trip.timed("generate"):
            written = _writer(task)(engine, self._composing, budget=_budget(request)).write(
                task,
                trip.spending,
                cancel=trip.cancel,
                on_text=(lambda piece: trip.say("generate", "text", piece))
                if trip.on_event
                else None,
            )
            trip.stopped()
            written = self._escalated(trip, task, written)
        trip.stopped()
        detection = found.detection if found is not None else Detection(language=trip.language)
        detection = detection.model_copy(update={"probability": round(1 - written.nothing, 4)})
        best = written.best
        if best is None:
            nothing = round(max(written.nothing, 0.5), 4)
            return trip.outcome("none", detection.model_copy(update={"probability": nothing}))
        function = self._alone(described(written, trip.language))
        trip.say("generate", "done", data=function)
        if best.grounding.missing and not only:
            if request.header is None and not best.grounding.spans and _nothing_stated(written):
                return trip.outcome("none", detection)
            return trip.asked(detection, function, best.grounding.arguments, best.grounding.missing)
        if only:
            saved = self._saved(trip, written, function, task.examples)
            return trip.outcome("function", detection, function=saved)
        call = Call(
            function=function.name,
            arguments=best.grounding.arguments,
            spans=best.grounding.spans,
            probability=written.probability,
            result=best.result or Result(status="not_run", error=best.problem),
        )
        function = self._saved(trip, written, function, task.examples)
        call = _renamed(call, trip.renamed).model_copy(update={"function": function.name})
        trip.say("execute", "done", data=call.result)
        trip.seconds.execute += call.result.seconds if call.result else 0.0
        return trip.outcome(
            "function", detection, function=function, calls=[call], result=call.result
        )

    def _escalated(self, trip: Trip, task: Task, local: Written) -> Written:
        """What a larger model and then the server write, each where the evidence is not there yet.

        Kept is what has better evidence. Where both only run, what agrees across two engines counts
        as it does within one.
        """
        from .generate.verdict import better, evident, judged

        chosen = local
        for opened in (self._larger_one, self._server):
            if evident(chosen) or trip.spending.over(_budget(trip.request)):
                break
            try:
                engine = opened(trip)
                if engine is None:
                    continue
                theirs = self._asked_again(trip, task, engine)
            except (EngineFailed, ModelUnavailable, ModelUnknown, SettingInvalid) as failure:
                trip.escalation = trip.escalation or "failed"
                trip.say("generate", "note", failure.message(trip.language))
                continue
            trip.stopped()
            before = chosen
            if better(theirs, before):
                chosen = theirs
            elif theirs.best is not None and before.best is not None and _weighs_calls(task):
                both = (*theirs.candidates, *before.candidates)
                together = judged(both, task, self._composing, nothing=before.nothing)
                if better(together, before):
                    chosen = together
            if chosen is not before and chosen.best is not None:
                trip.escalation = "kept"
                said = chosen.best.completion
                if any(said is one.completion for one in theirs.candidates):
                    trip.writer = engine.model
            elif trip.escalation != "kept":
                trip.escalation = "no_better"
        return chosen

    def _asked_again(self, trip: Trip, task: Task, server: Engine) -> Written:
        from .generate.task import Spending

        trip.say("generate", "start", server.model)
        spent = Spending()
        spent.watch(server.cpu_seconds)
        trip.spending.watch(server.cpu_seconds)
        try:
            # It is asked for evidence, and one version alone is none.
            allowed = _budget(trip.request, spent=trip.spending, at_least=2)
            return _writer(task)(server, self._composing, budget=allowed).write(
                task,
                spent,
                cancel=trip.cancel,
                on_text=(lambda piece: trip.say("generate", "text", piece))
                if trip.on_event
                else None,
            )
        finally:
            trip.spending.join(spent)
            trip.escalated.join(spent)
            trip.escalated_to = server.model

    def _executed(
        self,
        trip: Trip,
        kind: Any,
        detection: Detection,
        function: Function,
        arguments: dict[str, Any],
        spans: dict[str, list[tuple[int, int]]],
        probability: float,
        grants: Grants | None = None,
    ) -> Outcome:
        function, call = self._run(trip, function, arguments, spans, probability, grants)
        return trip.outcome(kind, detection, function=function, calls=[call], result=call.result)

    def _run(
        self,
        trip: Trip,
        function: Function,
        arguments: dict[str, Any],
        spans: dict[str, list[tuple[int, int]]],
        probability: float,
        grants: Grants | None,
    ) -> tuple[Function, Call]:
        """One call run in the fence, and the function with what it was granted."""
        trip.say("execute", "start", data=arguments)
        granted = grants.lines() if grants else []
        function = function.model_copy(update={"grants": granted})
        if granted:
            trip.say("execute", "granted", data=granted)
        with trip.timed("execute"):
            result = self.sandbox.granted(grants).call(
                function.source,
                function.name,
                {**arguments, **(inputs := _inputs_for(function, trip.request.inputs))},
                limits=_limits(inputs),
                now=trip.now.isoformat(),
                cancel=trip.asks_to_stop,
            )
        trip.say("execute", "done", data=result)
        given = {name: {"$ref": f"/inputs/{name}"} for name in inputs} if trip.of_data else {}
        call = Call(
            function=function.name,
            arguments={**arguments, **given},
            spans=spans,
            probability=probability,
            result=result,
        )
        return function, call

    def _answered(self, trip: Trip, previous: Outcome) -> Outcome | None:
        """The text as the answer to a question that an earlier outcome asked."""
        function = previous.function
        if previous.kind != "ask" or function is None or not previous.missing:
            return None
        known = previous.partial or {}
        missing = [name for name in previous.missing if "." not in name]
        schema = function.parameters.get("properties") or {}
        tool = Tool(
            name=function.name,
            description=previous.question or "",
            parameters={
                "type": "object",
                "properties": {name: schema.get(name, {}) for name in missing},
                "required": missing,
            },
        )
        with trip.timed("detect"):
            filled = self._filled_answer(trip, tool)
        if not filled.arguments:
            return None
        arguments = {
            name: {**known, **filled.arguments}[name]
            for name in schema
            if name in known or name in filled.arguments
        }
        detection = Detection(
            probability=previous.detection.probability,
            language=trip.language,
            candidates=previous.detection.candidates,
        )
        if filled.missing:
            return trip.asked(detection, function, arguments, filled.missing)
        kind = "parameters" if function.origin != "generated" else "function"
        if not function.source:
            call = Call(
                function=function.name,
                arguments=arguments,
                spans=filled.spans,
                result=Result(status="not_run"),
            )
            return trip.outcome(
                "parameters", detection, function=function, calls=[call], result=call.result
            )
        grants = self._grants_of(function) if function.origin == "library" else None
        outcome = self._executed(
            trip, kind, detection, function, arguments, filled.spans, 1.0, grants
        )
        if kind == "function" and outcome.result is not None and outcome.result.status == "ok":
            function = self._kept(trip, function, arguments, None)
            outcome = outcome.model_copy(update={"function": function})
        return outcome

    def _grants_of(self, function: Function) -> Grants | None:
        """What the library's function is granted, where an outcome handed in has that very source."""
        try:
            saved = self.library.get(function.name)
        except (FunctionNotFound, FunctionInvalid):
            return None
        alone = self.library.whole(saved.source, saved.name)
        return self.library.grants(saved) if alone == function.source else None

    def _filled_answer(self, trip: Trip, tool: Tool) -> Filled:
        """The answer's values: without the model where there is one way, else chosen by it."""
        from .generate.filled import Filled
        from .generate.filling import settle
        from .generate.kinds import properties
        from .generate.options import options
        from .generate.parameters import choose

        offers = {
            name: options(trip.text, name, schema, values=trip.values, now=trip.now)
            for name, schema in properties(tool).items()
        }
        if len(offers) == 1:
            ((name, offered),) = offers.items()
            if offered is None and len(trip.text) <= 60:
                said = trip.text.strip().rstrip("。.!！")
                start = trip.text.find(said)
                return Filled(tool.name, {name: said}, {f"/{name}": [(start, start + len(said))]})
            if offered and len({repr(o.value) for o in offered}) == 1:
                written = {name: offered[0].value}
                return settle(
                    trip.text, tool, written, offers, values=trip.values, now=trip.now, given={}
                )
        chosen = choose(
            trip.engine(),
            trip.text,
            [tool],
            values=trip.values,
            now=trip.now,
            spending=trip.spending,
            must=True,
            cancel=trip.cancel,
        )
        return chosen.filled or Filled(tool.name)

    # The library

    def _judged(self, trip: Trip, saved: Saved) -> Saved:
        """A function that was edited by hand gets its examples run, once, before it is used."""
        if not saved.edited or not trip.saves:
            return saved
        from .generate.verification import judged_edit

        try:
            return judged_edit(saved, self.library, self.sandbox)
        except HomeUnusable:
            return saved

    def _described(self, saved: Saved, language: str) -> Function:
        function = saved.function()
        alone = self.library.whole(saved.source, saved.name)
        if alone is not saved.source:
            function = function.model_copy(update={"source": alone})
        from .generate.readback import readback

        said = readback(saved.source, saved.parameters, saved.returns, function.evidence, language)
        return function.model_copy(update={"readback": said})

    def _alone(self, function: Function) -> Function:
        """With the saved functions that its source calls, so that it runs alone."""
        alone = self.library.whole(function.source, function.name)
        return function.model_copy(update={"source": alone})

    def _saved(
        self, trip: Trip, written: Written, function: Function, examples: Sequence[Example]
    ) -> Function:
        """Save what was found good; what did not even run is not saved."""
        best = written.best
        assert best is not None
        if trip.request.header is not None or written.verdict == "unverified" or not best.ran:
            return function
        from .generate.verdict import template_spans

        spans = template_spans(best.grounding, examples)
        return self._kept(trip, function, best.grounding.arguments, spans, best.source)

    def _kept(
        self,
        trip: Trip,
        function: Function,
        arguments: dict[str, Any],
        spans: dict[str, tuple[int, int]] | None,
        source: str | None = None,
    ) -> Function:
        """Save a function, or the text for the saved one that does the same.

        `source` is the function as it was written, where it calls saved ones.
        """
        if not trip.saves or (trip.request.inputs and not trip.of_data):
            return function
        template = _template(trip.text, spans or {})
        try:
            if spans is not None and not trip.of_data:
                same = self._same_behaviour(trip, function, arguments)
                if same is not None:
                    return self._kept_before(trip, function, same, arguments, spans)
            saved = self.library.add(
                source or function.source,
                name=function.name,
                text=trip.text if spans is not None else None,
                language=trip.language,
                verdict=function.verdict,
                evidence=[fact.model_dump(exclude_none=True) for fact in function.evidence],
                probability=function.probability,
                model=trip.writer or (self._engine.model if self._engine is not None else None),
                template=template,
                # What was handed in is the user's: of data only the columns are kept, in the evidence.
                sample=arguments if spans is not None and not trip.of_data else None,
            )
        except HomeUnusable as failure:
            trip.say("save", "note", failure.message(trip.language))
            return function
        trip.say("save", "done", saved.name)
        return self._alone(function.model_copy(update={"name": saved.name, "source": saved.source}))

    def _same_behaviour(
        self, trip: Trip, function: Function, arguments: dict[str, Any]
    ) -> Saved | None:
        """A saved function that does the same as this one; the text's nearest are looked at first."""
        from .library.behaviour import same_as

        near = [saved for saved, _ in self.library.search(trip.text, 5)]
        return same_as(
            function.source,
            function.name,
            function.parameters,
            arguments,
            near,
            self.library,
            self.sandbox,
        )

    def _kept_before(
        self,
        trip: Trip,
        function: Function,
        same: Saved,
        arguments: dict[str, Any],
        spans: dict[str, tuple[int, int]],
    ) -> Function:
        """The saved function in the place of a new one that does the same; it gains the text."""
        names = dict(
            zip(function.parameters["properties"], same.parameters["properties"], strict=True)
        )
        trip.renamed = names
        self.library.add_text(
            same.name,
            trip.text,
            sample={names[name]: value for name, value in arguments.items()},
            template=_template(trip.text, {names[n]: span for n, span in spans.items()}),
        )
        trip.say("save", "done", same.name)
        described = self._described(self.library.get(same.name), trip.language)
        return described.model_copy(update={"written_as": function.name})

    def _remember_run(self, outcome: Outcome, trip: Trip) -> None:
        if not trip.saves:
            return
        try:
            self.library.remember_run(outcome.to_json(), trip.text)
        except HomeUnusable as failure:
            trip.say("save", "note", failure.message(trip.language))


def _writer(task: Task) -> type[BodyWriter | FunctionWriter | TableWriter]:
    """Who writes: where only a function is wanted and its name is given, the body is all there is."""
    from .generate.body import BodyWriter, named
    from .generate.function import FunctionWriter
    from .generate.table_writer import TableWriter
    from .tables.table import is_of_data

    if task.header is None and is_of_data(task.inputs):
        return TableWriter
    return BodyWriter if not task.call and named(task) is not None else FunctionWriter


def _budget(request: Request, *, spent: Spending | None = None, at_least: int = 1) -> Budget:
    """What may be spent on a request, or what is left of it."""
    from .generate.task import Budget

    allowed, usual = request.budget, Budget(at_least=at_least)
    tokens, cpu = allowed.tokens, allowed.cpu_seconds
    if spent is not None:
        tokens = max(1, tokens - spent.generated_tokens) if tokens is not None else None
        cpu = max(0.001, cpu - spent.cpu_seconds) if cpu is not None else None
    return replace(
        usual,
        tokens=usual.tokens if tokens is None else tokens,
        answer_tokens=usual.answer_tokens if tokens is None else min(usual.answer_tokens, tokens),
        cpu_seconds=cpu,
    )


def _template(text: str, spans: dict[str, tuple[int, int]]) -> str | None:
    """The text with its values' names in their places; None where none stands or two overlap."""
    from .library import template_of

    try:
        return template_of(text, spans) if spans else None
    except ValueError:
        return None


def _renamed(call: Call, names: dict[str, str]) -> Call:
    """The call with its arguments under the names that a saved function has for them."""
    spans = {
        "/".join(["", names.get(parts[1], parts[1]), *parts[2:]]): found
        for pointer, found in call.spans.items()
        if (parts := pointer.split("/"))
    }
    arguments = {names.get(name, name): value for name, value in call.arguments.items()}
    return call.model_copy(update={"arguments": arguments, "spans": spans})


def _nothing_stated(written: Written) -> bool:
    """Whether a text that states no value was more likely idle than a request."""
    return written.nothing > 0.5


def _weighs_calls(task: Task) -> bool:
    """Whether versions of two engines can be held against each other by what their calls give."""
    from .generate.function import FunctionWriter

    return task.call and _writer(task) is FunctionWriter


def _limits(inputs: dict[str, Any]) -> Limits:
    """What a call on these inputs may use."""
    from .execute import Limits

    if not inputs:
        return Limits()
    from .tables.running import limits_for

    return limits_for(inputs)


def _inputs_for(function: Function, given: dict[str, Any]) -> dict[str, Any]:
    known = function.parameters.get("properties") or {}
    return {name: value for name, value in given.items() if name in known}


__all__ = [
    "Event",
    "Pipeline",
    "default_pipeline",
    "detect",
    "generate_function",
    "generate_parameters",
    "run",
]
