"""Where in an answer that begins which continues what was given."""

from __future__ import annotations

import pytest

from funcsmith.models.continuation import continuation

FENCE = "```python\n"
CODE = "def f(n: int) -> int:\n    return n\n\nf(5)"
HEADER = 'def f(n: int) -> int:\n    """Same."""\n'


@pytest.mark.parametrize(
    ("answer", "continued"),
    [
        (CODE, True),
        (f"{CODE}\n```\n\nThis gives 5.", True),
        (f"\n{CODE}", True),
        (f"{FENCE}{CODE}\n```", False),
        (f"```\n{CODE}\n```", False),
        (f"Here is the function:\n\n{FENCE}{CODE}\n```\nIt gives 5.", False),
        (f"Sure!\n```py\n{CODE}\n```", False),
        (f"# Solution\n\n{FENCE}{CODE}\n```", False),
        (f"Here you are:\n\n{CODE}", False),
        (f"<think>def g(): hm</think>\n\n{FENCE}{CODE}\n```", False),
    ],
)
def test_code_is_found(answer: str, continued: bool) -> None:
    """Behind whatever stands before it, and whether the server went on by itself is told."""
    found = continuation(answer, FENCE)

    assert found is not None
    assert answer[found.start :].startswith(CODE)
    assert found.continued is continued


@pytest.mark.parametrize(
    "answer",
    [
        "    return n\n",
        f"{FENCE}{HEADER}    return n\n```",
        f"{HEADER}    return n\n",
        f"Here:\n{FENCE}{HEADER}    return n\n```",
        f"{FENCE}import math\n\ndef f(n):\n    '''Another.'''\n    return n\n```",
        f"{FENCE}def f(n):\n    return n\n```",
    ],
)
def test_body_behind_a_header(answer: str) -> None:
    """A header that was given is not taken twice, also where the server wrote it another way."""
    found = continuation(answer, FENCE + HEADER)

    assert found is not None
    assert answer[found.start :].startswith("    return n\n")


def test_none_continues_and_prose_does_not_tell() -> None:
    """`none` is an answer; words alone say nothing about the server."""
    none = continuation("none", FENCE)
    words = continuation("I am sorry.", FENCE)

    assert none is not None and (none.start, none.continued) == (0, True)
    assert words is not None and (words.start, words.continued) == (0, None)


@pytest.mark.parametrize("part", ["", "```", "Here is", "Here is:\n", "<thi", "<think>x", "def f("])
def test_part_of_an_answer_does_not_tell(part: str) -> None:
    """As long as more may change it, nothing is said."""
    assert continuation(part, FENCE, whole=False) is None
