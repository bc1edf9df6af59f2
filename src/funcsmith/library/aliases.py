"""More names of a function, in any language; and texts that it answers, with its parameters in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from ..errors import FunctionInvalid
from .saved import Origin, Saved, now
from .sentences import template

_LONGEST = 200


def named_also(saved: Saved, aliases: Sequence[str], others: Sequence[Saved]) -> Saved:
    """The function with these names too; FunctionInvalid where one is another function's."""
    for given in aliases:
        alias = unicodedata.normalize("NFKC", given.strip())
        if "{" in alias:
            saved = _answering(saved, alias)
            continue
        _check(alias, saved, others)
        if alias != saved.name:
            saved = replace(saved, aliases=tuple(dict.fromkeys((*saved.aliases, alias))))
    return saved


def _answering(saved: Saved, text: str) -> Saved:
    """With a text that it answers, wherever its parameters stand in it."""
    names = set(re.findall(r"\{([^\W\d]\w*)\}", text))
    known = set(saved.parameters.get("properties", {}))
    lacking = set(saved.parameters.get("required", ())) - names
    if not names or not names <= known or lacking or template(text) is None:
        raise FunctionInvalid(
            {
                "en": f"{text!r} is no text for {saved.name}{saved.signature}.",
                "zh": f"{text!r} 不能作为 {saved.name}{saved.signature} 的文本。",
            },
            hint={
                "en": "It needs every required parameter as {name}, other words around them, and "
                "no other name in braces.",
                "zh": "每个必需的参数都要以 {参数名} 出现，周围有其他文字，且没有别的花括号名称。",
            },
        )
    if text in saved.templates:
        return saved
    origin = Origin(text, None, text, now())
    return replace(saved, origins=(*saved.origins, origin))


def _check(alias: str, saved: Saved, others: Sequence[Saved]) -> None:
    if not alias or len(alias) > _LONGEST or not alias.isprintable():
        shown = alias[:60]
        raise FunctionInvalid(
            {"en": f"{shown!r} cannot be a name.", "zh": f"{shown!r} 不能作为名称。"}
        )
    for other in others:
        if other.file != saved.file and alias in (other.name, *other.aliases):
            raise FunctionInvalid(
                {
                    "en": f"{alias!r} is a name of {other.name} already.",
                    "zh": f"{alias!r} 已经是 {other.name} 的名称。",
                },
                hint={
                    "en": "Choose another one, or remove that function.",
                    "zh": "请换一个名称，或删除那个函数。",
                },
            )
