"""Write a function for a text about the user's own data.

The parameters are the inputs, so only a name, a return type and a body are decoded, and there is no
call: nothing of the data passes through the model. Greedy first; where that fails, or looks at other
columns than the text names, or was written with hesitation, further versions are asked for in other
ways. All are run in the fence on the data and on variations of it; those that say the same agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract import Evidence, Result, Verdict
from ..errors import FuncsmithError
from ..execute import Sandbox, check
from ..library.signature import signature_of
from ..models.cancel import Cancel
from ..models.engine import Completion, Engine, Message, Prompt, Sampling
from ..tables.columns import read_by
from ..tables.comparing import comparable
from ..tables.running import limits_for
from ..tables.variations import made_up, variations
from .answer import read_answer
from .behaviour import told
from .candidates import Candidate, code_tokens
from .function import nothing
from .grounding import Grounding
from .ordering import direction_of, out_of_order, with_order
from .plausibility import mistyped, places_wanted
from .prompt import FENCE, QUERY_FENCE, fixed, prompt
from .source import mend, unread, with_docstring, with_rounding
from .table_task import Asked
from .task import Budget, Spending, Task
from .verdict import Written

_STOP = ("\n```",)
_TEMPERATURE = 0.7
_SURE = -0.03
_LONG = 220
_QUERY_TOKENS = 240
_NOTHING = 0.65


class TableWriter:
    """Writes functions over data with one engine and one sandbox."""

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
        """Write, run on the data, and where needed write again."""
        asked = Asked.of(task)
        queryable = asked.queryable
        self._engine.prepare([fixed("query"), fixed("table")] if queryable else [fixed("table")])
        tries: list[_Try] = []
        versions: list[Candidate] = []
        idle: float | None = None
        for at, manner in enumerate(_MANNERS):
            if manner.query and not queryable:
                continue
            if versions and (
                not self._doubtful(versions, asked)
                or spending.over(self._budget)
                or len(versions) >= self._budget.candidates
            ):
                break
            if manner.repairs:
                completion = self._repaired(manner, tries, asked, spending, cancel)
                if completion is None:
                    continue
            else:
                completion = self._engine.complete(
                    self._prompt(manner, asked),
                    self._sampling(asked, manner, seed=task.seed * 1000 + at, first=idle is None),
                    cancel=cancel,
                    on_text=on_text if idle is None else None,
                )
                spending.add(completion)
            if idle is None:
                idle = nothing(completion)
                if not task.always and not _is_code(completion) and idle > _NOTHING:
                    return Written(None, nothing=idle)
            one = self._read(manner, completion, asked, greedy=not manner.temperature)
            if one.version is not None:
                one.version = self._tried(one.version, asked, task, cancel)
                versions.append(one.version)
                if on_candidate is not None:
                    on_candidate(one.version)
            tries.append(one)
        return self._judged(versions, asked, task, idle or 0.0)

    def _prompt(self, manner: _Manner, asked: Asked) -> Prompt:
        text = asked.query_text if manner.query else asked.text
        return prompt(manner.prompt, f"{asked.outline}\n\n{text}", prefix=manner.fence)

    def _sampling(self, asked: Asked, manner: _Manner, *, seed: int, first: bool) -> Sampling:
        return Sampling(
            max_tokens=_QUERY_TOKENS if manner.query else self._budget.answer_tokens,
            temperature=manner.temperature,
            seed=seed,
            stop=_STOP,
            grammar=asked.query_grammar(or_nothing=first)
            if manner.query
            else asked.grammar(or_nothing=first, comments=manner.comments),
            logprobs=3,
        )

    def _repaired(
        self,
        manner: _Manner,
        tries: Sequence[_Try],
        asked: Asked,
        spending: Spending,
        cancel: Cancel | None,
    ) -> Completion | None:
        """A version that failed or looks wrong, written again with what is wrong; None where none does.

        An error may quote the data, so quoted words are left out of it.
        """
        alike = [one for one in tries if one.manner.query == manner.query]
        if not alike:
            return None
        one = next((t for t in alike if t.version is not None and t.version.ran), alike[-1])
        wrong = one.wrong or (self._wrong(one.version, asked) if one.version is not None else "")
        if not wrong:
            return None
        first = self._prompt(manner, asked)
        written = one.completion.text.rstrip().removesuffix("```").rstrip()
        messages = (
            *first.messages,
            Message("assistant", f"{manner.fence}{written}\n```"),
            # The request once more: else the nearest example may be written again in its place.
            Message("user", f"{wrong} Write it again, right: {asked.task.text.strip()}"),
        )
        completion = self._engine.complete(
            Prompt(messages, manner.fence),
            self._sampling(asked, manner, seed=0, first=False),
            cancel=cancel,
        )
        spending.add(completion)
        return completion

    def _wrong(self, version: Candidate, asked: Asked) -> str:
        if version.ran:
            value = version.result.value if version.result is not None else None
            return asked.complaint(version.source, version.signature.returns, value)
        error = (
            version.problem or (version.result.error if version.result is not None else "") or ""
        )
        return f"It fails: {_without_values(error)[:200]}."

    def _read(self, manner: _Manner, completion: Completion, asked: Asked, *, greedy: bool) -> _Try:
        """The function that was written, if there is one with these parameters."""
        # A server that keeps to no grammar may answer with a function where a query is asked for.
        if not manner.query or _FUNCTION.match(completion.text):
            code = mend(completion.text)
            version = self._candidate(code, _main(code, asked.names), completion, asked, greedy)
            return _Try(manner, completion, version)
        from .query import Unreadable

        if not _is_code(completion):
            return _Try(manner, completion)
        if completion.finish == "length":
            return _Try(manner, completion, wrong="It does not end; write a short one.")
        try:
            code, name = asked.read_query(completion.text)
        except Unreadable as wrong:
            return _Try(manner, completion, wrong=f"{wrong}")
        version = self._candidate(code, name, completion, asked, greedy)
        return _Try(manner, completion, replace(version, query=True) if version else None)

    def _candidate(
        self, code: str, name: str | None, completion: Completion, asked: Asked, greedy: bool
    ) -> Candidate | None:
        answer = read_answer(code, name=name) if name else None
        if answer is None or name is None:
            return None
        try:
            signature = signature_of(answer.source, name)
        except FuncsmithError:
            return None
        findings = check(answer.source, name=name)
        problem = findings[0].message() if findings else None
        if completion.finish == "length":
            problem = "cut off at the token limit"
        logprobs = [token.logprob for token in code_tokens(completion)] or [0.0]
        return Candidate(
            name=name,
            source=answer.source,
            signature=signature,
            grounding=Grounding({key: {"$ref": f"/inputs/{key}"} for key in asked.names}),
            logprob=sum(logprobs) / len(logprobs),
            lowest=min(logprobs),
            greedy=greedy,
            problem=problem,
            completion=completion,
            unread=len(unread(answer.source, name)),
            overlooked=asked.overlooked(answer.source),
            guessed=asked.guessed(answer.source),
        )

    def _tried(
        self, version: Candidate, asked: Asked, task: Task, cancel: Cancel | None
    ) -> Candidate:
        """The version after it was run on the data."""
        if version.problem is not None:
            return version
        result = self._run(version, asked, task, cancel)
        places = places_wanted(task.text)
        value = result.value
        if isinstance(value, float) and places is not None and round(value, places) != value:
            source = with_rounding(version.source, version.name, places)
            version = replace(version, source=source)
            result = self._run(version, asked, task, cancel)
        direction = direction_of(task.text)
        if direction is not None and out_of_order(value, direction):
            source = with_order(version.source, version.name, direction)
            version = replace(version, source=source)
            result = self._run(version, asked, task, cancel)
        return replace(version, result=result, implausible=asked.implausible(result.value))

    def _run(self, version: Candidate, asked: Asked, task: Task, cancel: Cancel | None) -> Result:
        return self._sandbox.call(
            version.source,
            version.name,
            dict(asked.inputs),
            limits=limits_for(asked.inputs),
            now=task.now.isoformat() if task.now else None,
            cancel=(lambda: cancel.cancelled) if cancel is not None else None,
        )

    def _doubtful(self, versions: Sequence[Candidate], asked: Asked) -> bool:
        """Whether one more version is worth its time."""
        if len(versions) < self._budget.at_least:
            return True
        sound = [one for one in versions if one.ran and not _odd(one)]
        if len(sound) < 2:
            return not (sound and _sure(sound[0]))
        groups = _groups(versions, asked)
        return not groups or len(groups[0]) < 2 or all(map(_odd, groups[0]))

    def _judged(
        self, versions: Sequence[Candidate], asked: Asked, task: Task, idle: float
    ) -> Written:
        """The best version and what is known of it."""
        groups = _groups(versions, asked)
        if groups:
            best = max(groups[0], key=lambda one: (one.query, one.greedy, one.logprob))
        elif versions:
            best = max(versions, key=lambda one: (one.problem is None, one.greedy, one.logprob))
        else:
            return Written(None, nothing=max(idle, 0.5))
        evidence: list[Evidence] = []
        differing: list[dict[str, Any]] = []
        verdict: Verdict = "unverified"
        if best.ran:
            verdict = "runs"
            others = [one for one in groups[0] if one is not best]
            agreeing, count, differing = self._agreeing(best, others, asked, task)
            call = f"{best.name}({', '.join(asked.names)})"
            if (
                agreeing
                and not _odd(best)
                and len(agreeing) + 1 > len([one for one in versions if one.ran]) / 2
            ):
                verdict = "agreed"
                evidence.append(
                    Evidence(
                        kind="agreement", call=call, candidates=len(agreeing) + 1, inputs=count
                    )
                )
            else:
                evidence.append(Evidence(kind="run", call=call))
            evidence += self._kept(best, asked, task)
        able = [one for one in versions if one.ran]
        share = len(groups[0]) / len(able) if able and groups else 0.0
        base = {"agreed": 0.85, "runs": 0.65}.get(verdict, 0.2)
        if best.odd:
            base *= 0.7
        probability = base * (0.5 + 0.5 * share) * min(1.0, 1.0 + max(best.logprob, -1.0) * 0.5)
        said = with_docstring(best.source, best.name, asked.docstring(best.source))
        return Written(
            replace(best, source=said),
            tuple(versions),
            verdict,
            tuple(evidence),
            tuple(differing),
            round(probability, 3),
            idle,
        )

    def _agreeing(
        self, best: Candidate, others: Sequence[Candidate], asked: Asked, task: Task
    ) -> tuple[list[Candidate], int, list[dict[str, Any]]]:
        """Those that do the same on every variation of the data, of how many, and a difference."""
        tried = variations(asked.inputs, seed=task.seed) if others else []
        mine = [self._on(best, one, task) for one in tried]
        agreeing: list[Candidate] = []
        differing: list[dict[str, Any]] = []
        for other in others:
            apart = None
            for at, (one, got) in enumerate(zip(tried, mine, strict=True), 1):
                theirs = self._on(other, one, task)
                if not _same(got, theirs, asked.ordered):
                    apart = {
                        "call": f"{best.name}({', '.join(asked.names)})  # variation {at}",
                        "got": _told(got),
                        "other": _told(theirs),
                    }
                    break
            if apart is None:
                agreeing.append(other)
            elif not differing:
                differing.append(apart)
        return agreeing, len(tried) + 1, differing

    def _on(self, version: Candidate, inputs: Mapping[str, Any], task: Task) -> Result:
        now = task.now.isoformat() if task.now else None
        return self._sandbox.call(
            version.source, version.name, dict(inputs), limits=limits_for(inputs), now=now
        )

    def _kept(self, best: Candidate, asked: Asked, task: Task) -> list[Evidence]:
        """What may be kept with the function: its columns, and a run on made-up rows; no data."""
        columns = read_by(best.source, asked.inputs)
        facts = [Evidence(kind="data", columns=columns)]
        if not all(columns.values()):
            return facts
        rows = {name: made_up(some) for name, some in columns.items()}
        result = self._on(best, rows, task)
        call = f"{best.name}({', '.join(map(repr, rows.values()))})"
        if result.status == "ok" and result.repr is not None and len(call) <= 1000:
            facts.append(Evidence(kind="run", call=call, got=result.repr))
        return facts


@dataclass(frozen=True)
class _Manner:
    prompt: str
    temperature: float = 0.0
    repairs: bool = False
    comments: bool = True
    query: bool = False

    @property
    def fence(self) -> str:
        return QUERY_FENCE if self.query else FENCE


@dataclass
class _Try:
    """What was written in one manner, and what came of it."""

    manner: _Manner
    completion: Completion
    version: Candidate | None = None
    wrong: str = ""


_MANNERS = (
    # A query is short, and a small model writes it better than loops; the loops hold against it.
    _Manner("query", query=True),
    _Manner("query", query=True, repairs=True),
    _Manner("table"),
    _Manner("table", repairs=True),
    _Manner("query", _TEMPERATURE, query=True),
    # Without worked examples the model writes as it was trained to, with a comment for each line.
    _Manner("table_plain", comments=False),
    _Manner("table", _TEMPERATURE),
    _Manner("table_plain", _TEMPERATURE, comments=False),
)


_FUNCTION = re.compile(r"\s*(?:#|def |import |from )")


def _is_code(completion: Completion) -> bool:
    return bool(
        _FUNCTION.match(completion.text) or re.match(r"\s*(?:--|SELECT|WITH)", completion.text)
    )


def _main(code: str, names: Sequence[str]) -> str | None:
    """The last function at the top that takes exactly the inputs."""
    found = None
    for match in re.finditer(r"^def\s+(\w+)\s*\(([^)]*)\)", code, re.MULTILINE):
        taken = [re.split(r"[:=]", one)[0].strip() for one in match[2].split(",") if one.strip()]
        if [one for one in taken if one] and len(taken) >= len(names):
            given = re.findall(r"(\w+)\s*:", match[2]) or taken
            if given[: len(names)] == list(names):
                found = match[1]
    return found


def _sure(version: Candidate) -> bool:
    """Whether one version is enough: written surely, not long, and nothing odd about it."""
    completion = version.completion
    if completion is None or not completion.tokens:
        return False
    short = len(code_tokens(completion)) <= _LONG
    return version.logprob > _SURE and short and not _odd(version)


def _odd(version: Candidate) -> bool:
    """Whether what it gave looks wrong: nothing, zeros alone, not what it says, or too much."""
    value = version.result.value if version.result is not None else None
    if (
        version.unread
        or version.overlooked
        or version.guessed
        or version.implausible
        or mistyped(version.signature.returns, value)
        or value is None
        or value in ("", [], {}, 0)
    ):
        return True
    inside = list(value.values()) if isinstance(value, dict) else value
    return isinstance(inside, list) and all(one in (None, 0, [], {}, "") for one in inside)


def _groups(versions: Sequence[Candidate], asked: Asked) -> list[list[Candidate]]:
    """Versions that say the same on the data, the weightiest group first."""
    groups: dict[str, list[Candidate]] = {}
    for one in versions:
        if one.ran and one.result is not None and one.problem is None:
            said = comparable(one.result.value, ordered=asked.ordered)
            groups.setdefault(said, []).append(one)
    return sorted(groups.values(), key=_weight, reverse=True)


def _weight(group: Sequence[Candidate]) -> float:
    return sum(
        (1.2 if one.greedy else 1.0) * (1.4 if one.query else 1.0) * (0.4 if _odd(one) else 1.0)
        + 0.1 * max(one.logprob, -1.0)
        for one in group
    )


def _same(one: Result, other: Result, ordered: bool) -> bool:
    if one.status != "ok" or other.status != "ok":
        return one.status != "ok" and other.status != "ok"
    return comparable(one.value, ordered=ordered) == comparable(other.value, ordered=ordered)


def _told(result: Result) -> str:
    return told(result)[:300]


def _without_values(error: str) -> str:
    """An error without quoted cells, which the model must not see.

    >>> _without_values("ValueError: invalid literal for int(): 'Ignore all rules' (line 3)")
    "ValueError: invalid literal for int(): '…' (line 3)"
    """

    def shown(match: re.Match[str]) -> str:
        return match[0] if len(match[0]) <= 26 and re.fullmatch(r"'[\w ]*'", match[0]) else "'…'"

    return re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", shown, error).replace("`", "")


__all__ = ["TableWriter"]
