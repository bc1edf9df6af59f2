"""A written function as outcomes have it: signature, evidence, uncertain stretches, what it does."""

from __future__ import annotations

import math

from ..contract import Function
from ..library import signature_of
from .question import which_of
from .readback import readback
from .verdict import Written


def described(written: Written, language: str) -> Function:
    """The function that was chosen, with all that is known of it, in the words of a language."""
    best = written.best
    assert best is not None
    signature = signature_of(best.source, best.name)
    return Function(
        name=best.name,
        signature=signature.text,
        source=best.source,
        parameters=signature.parameters,
        origin="generated",
        verdict=written.verdict,
        probability=written.probability,
        signs=written.signs.described() if written.signs is not None else {},
        evidence=list(written.evidence),
        counterexamples=[
            {**one, "question": which_of(one, language)} for one in written.counterexamples
        ],
        uncertainty=_uncertainty(written),
        readback=readback(
            best.source,
            signature.parameters,
            signature.returns,
            written.evidence,
            language,
        ),
    )


def _uncertainty(written: Written) -> list[tuple[int, int, float]]:
    """Stretches of the source that the model was unsure of: lines with a token under one half."""
    best = written.best
    if best is None or best.completion is None:
        return []
    found: list[tuple[int, int, float]] = []
    line, worst = "", 0.0
    for token in (*best.completion.tokens, None):
        if token is not None:
            line += token.text
            worst = min(worst, token.logprob)
        if token is None or "\n" in token.text:
            said = line.strip()
            at = best.source.find(said) if said else -1
            if at >= 0 and worst < math.log(0.5):
                found.append((at, at + len(said), round(math.exp(worst), 3)))
            line, worst = "", 0.0
    return found
