"""The tokenizer: any text there and back, digits alone, one template for training and serving."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")


from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from transformers import AutoTokenizer

from funcsmith.training.tokenizer import train_tokenizer

TEXTS = [
    "把 36.6 摄氏度换成华氏度，再把结果保留两位小数。" * 3,
    "How many days are there between two dates? Return the number of days." * 3,
    "def factorial(n: int) -> int:\n    return 1 if n < 2 else n * factorial(n - 1)\n" * 3,
]
TOKENIZER = train_tokenizer(TEXTS, vocabulary=400)


@given(st.text(st.characters(exclude_categories=["Cs"])))
@effort(max_examples=60)
def test_any_text_comes_back(text: str) -> None:
    """Every text is written in bytes, so what was never seen comes back letter for letter."""
    ids = TOKENIZER(text, add_special_tokens=False)["input_ids"]

    assert TOKENIZER.decode(ids, skip_special_tokens=False) == text


def test_what_was_seen_is_short() -> None:
    """Merges are learned in all three kinds of text."""
    for text, most in (("摄氏度", 3), ("How many days", 6), ("return", 2)):
        assert len(TOKENIZER(text)["input_ids"]) <= most


def test_digits_stand_alone() -> None:
    """A number is spelled digit by digit."""
    assert TOKENIZER.tokenize("2026") == ["2", "0", "2", "6"]


def test_same_texts_give_the_same_tokenizer() -> None:
    """Nothing but the texts decides about the merges."""
    again = train_tokenizer(TEXTS, vocabulary=400)

    assert again.backend_tokenizer.to_str() == TOKENIZER.backend_tokenizer.to_str()


def test_template_leaves_examples_out(tmp_path) -> None:
    """Of a serving prompt the first line and the last message stay, also after a reload."""
    TOKENIZER.save_pretrained(tmp_path)
    loaded = AutoTokenizer.from_pretrained(tmp_path)
    said = [
        {"role": "system", "content": "You write calls.\n- A rule."},
        {"role": "user", "content": "An example."},
        {"role": "assistant", "content": "f(1)"},
        {"role": "user", "content": "寄 3 公斤"},
    ]

    text = loaded.apply_chat_template(said, add_generation_prompt=True, tokenize=False)

    assert text == (
        "<|im_start|>system\nYou write calls.<|im_end|>\n"
        "<|im_start|>user\n寄 3 公斤<|im_end|>\n<|im_start|>assistant\n"
    )
    assert loaded.convert_ids_to_tokens([loaded.eos_token_id]) == ["<|im_end|>"]
