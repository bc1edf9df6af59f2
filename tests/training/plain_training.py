"""A small training in a process of its own: killed by tests, and started twice side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel

from funcsmith.training.trainer import Batch, Plan, held_out_loss, train


class Counting:
    """Rows that count upwards from a random number: a small model can learn them."""

    fingerprint = "counting"

    def batch(self, step: int) -> Batch:
        random = torch.Generator().manual_seed(step)
        begins = torch.randint(0, 64, (4, 1), generator=random)
        tokens = (begins + torch.arange(17)) % 64
        lengths = torch.tensor([17, 9, 17, 13])
        counted = torch.arange(17)[None, :] < lengths[:, None]
        counted[:, :3] = False
        return Batch(tokens, counted, lengths)


def model() -> GPT2LMHeadModel:
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=64, n_positions=32, n_embd=32, n_layer=2, n_head=2, activation_function="relu",
        resid_pdrop=0.1, embd_pdrop=0.0, attn_pdrop=0.0,
    )  # fmt: skip
    return GPT2LMHeadModel(config)


def plan(steps: int) -> Plan:
    return Plan(steps=steps, learning_rate=3e-3, warmup_steps=3, evaluate_every=10)


def main(folder: str, steps: str, *, dropout: bool = True) -> None:
    torch.set_num_threads(1)
    source, trained = Counting(), model()
    if not dropout:
        trained.config.resid_pdrop = 0.0
        for part in trained.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.0
    train(
        trained,
        source,
        plan(int(steps)),
        Path(folder),
        evaluate=lambda bare, _: {"loss": held_out_loss(bare, source, 2)},
        checkpoint_seconds=0.02,
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], dropout=sys.argv[3:] != ["--no-dropout"])
