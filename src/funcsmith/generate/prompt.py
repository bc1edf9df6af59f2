"""Prompts are files; this reads them. Serving and training render the same bytes through here."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from ..models.engine import Message, Prompt

_ROLE = re.compile(r"^# (system|user|assistant)\n", re.MULTILINE)

FENCE = "```python\n"
"""Every answer begins with this; it is given, never generated."""
QUERY_FENCE = "```sql\n"
"""The same where a query over tables is asked for."""


@lru_cache(maxsize=8)
def conversation(name: str) -> tuple[Message, ...]:
    """The fixed beginning of a prompt: instructions and worked examples."""
    text = (files("funcsmith.generate") / "prompts" / f"{name}.md").read_text("utf-8")
    parts = _ROLE.split(text)[1:]
    return tuple(
        Message(role, content.strip())  # type: ignore[arg-type]  # the pattern admits only roles
        for role, content in zip(parts[::2], parts[1::2], strict=False)
    )


def prompt(name: str, text: str, *, prefix: str = FENCE) -> Prompt:
    """The whole prompt for one text; its fixed part is the same for every text.

    A file that ends with the user's turn says itself where the text goes.
    """
    said = conversation(name)
    if said[-1].role == "user":
        template = said[-1].content
        return Prompt((*said[:-1], Message("user", template.replace("{text}", text))), prefix)
    return Prompt((*said, Message("user", text)), prefix)


def fixed(name: str) -> Prompt:
    """The part that is computed once and kept."""
    return Prompt(conversation(name))
