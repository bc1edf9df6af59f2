"""The model alone: its maker's prompt, and the code of its answer."""

from __future__ import annotations

from funcsmith.evaluate import raw
from funcsmith.models.scripted import Scripted


def test_prompt_is_the_makers() -> None:
    """One turn of the user with the problem in a block; the answer begins inside a block."""
    prompt = raw.raw_prompt("def f(n):\n    ...\n")

    assert [(m.role, m.content) for m in prompt.messages] == [
        ("user", f"{raw.ASKED}\n```\ndef f(n):\n    ...\n```\n")
    ]
    assert prompt.prefix == f"{raw.BEGINNING}\n```python\n"


def test_answer_is_one_completion() -> None:
    """Nothing is asked again, and what follows the block is no code."""
    code = "import math\n\ndef f(n):\n    return math.sqrt(n)"
    engine = Scripted().enqueue(f"{code}\n```\nIt takes the root.")
    answer = raw.answer_raw(engine, "the root")

    assert answer.source == "import math\n\ndef f(n):\n    return math.sqrt(n)"
    assert len(engine.prompts) == 1


def test_code_keeps_definitions_only() -> None:
    """Prints, asserts and the main block go; decorators, classes and constants stay."""
    text = (
        "from functools import cache\nLIMIT = 3\n@cache\ndef f(n):\n    return min(n, LIMIT)\n"
        "class A:\n    pass\nprint(f(1))\nassert f(9) == 3\nif __name__ == '__main__':\n    f(2)\n"
    )

    assert raw.code_of(text) == (
        "from functools import cache\n\nLIMIT = 3\n\n@cache\ndef f(n):\n    return min(n, LIMIT)"
        "\n\nclass A:\n    pass"
    )


def test_torn_code_is_cut_to_what_is_python() -> None:
    """An answer that ran out of tokens keeps what was whole; none of it may be."""
    assert raw.code_of("def f(n):\n    return n\n\nprint((") == "def f(n):\n    return n"
    assert raw.code_of("I cannot do that, because") == ""
