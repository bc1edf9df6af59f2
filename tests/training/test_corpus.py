"""Batches: the same whenever asked, every text once a round, of answers only what is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from funcsmith.contract import Tool
from funcsmith.errors import InputInvalid
from funcsmith.models.transformers import conversation_text
from funcsmith.training.corpus import (
    Answers,
    Example,
    Packed,
    decontaminated_texts,
    examples_of_records,
    ids_of,
    standard_library,
    texts_of_files,
)
from funcsmith.training.decontamination import Sets
from funcsmith.training.record import Record
from funcsmith.training.rendering import render
from funcsmith.training.tokenizer import train_tokenizer

DOUBLE = Tool(
    name="double",
    description="Twice a number.",
    parameters={"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]},
)
RECORD = Record.of(
    text="Double 21, please.",
    kind="parameters",
    tools=(DOUBLE,),
    function="double",
    arguments={"n": 21},
    spans={"/n": [(7, 9)]},
)
TOKENIZER = train_tokenizer([RECORD.text, "def double(n): return 2 * n"] * 3, vocabulary=300)


@given(count=st.integers(1, 60), block=st.integers(2, 9), rows=st.integers(1, 5))
@effort(max_examples=40)
def test_every_block_comes_once_a_round(count: int, block: int, rows: int) -> None:
    """In each round every block is there once, and every token but the first is foretold once."""
    blocks = count
    source = Packed(list(range(1, blocks * block + 2)), block=block, rows=rows)
    steps = blocks * rows // rows
    seen = [row for step in range(steps) for row in source.batch(step).tokens.tolist()]
    foretold = sorted(token for row in seen[:blocks] for token in row[1:])

    assert foretold == list(range(2, blocks * block + 2))


def test_batches_are_the_same_again() -> None:
    """A batch follows from its number and the seed, not from what was asked before."""
    one, two = (Packed(list(range(99)), block=4, rows=3, seed=5) for _ in range(2))
    other = Packed(list(range(99)), block=4, rows=3, seed=6)
    two.batch(40)

    assert one.batch(7).tokens.equal(two.batch(7).tokens)
    assert not one.batch(7).tokens.equal(other.batch(7).tokens)
    assert one.fingerprint == two.fingerprint != other.fingerprint


def test_answers_alone_count() -> None:
    """Of each row the answer's tokens count, padding and prompt do not."""
    examples = [Example((1, 2, 3), (4, 5)), Example((6,), (7, 8, 9, 10))]
    batch = Answers(examples, rows=2).batch(0)
    rows = {
        tuple(r[:n].tolist()): c[:n].tolist() for r, c, n in zip(*vars(batch).values(), strict=True)
    }

    assert rows == {
        (1, 2, 3, 4, 5): [False, False, False, True, True],
        (6, 7, 8, 9, 10): [False, True, True, True, True],
    }


@given(st.lists(st.integers(1, 30), min_size=1, max_size=80), st.integers(1, 7))
@effort(max_examples=40)
def test_every_answer_comes_once_a_round(sizes: list[int], rows: int) -> None:
    """In a round no example comes twice, and at most the rest of a batch is left out."""
    examples = [Example((at + 1,), (0,) * size) for at, size in enumerate(sizes)]
    source = Answers(examples, rows=rows)
    seen = [int(row[0]) for step in range(source.batches) for row in source.batch(step).tokens]

    assert len(seen) == len(set(seen))
    assert len(examples) - len(seen) < max(1, min(rows, len(examples)))


def test_prompt_is_the_one_that_is_served() -> None:
    """An example's prompt is, token by token, what the engine makes of the rendered prompt."""
    rendered = render(RECORD, way="direct")
    (example,), left_out = examples_of_records(
        TOKENIZER, [RECORD], ways=("direct",), context_tokens=4096
    )
    served = conversation_text(TOKENIZER, rendered.prompt)

    assert TOKENIZER.decode(example.prompt) == served
    assert list(example.prompt) == TOKENIZER(served)["input_ids"]
    assert TOKENIZER.decode(example.answer) == rendered.answer + "<|im_end|>"
    assert left_out == {"too long": 0, "not sayable": 0}


def test_what_is_too_long_is_counted() -> None:
    """An example beyond the context is left out, and that is told."""
    found, left_out = examples_of_records(TOKENIZER, [RECORD], ways=("direct",), context_tokens=20)

    assert (found, left_out["too long"]) == ([], 1)


def test_texts_end() -> None:
    """Behind every text stands the token that ends it."""
    end = TOKENIZER.convert_tokens_to_ids("<|endoftext|>")
    ids = ids_of(TOKENIZER, ["Double 21", "n"])

    assert ids[-1] == end
    assert TOKENIZER.decode(ids) == "Double 21<|endoftext|>n<|endoftext|>"


def test_nothing_to_train_on_is_said() -> None:
    """No examples are an error with what to do."""
    with pytest.raises(InputInvalid, match="no example"):
        Answers([], rows=2)


def test_library_functions_have_docstrings(tmp_path: Path) -> None:
    """Functions with a docstring are taken, tests and files that are no Python are not."""
    body = (
        '    """Say what it is, at some length, so that there is something to learn from it."""\n'
    )
    (tmp_path / "good.py").write_text(
        f"class A:\n    def f(self):\n    {body}        return 1\n\ndef bare():\n    return 2\n"
    )
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "a.py").write_text(f"def g():\n{body}    return 3\n")
    (tmp_path / "broken.py").write_text("def (:\n")

    (text,) = standard_library(tmp_path)

    assert text.startswith('def f(self):\n    """Say')
    assert text.endswith("\n    return 1")


def test_texts_of_evaluation_sets_are_left_out() -> None:
    """A text that shares ten words in a row with an evaluation set is not pretrained on."""
    sets = Sets()
    asked = "Return the sum of all even numbers in a list of integers given here."
    sets.add("humaneval", asked)
    near = f"def f(a):\n    # {asked.lower()}\n    return 1"
    other = "def f(a):\n    # Return the sum of all even numbers in a tuple.\n    return 1"

    assert decontaminated_texts([near, other], sets) == ([other], {"humaneval": 1})


def test_own_files(tmp_path: Path) -> None:
    """Folders give their text files in order; what cannot be read is an error with its name."""
    (tmp_path / "b.md").write_text("二")
    (tmp_path / "a.py").write_text("one")
    (tmp_path / "c.png").write_bytes(b"\x89")

    assert [*texts_of_files([tmp_path])] == ["one", "二"]
    (tmp_path / "d.txt").write_bytes(b"\xff")
    with pytest.raises(InputInvalid, match=r"d\.txt cannot be read"):
        [*texts_of_files([tmp_path])]
