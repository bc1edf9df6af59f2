"""What a record must keep to, whatever it says: its parts fit each other and its text.

Not whether it is true: that is proven (`proof.py`).
"""

from __future__ import annotations

import ast
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from ..contract import Kind, Tool
from ..errors import InputInvalid

if TYPE_CHECKING:
    from .record import Record

KINDS: tuple[Kind, ...] = get_args(Kind)


def check(record: Record) -> None:
    """Raise `InputInvalid` with what contradicts itself."""
    if not record.text.strip():
        raise wrong("the text is empty", "文本为空")
    if record.kind not in KINDS:
        raise wrong(f"no kind '{record.kind}'", f"没有类别 «{record.kind}»")
    if record.language not in ("zh", "en"):
        raise wrong(f"no language '{record.language}'", f"没有语言 «{record.language}»")
    if record.now is not None:
        try:
            datetime.fromisoformat(record.now)
        except ValueError as error:
            raise wrong(f"now is no ISO date: {record.now}", "now 不是 ISO 日期") from error
    if not all(isinstance(one, str) for one in (*record.missing, *record.tests)):
        raise wrong("missing and tests are lists of strings", "missing 与 tests 应为字符串列表")
    _check_spans(record)
    if record.kind == "function":
        _check_function(record)
    elif record.kind == "none":
        if record.function or record.arguments or record.missing or record.source or record.tests:
            raise wrong("kind none has no function", "类别 none 不应有函数")
    else:
        _check_call(record)


def _check_spans(record: Record) -> None:
    for at, spans in record.spans.items():
        if not at.startswith("/") or name_of(at) not in record.arguments:
            raise wrong(f"span of no argument: {at}", f"没有对应参数的 span：{at}")
        for start, end in spans:
            if not 0 <= start < end <= len(record.text):
                raise wrong(f"span outside the text: {at}", f"span 超出文本：{at}")


def _check_function(record: Record) -> None:
    if record.tools or record.missing:
        raise wrong("a new function has no tools", "新函数不应带有可选函数")
    try:
        tree = ast.parse(record.source or "")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise wrong(f"the source is no Python: {error}"[:200], "source 不是 Python 代码") from error
    names = {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}
    if record.function not in names:
        raise wrong(f"the source has no {record.function}", f"source 里没有 {record.function}")


def _check_call(record: Record) -> None:
    names = [tool.name for tool in record.tools]
    if len(set(names)) != len(names):
        raise wrong("two tools of one name", "有两个同名函数")
    tool = record.tool
    if tool is None:
        raise wrong(f"no tool {record.function}", f"可选函数中没有 {record.function}")
    if record.source is not None or record.tests:
        raise wrong("a call has no source", "调用不应带有 source")
    known = tool.parameters.get("properties") or {}
    strange = sorted(record.arguments.keys() - known.keys())
    if strange:
        raise wrong(f"no parameter {strange[0]}", f"没有参数 {strange[0]}")
    absent = [name for name in required_of(tool) if record.arguments.get(name) is None]
    if record.kind == "parameters":
        if record.missing:
            raise wrong("kind parameters lacks nothing", "类别 parameters 不应缺少参数")
        if absent:
            raise wrong(f"required and not there: {absent[0]}", f"缺少必需参数：{absent[0]}")
    elif not record.missing or set(record.missing) != set(absent):
        named = ", ".join(absent) or "-"
        raise wrong(
            f"missing is not what is missing: {named}", f"missing 与实际缺少的不符：{named}"
        )


def pointer(*steps: str | int) -> str:
    """A JSON Pointer.

    >>> pointer("items", 0, "a/b")
    '/items/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def name_of(pointed: str) -> str:
    """The parameter in which a JSON Pointer begins.

    >>> name_of("/a~1b/0")
    'a/b'
    """
    return pointed.split("/")[1].replace("~1", "/").replace("~0", "~")


def required_of(tool: Tool) -> tuple[str, ...]:
    """The parameters of a tool that must be given."""
    known = tool.parameters.get("properties") or {}
    return tuple(name for name in tool.parameters.get("required") or () if name in known)


def wrong(en: str, zh: str) -> InputInvalid:
    """What is wrong with a record, as an error."""
    return InputInvalid({"en": f"The record cannot be used: {en}.", "zh": f"记录无法使用：{zh}。"})


__all__ = ["KINDS", "check", "name_of", "pointer", "required_of", "wrong"]
