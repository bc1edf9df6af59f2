"""Byte-level BPE for Chinese, English and Python, saved as Transformers' own kind of tokenizer.

Any text can be written in it, since every byte is a token. Digits stand alone, so that a number
is spelled the same way wherever it stands. Conversations are ChatML, but of the worked examples and
rules of a serving prompt a small model gets only the first line and the last message: what the
examples show it learns while it is trained. The template does this, and it is the one for training
and for serving.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

END = "<|endoftext|>"
START_OF_TURN = "<|im_start|>"
END_OF_TURN = "<|im_end|>"
SPECIAL = (END, START_OF_TURN, END_OF_TURN)

_PIECES = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    # Chinese has no spaces: runs of Han stand alone, so that merges never cross into other writing.
    r"|\p{Han}+"
    r"|[^\r\n\p{L}\p{N}]?(?:(?!\p{Han})\p{L})+"
    r"|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_TURN = "{{ '<|im_start|>' + %s['role'] + '\\n' + %s + '<|im_end|>' + '\\n' }}"
SHORT_TEMPLATE = (
    "{%- if messages[0]['role'] == 'system' -%}"
    + _TURN % ("messages[0]", "messages[0]['content'].split('\\n')[0]")
    + "{%- endif -%}"
    "{%- if messages[-1]['role'] != 'system' -%}"
    + _TURN
    % ("messages[-1]", "messages[-1]['content']")
    + "{%- endif -%}"
    "{%- if add_generation_prompt -%}{{ '<|im_start|>assistant\\n' }}{%- endif -%}"
)


def train_tokenizer(
    texts: Iterable[str], *, vocabulary: int = 8192, context_tokens: int = 1024
) -> PreTrainedTokenizerFast:
    """A tokenizer of at most so many tokens, from texts; the same texts give the same tokenizer."""
    made = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(_PIECES), behavior="isolated")
    bytewise = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    made.pre_tokenizer = pre_tokenizers.Sequence([split, bytewise])
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator((_clean(text) for text in texts), trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        bos_token=END,
        eos_token=END_OF_TURN,
        pad_token=END,
        additional_special_tokens=[START_OF_TURN],
        chat_template=SHORT_TEMPLATE,
        model_max_length=context_tokens,
        clean_up_tokenization_spaces=False,
    )


def characters_a_token(tokenizer: Any, texts: Iterable[str]) -> float:
    """How many characters a token holds on average: what a vocabulary is worth."""
    characters = tokens = 0
    for text in texts:
        characters += len(text)
        tokens += len(tokenizer(text, add_special_tokens=False)["input_ids"])
    return characters / max(1, tokens)


def _clean(text: str) -> str:
    # Lone surrogates have no bytes.
    return text.encode("utf-8", "replace").decode("utf-8")


__all__ = [
    "END",
    "END_OF_TURN",
    "SHORT_TEMPLATE",
    "SPECIAL",
    "START_OF_TURN",
    "characters_a_token",
    "train_tokenizer",
]
