"""The GPT: the seed's formulas by hand, one dial, and original checkpoints of the same kind."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from funcsmith.models.engine import Message, Prompt, Sampling
from funcsmith.settings import settings
from funcsmith.starting import start
from funcsmith.training.gpt import Shape, load, make, parameters
from funcsmith.training.tokenizer import train_tokenizer
from funcsmith.training.trainer import Batch, losses

TOKENIZER = train_tokenizer(["abc 中文"], vocabulary=280)


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_it_computes_the_seed_s_formulas(activation) -> None:
    """softmax(QKᵀ/√d_k)V over what came before, heads side by side, and a feed-forward layer."""
    model = make(Shape(2, 128, 2, 32, activation), TOKENIZER, seed=3).eval()
    ids = torch.tensor([[5, 200, 17, 99, 4, 4, 231]])
    parts = model.transformer
    kind = {"relu": functional.relu, "gelu": lambda x: functional.gelu(x, approximate="tanh")}
    with torch.no_grad():
        x = parts.wte.weight[ids[0]] + parts.wpe.weight[: ids.shape[1]]  # (T, D)
        for block in parts.h:
            normed = block.ln_1(x)
            q, k, v = (normed @ block.attn.c_attn.weight + block.attn.c_attn.bias).split(128, -1)
            heads = []
            for at in (slice(0, 64), slice(64, 128)):
                scores = q[:, at] @ k[:, at].T / math.sqrt(64)  # (T, T)
                later = torch.ones_like(scores).triu(1).bool()
                heads.append(scores.masked_fill(later, -math.inf).softmax(-1) @ v[:, at])
            x = x + torch.cat(heads, -1) @ block.attn.c_proj.weight + block.attn.c_proj.bias
            inner = block.ln_2(x) @ block.mlp.c_fc.weight + block.mlp.c_fc.bias
            x = x + kind[activation](inner) @ block.mlp.c_proj.weight + block.mlp.c_proj.bias
        expected = parts.ln_f(x) @ parts.wte.weight.T  # (T, V)
        found = model(input_ids=ids).logits[0]

        assert torch.allclose(found, expected, atol=1e-5)
        batch = Batch(ids, torch.ones_like(ids, dtype=torch.bool), torch.tensor([7]))
        shares = expected.log_softmax(-1)
        wanted = [-float(shares[at, ids[0, at + 1]]) for at in range(6)]
        assert losses(model, batch).tolist() == pytest.approx(wanted, abs=1e-4)


def test_everything_follows_from_the_dial() -> None:
    """A deeper model is wider, has more heads and learns more slowly."""
    shapes = [Shape.of(depth) for depth in (1, 2, 4, 6, 8, 12)]

    assert [one.width for one in shapes] == [64, 64, 192, 256, 320, 512]
    assert all(one.width == one.heads * 64 for one in shapes)
    assert [one.learning_rate for one in shapes] == sorted(
        (one.learning_rate for one in shapes), reverse=True
    )
    plan = Shape.of(6).plan(tokens=8192 * 50)
    assert (plan.steps, plan.warmup_steps, plan.learning_rate) == (50, 5, 1.5e-3)


def test_the_usual_size_has_five_million_weights() -> None:
    """With a full vocabulary the default depth is over five million, each weight counted once."""
    shape = Shape.of(6)
    with torch.device("meta"):
        model = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=8192, n_positions=1024, n_embd=shape.width, n_layer=6, n_head=shape.heads
            )
        )

    assert parameters(model) == 7_098_368


def test_seed_decides_about_the_weights() -> None:
    """The same seed gives the same weights."""
    one, two, other = (make(Shape(1, 64, 1, 16), TOKENIZER, seed=s) for s in (1, 1, 2))

    assert one.transformer.wte.weight.equal(two.transformer.wte.weight)
    assert not one.transformer.wte.weight.equal(other.transformer.wte.weight)


def test_original_checkpoints_load_and_run(tmp_path: Path) -> None:
    """A folder as OpenAI's `gpt2` is (GELU, its tokenizer, no template) loads here and serves."""
    torch.manual_seed(0)
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: at for at, letter in enumerate([*letters, "<|endoftext|>"])}
    bpe = Tokenizer(models.BPE(vocabulary, []))
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="<|endoftext|>").save_pretrained(
        tmp_path
    )
    original = GPT2LMHeadModel(
        GPT2Config(vocab_size=257, n_positions=64, n_embd=32, n_layer=1, n_head=2,
                   bos_token_id=256, eos_token_id=256)
    )  # fmt: skip
    original.save_pretrained(tmp_path)

    assert load(tmp_path).config.activation_function == "gelu_new"
    engine = start(str(tmp_path), settings(), None)
    prompt = Prompt((Message("user", "二加三"),), "= ")
    said = engine.complete(prompt, Sampling(max_tokens=3, grammar="root ::= [0-9]+", logprobs=1))
    assert said.text.isdecimal()
    assert len(said.text) == said.generated_tokens == 3
    # Nine bytes of Chinese, a blank line, and the beginning.
    assert said.prompt_tokens == 9 + 2 + 2
    # The beginning's blank may belong to a longer token, so it is said again.
    with torch.no_grad():
        ids = torch.tensor([engine._running().ids("二加三\n\n= ")])
        shares = original.eval()(input_ids=ids).logits[0, -1].log_softmax(-1)
    assert said.tokens[0].logprob == pytest.approx(
        float(shares[vocabulary[said.text[0]]]), abs=1e-4
    )
