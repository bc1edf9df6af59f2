"""What a docstring says: a summary, the prose, and a description for each parameter.

Read line by line, so that every habit is understood at once: `name: …`, `:param name: …`,
Google's `Args:`, NumPy's underlined sections, and Chinese `name：…` with or without `参数：`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_SECTION = re.compile(
    r"^\s*(args|arguments|parameters|params|returns?|raises|yields?|examples?|notes?|see also|"
    r"参数(?:说明)?|返回值?|示例|例子?|异常|说明|注意|用法)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_NOT_PROSE = re.compile(
    r"^\s*(>>>|\.\.\.|[:@](?:param|return|returns|rtype|raises|type)\b|"
    r"(?:returns?|raises|yields?|examples?|返回值?|示例|例如?|异常)\s*[:：])",
    re.IGNORECASE,
)
_PARAMETER = re.compile(
    r"^(?P<indent>\s*)(?:[-*•·]\s+)?"
    r"(?:参数\s*[:：]?\s*|[:@]param(?:eter)?\s+(?:[^:：]*\s)?)?"
    r"[`*]{0,2}(?P<names>[^\W\d]\w*(?:\s*[,、]\s*[^\W\d]\w*)*)[`*]{0,2}"
    r"\s*(?:[(（][^()（）]*[)）])?\s*(?P<mark>[:：]|\s[–—-]+\s)\s*(?P<said>.*)$"
)
_UNDERLINE = re.compile(r"^\s*[-=~]{3,}\s*$")


def described(docstring: str, names: Collection[str]) -> dict[str, str]:
    """The description of each named parameter that the docstring describes.

    >>> described("求面积。\\n\\n宽：米\\nheight: in metres", ["宽", "height"])
    {'宽': '米', 'height': 'in metres'}
    """
    lines = docstring.expandtabs(4).splitlines()
    found: dict[str, str] = {}
    numpy = False
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if _SECTION.match(line):
            numpy = number < len(lines) and bool(_UNDERLINE.match(lines[number]))
            continue
        match = _PARAMETER.match(line) if len(line) < 2_000 else None
        if match is None or line.lstrip().startswith(">>>"):
            continue
        mentioned = [name.strip() for name in re.split("[,、]", match["names"])]
        if not all(name in names for name in mentioned):
            continue
        parts = [match["said"].strip()]
        while number < len(lines) and lines[number].strip():
            if _indent(lines[number]) <= len(match["indent"]):
                break
            parts.append(lines[number].strip())
            number += 1
        if numpy and parts[1:]:
            del parts[0]  # what stands behind the colon there is the type
        said = " ".join(part for part in parts if part)
        for name in mentioned:
            if said:
                found.setdefault(name, said)
    return found


def typed(docstring: str, names: Collection[str]) -> dict[str, str]:
    """The type of each named parameter as the docstring writes it, where it does.

    >>> typed("Args:\\n    n (int, optional): How many.\\n\\n:type x: list of str", ["n", "x"])
    {'n': 'int', 'x': 'list of str'}
    """
    found: dict[str, str] = {}
    lines = docstring.expandtabs(4).splitlines()
    numpy = False
    for number, line in enumerate(lines):
        if len(line) >= 2_000:
            continue
        if _SECTION.match(line):
            numpy = number + 1 < len(lines) and bool(_UNDERLINE.match(lines[number + 1]))
            continue
        for form in (
            _SPHINX_TYPE,
            _SPHINX_PARAMETER,
            _GOOGLE_TYPE,
            *([_NUMPY_TYPE] if numpy else []),
        ):
            match = form.match(line)
            if match is None:
                continue
            for name in re.split(r"\s*[,、]\s*", match["names"].strip()):
                if name in names:
                    found.setdefault(name, _OPTIONAL.sub("", match["type"]).strip())
            break
    return {name: said for name, said in found.items() if said}


_SPHINX_TYPE = re.compile(r"^\s*[:@]type\s+(?P<names>\w+)\s*:\s*(?P<type>.+)$")
_SPHINX_PARAMETER = re.compile(
    r"^\s*[:@]param(?:eter)?\s+(?P<type>[^\s:：][^:：]*?)\s+(?P<names>\w+)\s*[:：]"
)
_GOOGLE_TYPE = re.compile(
    r"^\s*(?:[-*•·]\s+)?[`*]{0,2}(?P<names>[^\W\d]\w*)[`*]{0,2}\s*[(（](?P<type>[^()（）]+)[)）]\s*[:：]"
)
_NUMPY_TYPE = re.compile(
    r"^\s*(?P<names>[^\W\d]\w*(?:\s*,\s*[^\W\d]\w*)*)\s*:\s*(?P<type>[^\s].*)$"
)
_OPTIONAL = re.compile(
    r"\s*[,，;；]?\s*(?:\boptional\b|\bdefaults?\b.*|可选|默认.*)$", re.IGNORECASE
)


def summary(docstring: str) -> str:
    """The first line that says something."""
    for line in docstring.splitlines():
        if line.strip() and not _NOT_PROSE.match(line):
            return line.strip()
    return ""


def prose(docstring: str, names: Collection[str]) -> str:
    """What the function does, in the docstring's words: no sections, parameters or examples."""
    kept: list[str] = []
    for line in docstring.splitlines():
        if _SECTION.match(line) or _UNDERLINE.match(line) or _NOT_PROSE.match(line):
            break
        match = _PARAMETER.match(line) if len(line) < 2_000 else None
        if match and all(name.strip() in names for name in re.split("[,、]", match["names"])):
            break
        kept.append(line.strip())
    return " ".join(line for line in kept if line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
