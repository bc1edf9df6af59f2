"""A GPT of one's own: the decoder-only Transformer of the seed, from one dial.

Multi-head self-attention, softmax(QKᵀ/√d_k)V, and a feed-forward layer with ReLU (GELU by choice),
as the `gpt2` of Transformers: so the original checkpoints load and run the same way. It differs
from the seed where GPT-2 does: norms stand before each part, positions are learned, and the table
of tokens is also the last layer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel
from transformers import set_seed as set_all_seeds

from .trainer import Plan

Activation = Literal["relu", "gelu"]
_HEAD_WIDTH = 64
_ACTIVATIONS = {"relu": "relu", "gelu": "gelu_new"}


@dataclass(frozen=True)
class Shape:
    """What follows from the dial: one depth, and everything else is derived.

    The width grows with the depth, as in nanochat, and heads are 64 wide. Wider models want a
    lower learning rate: it falls with the square root of the width.

    >>> Shape.of(6)
    Shape(depth=6, width=256, heads=4, context_tokens=1024, activation='relu')
    >>> round(Shape.of(6).learning_rate, 5), Shape.of(6).batch_tokens
    (0.0015, 8192)
    """

    depth: int
    width: int
    heads: int
    context_tokens: int = 1024
    activation: Activation = "relu"

    @classmethod
    def of(
        cls, depth: int, *, context_tokens: int = 1024, activation: Activation = "relu"
    ) -> Shape:
        heads = max(1, round(depth * 2 / 3))
        return cls(depth, heads * _HEAD_WIDTH, heads, context_tokens, activation)

    @property
    def learning_rate(self) -> float:
        return float(1.5e-3 * (256 / self.width) ** 0.5)

    @property
    def batch_tokens(self) -> int:
        """Tokens of one step."""
        return 8192 if self.depth <= 8 else 8192 * 2 ** ((self.depth - 5) // 4)

    def plan(self, tokens: int, **more: Any) -> Plan:
        """The steps over so many tokens, with a short warm-up."""
        steps = max(1, round(tokens / self.batch_tokens))
        warm = min(200, steps // 10)
        return Plan(steps=steps, learning_rate=self.learning_rate, warmup_steps=warm, **more)

    def facts(self) -> dict[str, Any]:
        return asdict(self)


def make(shape: Shape, tokenizer: Any, *, seed: int = 0) -> GPT2LMHeadModel:
    """A model with random weights for this tokenizer."""
    set_all_seeds(seed)
    config = GPT2Config(
        # Whole blocks of 64 rows multiply faster.
        vocab_size=-(-len(tokenizer) // 64) * 64,
        n_positions=shape.context_tokens,
        n_embd=shape.width,
        n_layer=shape.depth,
        n_head=shape.heads,
        activation_function=_ACTIVATIONS[shape.activation],
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=tokenizer.convert_tokens_to_ids("<|endoftext|>"),
        eos_token_id=tokenizer.convert_tokens_to_ids("<|im_end|>"),
        pad_token_id=tokenizer.convert_tokens_to_ids("<|endoftext|>"),
    )
    return GPT2LMHeadModel(config)


def load(folder: Path | str) -> Any:
    """Any causal model of Transformers: one of ours, or `gpt2` where a hub is reachable."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype="float32")


def parameters(model: Any) -> int:
    """Every weight once; the table of tokens and the last layer are one."""
    return sum(one.numel() for one in model.parameters())


__all__ = ["Activation", "Shape", "load", "make", "parameters"]
