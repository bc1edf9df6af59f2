"""How probable it is that a written function is right: from its verdict, its agreement, its tokens.

A logistic model. `funcsmith calibrate` fits its weights to problems with known answers and keeps them
in FUNCSMITH_HOME/calibration.json, each fit with its model, what it was fitted on and how far off it
is. A model without a fit has the weights of `ESTIMATE`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..contract import Verdict
from ..settings import settings

FILE = "calibration.json"
VERDICTS: tuple[Verdict, ...] = ("proven", "tested", "agreed", "runs", "unverified")
_LOWEST_LOGPROB = -1.0


@dataclass(frozen=True)
class Signs:
    """What is known of a function that was written, as far as it says how sure one may be."""

    verdict: Verdict
    logprob: float
    """Mean natural-log probability of its tokens."""
    share: float
    """Of the versions that could be compared, how many do the same; 1 where it is the only one."""
    versions: int
    """How many were written."""

    def described(self) -> dict[str, Any]:
        """Plain JSON."""
        return {**asdict(self), "logprob": round(self.logprob, 4), "share": round(self.share, 4)}

    def features(self) -> list[float]:
        """One of five for the verdict, then logprob, share and the logarithm of versions."""
        return [
            *(float(one == self.verdict) for one in VERDICTS),
            max(self.logprob, _LOWEST_LOGPROB),
            self.share,
            math.log(max(self.versions, 1)),
        ]


NAMES = (*VERDICTS, "logprob", "share", "log_versions")
"""Names of the features, in order."""


@dataclass(frozen=True)
class Fit:
    """Weights by feature, and where they come from."""

    weights: Mapping[str, float]
    model: str
    """The model whose functions it was fitted on."""
    facts: Mapping[str, Any]

    def probability(self, signs: Signs) -> float:
        """Between 0.01 and 0.99: nothing here is certain."""
        weights = [self.weights[name] for name in NAMES]
        total = sum(w * x for w, x in zip(weights, signs.features(), strict=True))
        return round(min(0.99, max(0.01, logistic(total))), 3)


ESTIMATE = Fit(
    {
        "proven": 2.0,
        "tested": 1.0,
        "agreed": 0.5,
        "runs": 0.0,
        "unverified": -2.0,
        "logprob": 2.0,
        "share": 1.0,
        "log_versions": -0.3,
    },
    "",
    {},
)
"""Before any data: about 0.95 for proven, 0.1 for unverified."""


def probability(signs: Signs, *, model: str = "") -> float:
    """The probability by the fit for this model, or by the estimate where there is none."""
    fits = _read(settings().home / FILE)
    return next((one for one in fits if one.model == model), ESTIMATE).probability(signs)


def fitted(
    rows: Sequence[tuple[Signs, bool]], *, strength: float = 1.0, rounds: int = 50
) -> dict[str, float]:
    """Weights by maximum likelihood with a quadratic penalty (ridge logistic regression, Newton).

    The penalty draws the weights to those of the estimate.
    """
    prior = [ESTIMATE.weights[name] for name in NAMES]
    weights = list(prior)
    data = [(signs.features(), float(right)) for signs, right in rows]
    for _ in range(rounds):
        gradient = [strength * (w - p) for w, p in zip(weights, prior, strict=True)]
        hessian = [[strength * (i == j) for j in range(len(NAMES))] for i in range(len(NAMES))]
        for features, right in data:
            said = logistic(sum(w * x for w, x in zip(weights, features, strict=True)))
            slope = max(said * (1 - said), 1e-9)
            for i, x in enumerate(features):
                if x:
                    gradient[i] += (said - right) * x
                    for j, y in enumerate(features):
                        hessian[i][j] += slope * x * y
        step = _solved(hessian, gradient)
        weights = [w - s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-9:
            break
    return {name: round(w, 6) for name, w in zip(NAMES, weights, strict=True)}


def logistic(x: float) -> float:
    """1 / (1 + e⁻ˣ), without overflow.

    >>> logistic(0.0), logistic(-1000.0)
    (0.5, 0.0)
    """
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """x of matrix · x = vector, the matrix symmetric and positive definite."""
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            rows[below] = [a - factor * b for a, b in zip(rows[below], rows[at], strict=True)]
    found = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][j] * found[j] for j in range(at + 1, size))
        found[at] = (rows[at][size] - known) / rows[at][at]
    return found


def _read(path: Path) -> tuple[Fit, ...]:
    """The fits of a file; none where it is not there or is none of ours."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return tuple(
            Fit(
                {name: float(one["weights"][name]) for name in NAMES},
                str(one["model"]),
                {key: value for key, value in one.items() if key != "weights"},
            )
            for one in content["fits"]
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


__all__ = [
    "ESTIMATE",
    "FILE",
    "NAMES",
    "VERDICTS",
    "Fit",
    "Signs",
    "fitted",
    "logistic",
    "probability",
]
