"""What an engine is: something that continues a conversation, and says what it can do.

An engine never decides anything; it returns tokens with their probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .cancel import Cancel


@dataclass(frozen=True)
class Capabilities:
    """What an engine can do; what it cannot is done by validation on our side."""

    grammar: bool = False
    """GBNF grammars."""
    json_schema: bool = False
    logprobs: bool = False
    prefill: bool = False
    """The answer's beginning can be given."""
    prefix_cache: bool = False
    """A prompt's beginning that was seen before is not computed again."""
    adapters: bool = False
    parallel: int = 1
    """How many completions run side by side."""


@dataclass(frozen=True)
class Message:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Token:
    """One generated token: its text, its natural-log probability, and the likeliest at its place."""

    text: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Completion:
    text: str
    tokens: tuple[Token, ...] = ()
    prompt_tokens: int = 0
    """Tokens of the prompt, cached ones included."""
    cached_tokens: int = 0
    generated_tokens: int = 0
    finish: Literal["stop", "length", "cancelled"] = "stop"


@dataclass(frozen=True)
class Prompt:
    """A conversation, and the given beginning of the answer (never generated again)."""

    messages: tuple[Message, ...]
    prefix: str = ""


@dataclass(frozen=True)
class Sampling:
    """How to decode. `grammar` (GBNF) and `json_schema` exclude each other."""

    max_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 0.95
    seed: int = 0
    stop: tuple[str, ...] = ()
    grammar: str | None = None
    json_schema: dict[str, Any] | None = field(default=None, hash=False)
    logprobs: int = 0
    """How many of the likeliest tokens to report at each place; 0 reports none."""
    adapter: str | None = None
    """An adapter that the engine was started with; None is its default, "" the base alone."""


class Engine(Protocol):
    """Continue a conversation. Safe to call from several threads."""

    @property
    def model(self) -> str:
        """The model's name in outcomes."""

    @property
    def capabilities(self) -> Capabilities: ...

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        """One completion. Raises `EngineFailed` where none could be had; the next call may work."""

    def candidates(
        self, prompt: Prompt, samplings: Sequence[Sampling], *, cancel: Cancel | None = None
    ) -> list[Completion]:
        """Several completions of one prompt, side by side where the engine can."""

    def prepare(self, prompts: Sequence[Prompt]) -> None:
        """Have the fixed beginnings of prompts ready, where the engine keeps any."""

    def count(self, text: str) -> int:
        """How many tokens the text has."""

    def cpu_seconds(self) -> float:
        """CPU seconds that it has used on this machine; 0 where that cannot be known."""

    def close(self) -> None: ...


class OneByOne:
    """The candidates of an engine that makes them one after the other."""

    def candidates(
        self: Engine,
        prompt: Prompt,
        samplings: Sequence[Sampling],
        *,
        cancel: Cancel | None = None,
    ) -> list[Completion]:
        return [self.complete(prompt, one, cancel=cancel) for one in samplings]
