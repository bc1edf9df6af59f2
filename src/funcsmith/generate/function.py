"""Write a function for a text, as often as it takes to know what it is worth.

Greedy first. Where the evidence is not there (an example fails, the code crashes, a value has no
place in the text, the model was unsure, the result is odd) more candidates are written, each asked
for in another way, run in the fence, and grouped by what they give; `verdict.py` chooses. Only
functions are decoded: the answer's beginning is given and decoding stops where the call ends.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract import Result
from ..errors import FuncsmithError
from ..execute import ALLOWED_MODULES, Finding, Sandbox, check
from ..library.signature import signature_of
from ..models.cancel import Cancel
from ..models.engine import Completion, Engine, Message, Prompt, Sampling
from .answer import Answer, read_answer
from .behaviour import stated, told
from .call import Key
from .candidates import (
    Candidate,
    alike,
    code_tokens,
    confident,
    lacking,
    voted,
)
from .certainty import Certainty, certainties
from .dimensions import mistaken
from .grounding import Grounding, ground, unused
from .notes import notes
from .plausibility import implausible, invented, overlooked, places_wanted
from .prompt import FENCE, fixed, prompt
from .source import (
    computes,
    mend,
    of_the_text,
    unread,
    with_constants,
    with_rounding,
    without_defaults,
)
from .task import Budget, Spending, Task, header_name
from .verdict import SAYS_ONLY, Written, agrees, judged, passes
from .wording import requests, tells

_STOP = ("\n```",)
_UNREAD = ("syntax", "nesting")
"""Findings of a source that could not be looked at."""
_IMPORTABLE = "Modules that may be imported: {}.".format(
    ", ".join(name for name in ALLOWED_MODULES if name.partition(".")[0] in sys.stdlib_module_names)
)
_STARTS = ("def ", "import ", "from ", "class ", "@", "#")


def function_prompt(
    task: Task, name: str = "function", *, refused: str = "", whole: bool = False
) -> Prompt:
    """What is asked before a function is written with its call; training asks the same.

    `whole`: nothing of the code is given, whatever header there is.
    """
    text = task.text.strip()
    said = notes(task.values, task.now)
    if said:
        text = f"{text} {said}"
    if task.inputs:
        shapes = "; ".join(f"{name}: {shape(value)}" for name, value in task.inputs.items())
        text = f"{text}\n(given as arguments of these names: {shapes})"
    if task.header is not None and task.header.strip() not in text:
        text = f"{text}\n\n{task.header.strip()}"
    if refused:
        text = f"{text}\n({refused}. {_IMPORTABLE})"
    return prompt(name, text, prefix=FENCE if whole else FENCE + given_code(task))


def given_code(task: Task) -> str:
    """How much of the code is given: the header, where there is one."""
    return "" if task.header is None else task.header.rstrip() + "\n"


class FunctionWriter:
    """Writes functions with one engine and one sandbox."""

    def __init__(self, engine: Engine, sandbox: Sandbox, *, budget: Budget | None = None) -> None:
        self._engine = engine
        self._sandbox = sandbox
        self._budget = budget or Budget()

    def write(
        self,
        task: Task,
        spending: Spending,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
        on_candidate: Callable[[Candidate], object] | None = None,
    ) -> Written:
        """Write, try, and where needed write again."""
        first, nothing = self._greedy(task, spending, cancel, on_text)
        if first is None:
            return Written(None, nothing=nothing)
        candidates = [self._tried(first, task, cancel)]
        if on_candidate is not None:
            on_candidate(candidates[0])
        # One at a time: batches decode no faster here, and many doubts are settled by one.
        for manner in (*_MANNERS[:2], None, *_MANNERS[2:]):
            if not self._doubtful(candidates, task) or spending.over(self._budget):
                break
            if manner is None:
                candidates += self._repaired(candidates, task, spending, cancel)
                continue
            refused = candidates[-1].refused
            candidates += self._another(task, manner, spending, cancel, refused=refused)
        return judged(candidates, task, self._sandbox, nothing=nothing)

    def _greedy(
        self,
        task: Task,
        spending: Spending,
        cancel: Cancel | None,
        on_text: Callable[[str], object] | None,
    ) -> tuple[Candidate | None, float]:
        sampling = self._sampling(task, temperature=0.0, seed=task.seed)
        given = given_code(task)
        completion = self._engine.complete(
            function_prompt(task),
            sampling,
            cancel=cancel,
            on_text=on_text,
        )
        spending.add(completion)
        idle = nothing(completion)
        if given or completion.text.lstrip().startswith(_STARTS):
            candidate = self._candidate(task, completion, given, greedy=True)
            if given or (candidate is not None and _may_go_on(candidate, task)):
                return candidate, idle
            if candidate is not None:
                return None, max(idle, 0.5)
        elif not task.always and (idle > _least_nothing(task) or tells(task.text)):
            return None, max(idle, 0.5)
        # It answered in words, or wrote the result itself: have it begin with a function.
        completion = self._engine.complete(
            function_prompt(task, whole=True),
            replace(sampling, grammar=_FUNCTION),
            cancel=cancel,
            on_text=on_text,
        )
        spending.add(completion)
        forced = self._candidate(task, completion, "", greedy=True)
        if forced is not None and not _may_go_on(forced, task):
            return None, max(idle, 0.5)
        return forced, idle

    def _another(
        self,
        task: Task,
        manner: Manner,
        spending: Spending,
        cancel: Cancel | None,
        *,
        refused: str = "",
    ) -> list[Candidate]:
        """One more version; [] where no function came of it. `refused` is what the last one used."""
        given = given_code(task)
        sampling = self._sampling(
            task, temperature=manner.temperature, seed=task.seed * 1000 + _MANNERS.index(manner) + 1
        )
        if given:
            # A header leaves no other way to ask, only other samples.
            name = "function"
            sampling = replace(sampling, temperature=_TEMPERATURE)
        else:
            name = manner.prompt
            sampling = replace(sampling, grammar=manner.grammar)
        if name != "function":
            self._engine.prepare([fixed("function"), fixed(name)])
        completion = self._engine.complete(
            function_prompt(task, name, refused=refused), sampling, cancel=cancel
        )
        spending.add(completion)
        if not given and not completion.text.lstrip().startswith(_STARTS):
            return []
        candidate = self._candidate(task, completion, given, greedy=False)
        return [] if candidate is None else [self._tried(candidate, task, cancel)]

    def _repaired(
        self,
        candidates: Sequence[Candidate],
        task: Task,
        spending: Spending,
        cancel: Cancel | None,
    ) -> list[Candidate]:
        """A version that crashed or failed an example, written again with what really happened.

        [] where another one gave a result, or where nothing was run that could be told.
        """
        told = [(one, self._went_wrong(one, task)) for one in candidates]
        wrong = next(((one, what) for one, what in told if what and one.completion), None)
        if wrong is None or any(one.usable and one.outcome is not None for one in candidates):
            return []
        one, what = wrong
        assert one.completion is not None
        given, asked = given_code(task), function_prompt(task)
        written = f"{asked.prefix}{one.completion.text.rstrip()}".removesuffix("```").rstrip()
        messages = (
            *asked.messages,
            Message("assistant", f"{written}\n```"),
            Message("user", f"{what} Write it again, right."),
        )
        sampling = self._sampling(task, temperature=0.0, seed=task.seed)
        if not given:
            sampling = replace(sampling, grammar=_FUNCTION)
        completion = self._engine.complete(Prompt(messages, asked.prefix), sampling, cancel=cancel)
        spending.add(completion)
        candidate = self._candidate(task, completion, given, greedy=False)
        return [] if candidate is None else [self._tried(candidate, task, cancel)]

    def _went_wrong(self, candidate: Candidate, task: Task) -> str:
        """What a version did wrong when it was run; "" where it did nothing wrong or was not run."""
        if candidate.failed:
            for example in task.examples:
                now = task.now.isoformat() if task.now else None
                result = stated(self._sandbox, candidate.source, candidate.name, example, now=now)
                if not agrees(result, example):
                    said = f"{example.text.strip()[:200]} does not hold"
                    return f"{said}: it gives {told(result)[:200]}."
        ended = candidate.result
        if ended is not None and ended.status in ("error", "timeout", "memory"):
            return f"It fails: {(ended.error or ended.status)[:200]}."
        return ""

    def _sampling(self, task: Task, *, temperature: float, seed: int) -> Sampling:
        stop: tuple[str, ...] = _STOP
        if task.header is not None:
            stop = (*_STOP, "\ndef ", "\nclass ", "\nif __name__", "\nprint(", "\nassert ", "\n# ")
        return Sampling(
            max_tokens=self._budget.answer_tokens,
            temperature=temperature,
            seed=seed,
            stop=stop,
            # A header is the beginning of the code, so what follows is code anyway.
            grammar=None if task.header is not None else _FUNCTION if task.always else _ANSWER,
            logprobs=3,
        )

    def _candidate(
        self, task: Task, completion: Completion, given: str, *, greedy: bool
    ) -> Candidate | None:
        name = None
        if task.header is not None:
            name = header_name(task.header)
        answer = read_answer(mend(given + completion.text), name=name, given=task.inputs)
        if answer is None:
            return None
        return self._weighed(task, answer, completion, greedy=greedy)

    def _weighed(
        self, task: Task, answer: Answer, completion: Completion, *, greedy: bool
    ) -> Candidate | None:
        source = answer.source
        if task.header is None:
            source = without_defaults(source, answer.name)
        try:
            signature = signature_of(source, answer.name)
        except FuncsmithError:
            return None
        parameters = list(signature.parameters.get("properties", {}))
        grounding = ground(
            task.text,
            answer.arguments,
            parameters,
            values=task.values,
            now=task.now,
            sample_allowed=task.described,
            sure=_by_name(
                certainties(completion, answer.name, in_header=answer.in_header), parameters
            ),
        )
        grounding = _with_inputs(grounding, parameters, task.inputs)
        if grounding.constants:
            source = with_constants(source, answer.name, grounding.constants)
            signature = signature_of(source, answer.name)
            grounding = replace(grounding, constants={})
        problem = answer.problem if task.call and not answer.called else None
        if completion.finish == "length":
            problem = "cut off at the token limit"
        findings = check(source, name=answer.name)
        if findings:
            problem = findings[0].message()
        if not _works_out(source, answer.name, task):
            problem = SAYS_ONLY
        logprobs = [token.logprob for token in code_tokens(completion)] or [0.0]
        left = unused(task.values, [s for spans in grounding.spans.values() for s in spans])
        return Candidate(
            name=answer.name,
            source=source,
            signature=signature,
            grounding=grounding,
            logprob=sum(logprobs) / len(logprobs),
            lowest=min(logprobs),
            greedy=greedy,
            problem=problem,
            refused=_refused(findings),
            completion=completion,
            unused=len(left),
            unread=len(unread(source, answer.name)),
            mistaken=len(mistaken(source, answer.name, grounding, task.values)),
            guessed=len(invented(source, answer.name, task.values)),
            overlooked=len(overlooked(task.text, answer.source, left)),
        )

    def _tried(self, candidate: Candidate, task: Task, cancel: Cancel | None) -> Candidate:
        """The candidate after its examples and its own call were run in the fence."""
        passed = failed = 0
        if candidate.problem is None or candidate.problem.startswith(("no call", "the call")):
            for example in task.examples:
                if passes(self._sandbox, candidate, example, task):
                    passed += 1
                else:
                    failed += 1
        result = None
        if candidate.problem is None and candidate.grounding.complete:
            result = self._run(candidate, task, cancel)
            places = places_wanted(task.text)
            value = result.value
            if isinstance(value, float) and places is not None and round(value, places) != value:
                # The text asks for it, so it is part of the function.
                source = with_rounding(candidate.source, candidate.name, places)
                candidate = replace(candidate, source=source)
                result = self._run(candidate, task, cancel)
        return replace(
            candidate,
            passed=passed,
            failed=failed,
            result=result,
            implausible=result is not None and implausible(task.text, result.value),
        )

    def _run(self, candidate: Candidate, task: Task, cancel: Cancel | None) -> Result:
        return self._sandbox.call(
            candidate.source,
            candidate.name,
            candidate.grounding.arguments,
            now=task.now.isoformat() if task.now else None,
            cancel=(lambda: cancel.cancelled) if cancel is not None else None,
        )

    def _doubtful(self, candidates: list[Candidate], task: Task) -> bool:
        if len(candidates) >= self._budget.candidates:
            return False
        if task.examples:
            return not any(c.passed and not c.failed for c in candidates)
        if len(candidates) < self._budget.at_least:
            return True
        best = voted(candidates)
        short = lacking(candidates)
        if best is None:
            # A missing value that a second version misses too is missing.
            return len(short) < 2 or len(short) * 2 <= len(candidates)
        same = alike(best, candidates)
        if short:
            return len(same) == len(short) or max(len(same), len(short)) < 2
        if len(candidates) == 1:
            return not confident(best)
        same = [c for c in same if not c.unsound]
        sound = [c for c in candidates if c.outcome and not c.unsound]
        return len(same) < 2 or len(same) * 2 <= len(sound)


def _least_nothing(task: Task) -> float:
    """How probable `none` must be to be believed: more where something is asked of stated values."""
    stated = any(v.note not in ("name", "bare") and v.kind != "boolean" for v in task.values)
    return 0.9 if stated and requests(task.text) else 0.65


_A_FUNCTION = r"""code ::= comment? import* "def " name "(" rest
comment ::= "# " [^\n`]{2,160} "\n"
import ::= ("from " | "import ") [a-zA-Z_., ]{2,80} "\n" "\n"? "\n"?
name ::= [^ \n(:`#"']{1,60}
rest ::= [^`]+ ("\n```")?
"""
"""One comment, then code: a small model may otherwise go on commenting until its tokens end."""
_FUNCTION = f"root ::= code\n{_A_FUNCTION}"
_CODE_AT_ONCE = _FUNCTION.replace("comment? ", "")
_ANSWER = _FUNCTION.replace("root ::= ", 'root ::= "none" | ')


def _refused(findings: Sequence[Finding]) -> str:
    """What another version is told to do otherwise.

    Nothing where a file or the network was wanted: asked to do without, the model makes something up.
    """
    if not all(finding.mendable for finding in findings):
        return ""
    told = [finding for finding in findings[:3] if finding.construct not in _UNREAD]
    return "; ".join(finding.message() for finding in told)


@dataclass(frozen=True)
class Manner:
    """A way to ask for one more version, so that two that agree did not err together."""

    prompt: str
    temperature: float
    grammar: str


_TEMPERATURE = 0.7
_MANNERS = (
    # The values as defaults of the header: a third fewer tokens, and as often right; but a value
    # of the text takes the place of a missing one more easily, so this way does not come first.
    Manner("defaults", 0.0, _CODE_AT_ONCE),
    # Without worked examples the model writes as it was trained to.
    Manner("plain", 0.0, _FUNCTION),
    Manner("function", _TEMPERATURE, _FUNCTION),
    Manner("plain", _TEMPERATURE, _FUNCTION),
)


def _with_inputs(
    grounding: Grounding, parameters: Sequence[str], given: dict[str, Any]
) -> Grounding:
    """The user's own values reach the function by name."""
    named = {name: value for name, value in given.items() if name in parameters}
    if not named:
        return grounding
    return replace(
        grounding,
        arguments={
            name: named.get(name, grounding.arguments.get(name))
            for name in parameters
            if name in named or name in grounding.arguments
        },
        missing=tuple(name for name in grounding.missing if name not in named),
    )


def shape(value: Any, depth: int = 0) -> str:
    """What a value looks like, without its values: type, length, names.

    >>> shape([{"city": "上海", "sales": 3}])
    'list of 1 dict with city: str, sales: int'
    """
    if isinstance(value, dict) and depth < 3:
        names = ", ".join(
            f"{key}: {shape(one, depth + 1)}" for key, one in list(value.items())[:20]
        )
        return f"dict with {names}" if names else "dict"
    if isinstance(value, list):
        inner = shape(value[0], depth + 1) if value and depth < 3 else ""
        return f"list of {len(value)} {inner}".strip()
    return type(value).__name__


def nothing(completion: Completion) -> float:
    """The probability that the answer was `none`, from its first token."""
    if not completion.tokens:
        return 0.0
    total = 0.0
    for text, logprob in completion.tokens[0].top or (
        (completion.tokens[0].text, completion.tokens[0].logprob),
    ):
        if text.strip().lower() == "none":
            total += math.exp(logprob)
    return min(total, 1.0)


def _works_out(source: str, name: str, task: Task) -> bool:
    """Whether a function computes something, or was asked for as one whatever it does."""
    if task.always or task.header is not None or _ASKED_AS_CODE.search(task.text):
        return True
    return computes(source, name, task.text)


def _may_go_on(candidate: Candidate, task: Task) -> bool:
    """Whether a first version is good for anything.

    One that only says an answer is written again where that is made of the text's own words
    («把…换成…»); else it is a poem or a piece of knowledge.
    """
    if candidate.problem != SAYS_ONLY:
        return True
    return requests(task.text) and of_the_text(candidate.source, candidate.name, task.text)


_ASKED_AS_CODE = re.compile(
    r"函数|方法|程序|代码|\b(?:function|method|program|code)\b", re.IGNORECASE
)


def _by_name(sure: Mapping[Key, Certainty], parameters: Sequence[str]) -> dict[str, Certainty]:
    """Certainties by the parameters' names, positional ones too."""
    return {
        parameters[key] if isinstance(key, int) else key: certainty
        for key, certainty in sure.items()
        if isinstance(key, str) or key < len(parameters)
    }
