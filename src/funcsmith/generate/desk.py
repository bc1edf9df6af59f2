"""The versions of one function: asked for, tried on examples and inputs, and judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract import Evidence, Result, Verdict
from ..errors import Cancelled, FuncsmithError
from ..execute import Sandbox, check
from ..library.signature import signature_of
from ..models.cancel import Cancel
from ..models.engine import Completion, Engine, Message, Prompt, Sampling
from .answer import read_answer
from .behaviour import (
    Agreement,
    Behaviour,
    agreement,
    apart,
    call_of,
    fact_of,
    gives,
    observed,
    stated,
    told,
)
from .calibration import Signs, probability
from .calls import ordinary, read_calls, samples_of
from .candidates import Candidate
from .grounding import Grounding
from .inputs import tries
from .prompt import FENCE, prompt
from .source import mend, with_docstring, with_lines_of
from .task import Budget, Spending, Task
from .verdict import Written, docstring, written_call

_STOP = ("\n```", "\ndef ", "\nclass ", "\nif __name__", "\nprint(", "\nassert ", "\n# ", "\n@")

_NAMED = r"""root ::= first [^`\n]* "\n    " [^"'`] [^`]* ("\n```")?
first ::= [a-zA-Z_*)] | [^\x00-\x7f]
"""
"""What follows a name: parameters, never the values of an example, and no docstring."""


@dataclass(frozen=True)
class Round:
    """Several versions asked for at a time, in one way."""

    prompt: str
    versions: int
    temperature: float


GREEDY = "body"
"""The prompt of the likeliest version."""
_WARM = 0.8
"""The temperature of a repair that is to be another than the likeliest."""
_SURE = -0.055
"""Mean log-probability above which one version that passes its examples is enough."""
_REPAIRED_OTHERWISE = 2
"""The likeliest repair is often the same mistake again."""
_LEAD = 3
"""So many versions must do the same, and more than half of those that pass the examples."""
_PROVEN = 0.75
"""So much of all that was written must do the same for a proof."""


@dataclass(frozen=True)
class _Version:
    """One version with what its examples and the inputs gave."""

    candidate: Candidate
    given: tuple[Result, ...] = ()
    """What it gave for each example."""
    behaviour: Behaviour | None = None

    @property
    def passes(self) -> bool:
        return self.candidate.problem is None and self.candidate.failed == 0


def body_prompt(task: Task, given: str, name: str = GREEDY) -> Prompt:
    """What is asked before a function is written that begins with `given`; training asks the same."""
    text, header = task.text.strip(), task.header
    apart = "" if header is not None and text in header else text
    # What the answer begins with need not be asked as well: a third of the prompt.
    block = f"{FENCE}{given}```" if header is not None and name != "body" else ""
    said = "\n\n".join(one for one in (apart, block) if one)
    return prompt(name, said or "Complete the function.", prefix=FENCE + given)


class Desk:
    """The versions of one function, and the inputs that they are tried on."""

    def __init__(
        self,
        task: Task,
        engine: Engine,
        sandbox: Sandbox,
        spending: Spending,
        name: str,
        given: str,
        cancel: Cancel | None = None,
        budget: Budget | None = None,
        refuse: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """`given` is what every version of the function `name` begins with.

        `refuse` says why a source that could be run is not what was asked for.
        """
        self._task, self._engine, self._sandbox = task, engine, sandbox
        self._spending, self._cancel, self._budget = spending, cancel, budget or Budget()
        self._name, self._given, self._refuse = name, given, refuse
        self._tries: list[dict[str, Any]] | None = None
        # Of one request no two are the same, also where a version came to nothing.
        self._seed = task.seed * 1000 + 1
        self.versions: list[_Version] = []

    # Writing

    def greedy(self, on_text: Callable[[str], object] | None, way: str = GREEDY) -> None:
        """The likeliest version, by the prompt of this name."""
        completion = self._engine.complete(
            self.prompt(way), self._sampling(), cancel=self._cancel, on_text=on_text
        )
        self._take([completion], greedy=True)

    def round(self, step: Round) -> None:
        """Several versions at a time, each with a seed of its own."""
        samplings = [
            replace(self._sampling(), temperature=step.temperature, seed=self._seed + place)
            for place in range(step.versions)
        ]
        self._seed += step.versions
        found = self._engine.candidates(self.prompt(step.prompt), samplings, cancel=self._cancel)
        self._take(found)

    def repair(self) -> None:
        """The nearest version again, with what it gave for an example that it fails."""
        nearest = max(
            (one for one in self.versions if one.given),
            key=lambda one: (one.candidate.passed, one.candidate.logprob),
            default=None,
        )
        if nearest is None:
            return
        wrong = next(
            (
                (example, result)
                for example, result in zip(self._task.examples, nearest.given, strict=True)
                if not gives(result, example.expected)
            ),
            None,
        )
        if wrong is None:
            return
        example, result = wrong
        call = call_of(example, self._name)
        self._corrected(
            nearest,
            f"{call} must give {example.expected!r}, but this gives {_short(told(result))}.",
            others=_REPAIRED_OTHERWISE,
        )

    def mend_crash(self) -> None:
        """The best version again, with an ordinary input on which it crashes, where there is one.

        What comes of it is taken only where it does the same on all the other inputs.
        """
        best = self._best()
        if best is None or best.behaviour is None:
            return
        place = next((at for at in self._crashes(best) if self._ordinary(at)), None)
        if place is not None:
            call = written_call(self._name, self._inputs()[place])
            error = _LINE.sub("", best.behaviour.results[place].error or "")
            self._corrected(best, f"{call} fails: {_short(error)}.")

    def _crashes(self, version: _Version) -> list[int]:
        """The inputs on which a version fails where it does not mean to: no `raise` of its own."""
        assert version.behaviour is not None
        lines = version.candidate.source.splitlines()
        found: list[int] = []
        for place, result in enumerate(version.behaviour.results):
            at = _LINE.search(result.error or "")
            if result.status != "error" or at is None or int(at["line"]) > len(lines):
                continue
            if "raise" not in lines[int(at["line"]) - 1]:
                found.append(place)
        return found

    def _ordinary(self, place: int) -> bool:
        """Whether an input is like those of the examples, or plainer."""
        given = [
            value
            for example in self._task.examples
            for value in (*example.arguments, *example.keywords.values())
        ]
        return ordinary(list(self._inputs()[place].values()), given)

    def _corrected(self, version: _Version, what: str, *, others: int = 0) -> None:
        """Ask for a version again, saying what is wrong with it; with `others` at a temperature."""
        asked = self.prompt("complete")
        said = f"{what} Say nothing, write it right."
        messages = (
            *asked.messages,
            Message("assistant", f"{FENCE}{version.candidate.source.rstrip()}\n```"),
            Message("user", said),
        )
        samplings = [
            self._sampling(),
            *(
                replace(self._sampling(), temperature=_WARM, seed=self._seed + place)
                for place in range(others)
            ),
        ]
        self._seed += others
        self._take(
            self._engine.candidates(Prompt(messages, asked.prefix), samplings, cancel=self._cancel)
        )

    def prompt(self, name: str) -> Prompt:
        """The whole prompt, in the way of this name."""
        return body_prompt(self._task, self._given, name)

    def _sampling(self) -> Sampling:
        return Sampling(
            max_tokens=self._budget.answer_tokens,
            temperature=0.0,
            seed=self._task.seed,
            grammar=_NAMED if self._task.header is None and self._given else None,
            # Before a function that is written whole imports may stand.
            stop=_STOP if self._given else _STOP[:1],
            logprobs=1,
        )

    def _take(self, completions: Sequence[Completion], *, greedy: bool = False) -> None:
        for completion in completions:
            self._spending.add(completion)
            candidate = self._candidate(completion, greedy=greedy)
            if candidate is not None:
                self.versions.append(self._tried(candidate))

    def _candidate(self, completion: Completion, *, greedy: bool) -> Candidate | None:
        answer = read_answer(mend(self._given + completion.text), name=self._name)
        if answer is None or answer.name != self._name:
            return None
        try:
            signature = signature_of(answer.source, answer.name)
        except FuncsmithError:
            return None
        problem = "cut off at the token limit" if completion.finish == "length" else None
        findings = check(answer.source, name=answer.name)
        problem = findings[0].message() if findings else problem or self._refuse(answer.source)
        logprobs = [token.logprob for token in completion.tokens] or [0.0]
        return Candidate(
            name=answer.name,
            source=answer.source,
            signature=signature,
            grounding=Grounding(),
            logprob=sum(logprobs) / len(logprobs),
            lowest=min(logprobs),
            greedy=greedy,
            problem=problem,
            completion=completion,
        )

    def _tried(self, candidate: Candidate) -> _Version:
        given: list[Result] = []
        if candidate.problem is None:
            for example in self._task.examples:
                given.append(
                    stated(self._sandbox, candidate.source, candidate.name, example, now=self._now)
                )
        passed = sum(
            gives(result, example.expected)
            for result, example in zip(given, self._task.examples, strict=False)
        )
        failed = len(self._task.examples) - passed
        return _Version(replace(candidate, passed=passed, failed=failed), tuple(given))

    @property
    def _now(self) -> str | None:
        return self._task.now.isoformat() if self._task.now else None

    # Deciding

    def passing(self) -> list[_Version]:
        """Those that pass every example; without examples, those that can run at all."""
        return [one for one in self.versions if one.passes]

    def spent(self) -> bool:
        """Whether nothing more may be spent on it; raises `Cancelled` where it was stopped."""
        if self._cancel is not None and self._cancel.cancelled:
            raise Cancelled
        return self._spending.over(self._budget)

    def settled(self) -> bool:
        passing = self.passing()
        if not passing:
            return False
        if len(self.versions) == 1:
            if not self._sure(passing[0]):
                return False
            self._agreement(passing)
            return not any(map(self._ordinary, self._crashes(self.versions[0])))
        agreed = self._agreement(passing)
        if not agreed.inputs:
            return len(passing) >= _LEAD
        most = len(agreed.groups[0])
        return most >= _LEAD and most * 2 > len(passing)

    def _sure(self, version: _Version) -> bool:
        """Whether one version that passes its examples is enough."""
        said = version.candidate.completion
        # An engine that reports no probabilities is never sure.
        return bool(
            self._task.examples
            and self._budget.at_least == 1
            and said is not None
            and said.tokens
            and version.candidate.logprob > _SURE
        )

    def _agreement(self, passing: Sequence[_Version]) -> Agreement:
        for at, version in enumerate(self.versions):
            if version in passing and version.behaviour is None:
                seen = observed(
                    self._sandbox,
                    version.candidate.source,
                    version.candidate.name,
                    self._inputs(),
                    now=self._now,
                )
                self.versions[at] = replace(version, behaviour=seen)
        found = [one.behaviour for one in self.passing()]
        return agreement([one for one in found if one is not None])

    def _inputs(self) -> list[dict[str, Any]]:
        """The inputs, in the order of the parameters; made once."""
        if self._tries is None:
            candidate = self.passing()[0].candidate
            schema = candidate.signature.parameters
            samples = self.samples(list(schema.get("properties", {})))
            self._tries = tries(schema, samples, seed=self._task.seed)
            if not samples and not self._tries:
                asked = self._asked_calls(list(schema.get("properties", {})))
                self._tries = tries(schema, asked, seed=self._task.seed)
        return self._tries

    def samples(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Calls that are known, by parameter name."""
        return samples_of(self._task.examples, names)

    def shown(self) -> str:
        """What the model is told of the function whose calls it proposes."""
        return f"{FENCE}{self._given}```" if self._task.header else self._task.text

    def _asked_calls(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Calls that the model proposes: inputs, never results."""
        completion = self._engine.complete(
            prompt("calls", self.shown(), prefix=f"{FENCE}{self._name}("),
            replace(self._sampling(), max_tokens=160, stop=("\n```",)),
            cancel=self._cancel,
        )
        self._spending.add(completion)
        return read_calls(f"{self._name}({completion.text}", self._name, names)

    # Choosing

    def judged(self) -> Written:
        passing = self.passing()
        if not passing:
            return self._unverified()
        if len(passing) > 1 or not self._task.examples:
            agreed = self._agreement(passing)
            passing = self.passing()
        else:
            agreed = Agreement((), ((0,),), (1.0,))
        at = self._place_of_best(passing, agreed)
        best = passing[at]
        group = next(one for one in agreed.groups if at in one)
        agreeing = len(group) - 1 if agreed.inputs else 0
        share = len(group) / len(passing)
        verdict = self._verdict(best, agreeing, share, len(agreed.inputs))
        return self._written(
            best, verdict, agreeing, agreed, self._counterexamples(best, at, agreed), share
        )

    def _best(self) -> _Version | None:
        """The version that would be handed out now; None where none passes."""
        passing = self.passing()
        if not passing or (len(passing) == 1 and len(self.versions) == 1 and self._task.examples):
            return passing[0] if passing else None
        agreed = self._agreement(passing)
        passing = self.passing()
        return passing[self._place_of_best(passing, agreed)]

    def _place_of_best(self, passing: Sequence[_Version], agreed: Agreement) -> int:
        """The best supported; of those that do the same, the one that fails least by itself."""

        def rank(at: int) -> tuple[float, int, bool, float]:
            version = passing[at]
            tried = version.behaviour.results if version.behaviour is not None else ()
            # Too slow is as bad as a crash.
            slow = sum(result.status == "timeout" for result in tried)
            fails = slow + (len(self._crashes(version)) if tried else 0)
            one = version.candidate
            return (round(agreed.support[at], 6), -fails, one.greedy, one.logprob)

        return max(range(len(passing)), key=rank)

    def _verdict(self, best: _Version, agreeing: int, share: float, inputs: int) -> Verdict:
        if self._task.examples:
            return "proven" if self._proven(best, agreeing + 1, share, inputs) else "tested"
        if agreeing and share > 0.5:
            return "agreed"
        ran = best.behaviour is not None and any(best.behaviour.outcomes)
        return "runs" if ran else "unverified"

    def _proven(self, best: _Version, same: int, share: float, inputs: int) -> bool:
        """Whether all that passes the examples does the same, which is nearly all that was written,
        on nearly all that the best can do.
        """
        if best.behaviour is None or share < 1:
            return False
        if same < _LEAD or same < _PROVEN * len(self.versions):
            return False
        able = sum(one is not None for one in best.behaviour.outcomes)
        return inputs >= _PROVEN * able and not any(map(self._ordinary, self._crashes(best)))

    def _unverified(self) -> Written:
        """The one that passes most examples, said to be unverified."""
        if not self.versions:
            return Written(None)
        best = max(
            self.versions,
            key=lambda one: (
                one.candidate.problem is None,
                one.candidate.passed,
                one.candidate.greedy,
                one.candidate.logprob,
            ),
        )
        return self._written(best, "unverified", 0, None, (), 0.0)

    def _counterexamples(
        self, best: _Version, at: int, agreed: Agreement
    ) -> tuple[dict[str, Any], ...]:
        """The input on which the largest group of others does something else."""
        rival = next((group for group in agreed.groups if at not in group), None)
        if rival is None or best.behaviour is None:
            return ()
        other = self.passing()[rival[0]].behaviour
        assert other is not None
        place = apart(best.behaviour, other, agreed.inputs)
        if place is None:
            return ()
        mine, theirs = best.behaviour.results[place], other.results[place]
        return (
            {
                "call": written_call(best.candidate.name, self._inputs()[place]),
                "got": told(mine),
                "other": told(theirs),
            },
        )

    def _written(
        self,
        best: _Version,
        verdict: Verdict,
        agreeing: int,
        agreed: Agreement | None,
        differing: tuple[dict[str, Any], ...],
        share: float,
    ) -> Written:
        candidate = best.candidate
        facts = [
            fact_of(example, candidate.name, passed=gives(result, example.expected))
            for example, result in zip(self._task.examples, best.given, strict=False)
        ]
        ran = best.given[0] if best.given else None
        if best.behaviour is not None and agreed is not None and agreed.inputs:
            place = agreed.inputs[0]
            result = best.behaviour.results[place]
            ran = ran or result
            facts.append(
                Evidence(
                    kind="agreement" if agreeing else "run",
                    call=written_call(candidate.name, self._inputs()[place]),
                    got=told(result),
                    candidates=agreeing + 1 if agreeing else None,
                    inputs=len(agreed.inputs) if agreeing else None,
                )
            )
        signs = Signs(verdict, candidate.logprob, share, len(self.versions))
        source = candidate.source
        if self._task.header is None:
            source = with_docstring(source, candidate.name, docstring(self._task.text, Grounding()))
        return Written(
            replace(candidate, source=source, result=with_lines_of(ran, candidate.source, source)),
            tuple(one.candidate for one in self.versions),
            verdict,
            tuple(facts),
            differing,
            probability(signs, model=self._engine.model),
            signs=signs,
        )


_LINE = re.compile(r" \(line (?P<line>\d+)\)")


def _short(text: str) -> str:
    return text if len(text) <= 200 else text[:199] + "…"


__all__ = ["GREEDY", "Desk", "Round", "body_prompt"]
