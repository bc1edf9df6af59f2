"""How sure the model was of each argument that it wrote, from the probabilities of its tokens.

A value that a text states is copied with a probability near one. One that stands in for a missing
value is a choice among many, or was nearly `None`: its probability says so even where its
characters happen to be in the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..models.engine import Completion
from .call import Key, Written, read_call, read_defaults


@dataclass(frozen=True)
class Certainty:
    """What the model's probabilities say of one argument."""

    probability: float
    """That of the argument as written."""
    absent: float
    """That of `None` in its place."""
    member: float = 1.0
    """The share of the member that was chosen among all that its parameter allows."""


_DECIDING = 6
"""Tokens after which a copy only goes on: a long message is no less sure than a short one."""
_NONE = re.compile(r"[\s(,\[=]*None")


def certainties(
    completion: Completion,
    name: str,
    parameters: Sequence[str] = (),
    forms: Mapping[str, Sequence[str]] | None = None,
    *,
    in_header: bool = False,
    at: int | None = None,
    members: Mapping[Key, Sequence[str]] | None = None,
) -> dict[Key, Certainty]:
    """The certainty of each argument of the last call of `name`; {} where it cannot be told.

    `at`: where the call begins, if it is not the last.
    `members`: what each parameter allows, as a call writes it, where it allows only some values.
    `in_header`: the arguments are the defaults of its header.
    `parameters`: names that keyword arguments may have, so that they need not be Python's.
    `forms`: other ways to write the argument of a name that would have meant the same.
    """
    text = completion.text
    if "".join(token.text for token in completion.tokens)[: len(text)] != text:
        return {}
    if at is not None:
        opening = at
    elif in_header:
        opening = max(text.rfind(f"def {name}("), text.rfind(f"def {name} ("))
    else:
        opening = max(text.rfind(f"{name}("), text.rfind(f"{name} ("))
    if not 0 <= opening < len(text):
        return {}
    said = text[opening:] if at is None else text[opening:].partition("\n")[0]
    written: list[Written] = read_defaults(said) if in_header else read_call(said, name, parameters)
    found: dict[Key, Certainty] = {}
    for one in written:
        start, end = opening + one.start, opening + one.end
        ways = (forms or {}).get(one.key, ()) if isinstance(one.key, str) else ()
        sure = _certainty(completion, start, end, [text[start:end], *ways])
        if members and one.key in members:
            share = _share(completion, start, members[one.key])
            sure = replace(sure, member=share)
        found[one.key] = sure
    return found


def _share(completion: Completion, start: int, members: Sequence[str]) -> float:
    """The share of the member that was written among all, from where the members' texts part."""
    at, written, share = 0, "", 1.0
    for token in completion.tokens:
        first, at = at, at + len(token.text)
        if at <= start:
            continue
        lead = token.text[: max(start - first, 0)]
        own = token.text[len(lead) :]
        alive = [one for one in members if one.startswith(written)]
        if len(alive) <= 1:
            break
        rivals = [one for one in alive if not _agree(one, written + own)]
        others = sum(
            math.exp(logprob)
            for other, logprob in token.top
            if other.startswith(lead)
            and other != token.text
            and any(_agree(one, written + other[len(lead) :]) for one in rivals)
        )
        mine = math.exp(token.logprob)
        share *= mine / (mine + others) if mine else 1.0
        written += own
    return share


def _agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _certainty(completion: Completion, start: int, end: int, forms: Sequence[str]) -> Certainty:
    """`forms` are whole arguments, quotes included; the first is the one that was written."""
    written = forms[0]
    quoted = written[:1] in ('"', "'")
    logprob, absent, at, decided = 0.0, 0.0, 0, 0
    for token in completion.tokens:
        first, at = at, at + len(token.text)
        if at <= start - 1:
            continue
        if first >= end - quoted:
            # How it ends (a unit more or less) is no doubt about what is meant.
            break
        if at >= start and first <= start:
            # The place where None would have stood: it may share a token with "(" or ", ".
            absent += sum(math.exp(p) for other, p in token.top if _NONE.match(other))
        if at > start + quoted:
            before, own = written[: max(first - start, 0)], token.text[max(start - first, 0) :]
            lead = token.text[: max(start - first, 0)]
            alike = sum(
                math.exp(p)
                for other, p in token.top
                if other.startswith(lead)
                and other != token.text
                and _leads(before + other[len(lead) :], forms)
            )
            if own and decided < _DECIDING:
                decided += 1
                logprob += math.log(min(1.0, math.exp(token.logprob) + alike))
    return Certainty(math.exp(logprob), min(absent, 1.0))


def _leads(said: str, forms: Sequence[str]) -> bool:
    """Whether what was said so far may still become one of the forms, or is one with more behind.

    A capital at the beginning is no doubt.
    """
    said = said.lower()
    return any(
        form.lower().startswith(said) or said.startswith(form.lower().rstrip("\"'"))
        for form in forms
        if form.strip("\"'")
    )


__all__ = ["Certainty", "certainties"]
