"""A causal model that computes a beginning which many rows share once a step, and not for every row.

A serving prompt is long and mostly the same for every text: instructions and worked examples, some
1,800 tokens before the 150 that differ. What the model makes of them is computed without gradients,
with the weights as they are, and shared by all rows that begin so. The loss of a step is the loss of
serving, to the last digits; what is left out is the gradient through the shared part.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import torch
from transformers import DynamicCache

State = list[tuple[torch.Tensor, torch.Tensor]]
"""Keys and values of each layer. Shapes: (1, heads, beginning, width)."""


class Beginnings(torch.nn.Module):  # type: ignore[misc]  # torch may not be installed
    """Has a causal model's `forward`, as far as `trainer.py` uses it."""

    def __init__(self, model: Any, beginnings: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.model = model
        longest_first = sorted({tuple(one) for one in beginnings}, key=len, reverse=True)
        self._beginnings = [torch.tensor(one) for one in longest_first]
        self._states: dict[int, tuple[int, State]] = {}
        inner = model.get_base_model() if hasattr(model, "get_base_model") else model
        # Transformers renamed it in the middle of version 5.
        taken = inspect.signature(inner.forward).parameters
        self._cache_name = "cache" if "cache" in taken else "past_key_values"

    @property
    def config(self) -> Any:
        return self.model.config

    def forward(
        self,
        input_ids: torch.Tensor,
        use_cache: bool = False,
        logits_to_keep: torch.Tensor | int = 0,
    ) -> Any:
        """The model's output; logits only of the places to keep, which no beginning may have.

        Shapes: input_ids (B, T) int64; logits_to_keep (P,) int64, places among T; logits (B, P, V).
        """
        number = self._begun(input_ids)
        keep = logits_to_keep
        if number is None or isinstance(keep, int) or int(keep.min()) < self._length(number):
            return self.model(input_ids=input_ids, use_cache=use_cache, logits_to_keep=keep)
        length = self._length(number)
        rows = input_ids.shape[0]
        past = DynamicCache()
        for layer, (keys, values) in enumerate(self._state(number, input_ids.device)):
            past.update(keys.expand(rows, -1, -1, -1), values.expand(rows, -1, -1, -1), layer)
        return self.model(
            input_ids=input_ids[:, length:],
            use_cache=True,
            logits_to_keep=keep - length,
            **{self._cache_name: past},
        )

    def _length(self, number: int) -> int:
        return len(self._beginnings[number])

    def _begun(self, tokens: torch.Tensor) -> int | None:
        """The longest beginning that all rows have, and go on behind."""
        for number, beginning in enumerate(self._beginnings):
            some = len(beginning)
            if tokens.shape[1] > some and bool((tokens[:, :some].cpu() == beginning).all()):
                return number
        return None

    def _state(self, number: int, device: torch.device) -> State:
        """What the model makes of a beginning, computed anew once its weights have changed."""
        version = sum(one._version for one in self.parameters() if one.requires_grad)  # noqa: SLF001 - how torch counts changes
        kept = self._states.get(number)
        if kept is None or kept[0] != version:
            tokens = self._beginnings[number][None].to(device)
            with torch.no_grad():
                said = self.model(input_ids=tokens, use_cache=True, logits_to_keep=1)
            state = [(layer.keys, layer.values) for layer in getattr(said, self._cache_name).layers]
            kept = self._states[number] = (version, state)
        return kept[1]


def shared(rows: Sequence[Sequence[int]], *, least: int = 48) -> list[int]:
    """The tokens that all rows begin with; none where they are fewer than pay.

    >>> shared([[1, 2, 3, 4], [1, 2, 5]], least=2)
    [1, 2]
    """
    if not rows:
        return []
    first, last = min(map(tuple, rows)), max(map(tuple, rows))
    # What is asked for behind it needs one token to be asked from.
    most = min(map(len, rows)) - 1
    count = 0
    for one, other in zip(first, last, strict=False):
        if one != other or count == most:
            break
        count += 1
    return list(first[:count]) if count >= least else []


__all__ = ["Beginnings", "shared"]
