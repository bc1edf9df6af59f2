"""What of an answer continues a beginning that was given for it.

Servers differ: one goes on behind the beginning, one repeats it, one starts anew with prose and a
fence of code. Read here is only where the continuation begins; nothing in it is changed.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_THOUGHT = re.compile(r"\s*<think>.*?</think>", re.DOTALL)
_FENCE_LINE = re.compile(r"^[ \t]*```([\w+-]*)[ \t]*\n", re.MULTILINE)
_CODE_LINE = re.compile(
    r"[ \t]+\S|#|@\w|def \w|async def |class \w|import \w|from [\w.]+ import |none\b|other\b|\w[\w.]*\(",
    re.IGNORECASE,
)
_PLAIN_CODE = re.compile(r"^(?:def |import \w|from [\w.]+ import |@\w)", re.MULTILINE)


@dataclass(frozen=True)
class Continuation:
    """Where the continuation begins, and whether the server went on by itself."""

    start: int
    continued: bool | None
    """None where it cannot be told."""


def continuation(answer: str, prefix: str, *, whole: bool = True) -> Continuation | None:
    """Where the answer goes on behind the prefix. None while a part of it does not tell yet.

    `whole`: the answer has ended, so that nothing more can tell.
    """
    at = 0
    if thought := _THOUGHT.match(answer):
        at = thought.end()
    elif "<think>".startswith(answer.lstrip()[:7]):
        return Continuation(len(answer), None) if whole else None
    if not prefix:
        return Continuation(at, None)
    said = answer[at:]
    blank = len(said) - len(said.lstrip("\n"))
    if said.lstrip().startswith(prefix.strip()):
        end = at + len(said) - len(said.lstrip()) + len(prefix.strip())
        return Continuation(end + _break(answer, end, prefix), False)
    given = prefix.partition("\n")[2] if prefix.startswith("```") else prefix
    fence = _opening(said)
    if fence is not None:
        return Continuation(_behind(answer, at + fence, given, whole=whole), False)
    lead = said[blank:]
    if not whole and "\n" not in lead:
        return None
    if _CODE_LINE.match(lead) or (given and any(map(_CODE_LINE.match, lead.splitlines()))):
        if given and (again := _repeated(said, given)) is not None:
            return Continuation(at + again, False)
        return Continuation(at + blank, True)
    if not whole:
        return None
    plain = _PLAIN_CODE.search(said)
    if plain is not None:
        return Continuation(_behind(answer, at + plain.start(), given, whole=whole), False)
    return Continuation(at + blank, None)


def _opening(said: str) -> int | None:
    """Behind the first line that opens a fence; None where the first one closes, or none is there.

    A fence that names its language opens. One that does not may close what was given open.
    """
    fence = _FENCE_LINE.search(said)
    if fence is None:
        return None
    before = said[: fence.start()].strip("\n").splitlines()
    if fence[1] or not any(map(_CODE_LINE.match, before)):
        return fence.end()
    return None


def _behind(answer: str, start: int, given: str, *, whole: bool) -> int:
    """Behind the given code, where the code that starts there has it again."""
    if not given.strip():
        return start
    again = _repeated(answer[start:], given)
    if again is not None:
        return start + again
    return start + _body(answer[start:], given) if whole else start


def _repeated(said: str, given: str) -> int | None:
    """Behind the given code, letter for letter but for blank space at its ends."""
    wanted = given.strip()
    at = said.find(wanted) if wanted else -1
    if at < 0 or said[:at].rpartition("\n")[2].strip():
        return None
    end = at + len(wanted)
    return end + _break(said, end, given)


def _break(said: str, at: int, given: str) -> int:
    """Whether the line break that the given beginning ends with stands there too."""
    return int(given.endswith("\n") and said[at : at + 1] == "\n")


def _body(said: str, given: str) -> int:
    """Where the body begins of the function whose header was given, written anew another way."""
    names = re.findall(r"^\s*(?:async\s+)?def\s+(\w+)", given, re.MULTILINE)
    code = re.split(r"^[ \t]*```", said, maxsplit=1, flags=re.MULTILINE)[0]
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return 0
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and names[-1:] == [node.name]:
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            lines = code.splitlines(keepends=True)
            return sum(map(len, lines[: body[0].lineno - 1]))
    return 0


__all__ = ["Continuation", "continuation"]
