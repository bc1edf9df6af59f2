"""What a model is worth while it is trained: the task's own figures on records it never saw.

Answers are had the direct way (`direct.py`): greedy, under the grammar of the functions that are
offered, and nothing else. So a GPT of one's own stands beside any engine in the same figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import EngineFailed
from ..models.transformers import Transformers
from .direct import answer_directly
from .record import Record, required_of
from .scoring import Prediction, Scores, score
from .trainer import Source, held_out_loss

if TYPE_CHECKING:
    from ..execute import Sandbox
    from ..models.engine import Engine

_SHARES = ("exact", "asks", "asks_named", "invented", "needless", "idle", "functions", "passed")
MAIN = "task"
"""The metric that decides: the mean of detection F1 and of what there is of exact, asks and idle."""
_ANSWER_TOKENS = 200


def answers(
    engine: Engine, records: Sequence[Record], *, max_tokens: int = _ANSWER_TOKENS
) -> list[tuple[Record, Prediction]]:
    """Each record with the engine's answer; a prompt that it cannot read is answered with nothing."""
    found: list[tuple[Record, Prediction]] = []
    for record in records:
        try:
            said = answer_directly(
                engine, record.text, record.tools, now=record.now, max_tokens=max_tokens
            )
        except EngineFailed:
            said = Prediction("none")
        found.append((record, said))
    return found


def majority(train: Sequence[Record], records: Sequence[Record]) -> list[tuple[Record, Prediction]]:
    """The answers of whoever says the commonest kind of all, of the first function, with nothing in it."""
    commonest = Counter(one.kind for one in train).most_common(1)
    kind = commonest[0][0] if commonest else "none"
    found: list[tuple[Record, Prediction]] = []
    for record in records:
        first = record.tools[0] if record.tools else None
        if first is None or kind in ("none", "function"):
            found.append((record, Prediction(kind)))
        else:
            lacks = required_of(first) if kind == "ask" else ()
            found.append((record, Prediction(kind, first.name, missing=lacks)))
    return found


def metrics(scores: Scores) -> dict[str, float]:
    """The figures as numbers, those that were counted; with the one that decides."""
    found = {"detection_f1": round(scores.detection_f1, 4)}
    for name in _SHARES:
        share = getattr(scores, name).share
        if share is not None:
            found[name] = round(share, 4)
    parts = [found[name] for name in ("detection_f1", "exact", "asks", "idle") if name in found]
    found[MAIN] = round(sum(parts) / len(parts), 4)
    return found


class TaskEvaluation:
    """An evaluator for the trainer: loss and task figures on the same records every time."""

    def __init__(
        self,
        tokenizer: Any,
        records: Sequence[Record],
        held_out: Source,
        *,
        batches: int,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._tokenizer, self._records = tokenizer, records
        self._held_out, self._batches, self._sandbox = held_out, batches, sandbox

    def __call__(self, model: Any, _step: int) -> dict[str, float]:
        loss = held_out_loss(model, self._held_out, self._batches)
        return {"loss": round(loss, 5), **metrics(self.scores(model))}

    def scores(self, model: Any) -> Scores:
        engine = Transformers.over(model, self._tokenizer, name="in training")
        return score(answers(engine, self._records), sandbox=self._sandbox)


__all__ = ["MAIN", "TaskEvaluation", "answers", "majority", "metrics"]
