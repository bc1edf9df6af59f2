"""An engine that says what it was told to say: for tests, documents and demonstrations.

It ships, so that anyone can try what Funcsmith does with an answer without a model.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence

from ..errors import EngineFailed
from .cancel import Cancel
from .engine import Capabilities, Completion, OneByOne, Prompt, Sampling, Token

_PIECE = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")


class Scripted(OneByOne):
    """Answers by what is asked or given as a beginning, the last message first, or else from a queue, in order.

    >>> from funcsmith.models.engine import Message
    >>> engine = Scripted({"阶乘": "def f(n: int) -> int:\\n    return n\\n\\nf(5)"})
    >>> engine.complete(Prompt((Message("user", "10 的阶乘"),)), Sampling()).text[:9]
    'def f(n: '
    """

    def __init__(
        self,
        answers: Mapping[str, str | Sequence[str]] | None = None,
        *,
        model: str = "scripted",
        logprob: float = -0.01,
    ) -> None:
        self._answers = {
            key: [v] if isinstance(v, str) else list(v) for key, v in (answers or {}).items()
        }
        self._queue: list[str | Exception] = []
        self._model = model
        self._logprob = logprob
        self._lock = threading.Lock()
        self.prompts: list[Prompt] = []
        """Every prompt that was asked, in order."""
        self.seconds_an_answer = 0.0
        """CPU seconds that it says it used for each."""
        self.closed = False

    @property
    def model(self) -> str:
        return self._model

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(grammar=False, logprobs=True, prefill=True, parallel=1)

    def enqueue(self, *answers: str | Exception) -> Scripted:
        """Answer the next requests with these, before anything else; an exception is raised."""
        self._queue += answers
        return self

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        with self._lock:
            self.prompts.append(prompt)
            answer = self._next(prompt)
        if isinstance(answer, Exception):
            raise answer
        for stop in sampling.stop:
            answer = answer.split(stop)[0]
        tokens: list[Token] = []
        said = ""
        for piece in _PIECE.findall(answer)[: sampling.max_tokens]:
            if cancel is not None and cancel.cancelled:
                break
            tokens.append(Token(piece, self._logprob, ((piece, self._logprob),)))
            said += piece
            if on_text is not None:
                on_text(piece)
        asked = sum(len(_PIECE.findall(m.content)) for m in prompt.messages)
        stopped = cancel is not None and cancel.cancelled
        return Completion(
            text=said,
            tokens=tuple(tokens),
            prompt_tokens=asked,
            generated_tokens=len(tokens),
            finish="cancelled" if stopped else "stop" if said == answer else "length",
        )

    def prepare(self, prompts: Sequence[Prompt]) -> None:
        """Nothing is computed, so nothing is kept."""

    def count(self, text: str) -> int:
        return len(_PIECE.findall(text))

    def cpu_seconds(self) -> float:
        """As many as it was told to take for each answer."""
        return self.seconds_an_answer * len(self.prompts)

    def close(self) -> None:
        self.closed = True

    def _next(self, prompt: Prompt) -> str | Exception:
        if self._queue:
            return self._queue.pop(0)
        said = [m.content for m in reversed(prompt.messages) if m.role == "user"]
        asked = f"{said[0]}\n{prompt.prefix}"
        # A correction does not repeat what was asked first.
        for text in (asked, *said[1:]):
            for key, answers in self._answers.items():
                if key in text:
                    return answers.pop(0) if len(answers) > 1 else answers[0]
        raise EngineFailed(
            {
                "en": f"The script has no answer to: {asked[-200:]}",
                "zh": f"脚本里没有对此的回答：{asked[-200:]}",
            },
            hint={"en": "Add one with enqueue().", "zh": "请用 enqueue() 添加。"},
        )
