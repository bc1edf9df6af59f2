"""What a function does, said from its syntax tree and its evidence; never a model's prose."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from ..contract import Evidence
from ..syntax import parse

_ZH_TYPES = {
    "integer": "整数",
    "number": "数",
    "string": "文本",
    "boolean": "是或否",
    "array": "列表",
    "object": "字典",
    "null": "空",
}
_EN_SEVERAL = {
    "integer": "whole numbers",
    "number": "numbers",
    "string": "texts",
    "boolean": "yes or no",
    "array": "lists",
    "object": "dictionaries",
}
_EN_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "boolean": "yes or no",
    "array": "a list",
    "object": "a dictionary",
    "null": "nothing",
}


def readback(
    source: str,
    parameters: dict[str, Any],
    returns: dict[str, Any],
    evidence: Sequence[Evidence],
    language: str,
) -> str:
    """In, out, what it raises, and for what it was checked."""
    zh = language == "zh"
    taken = [
        f"{key}（{_typed(schema, True)}）" if zh else f"{key} ({_typed(schema, False)})"
        for key, schema in (parameters.get("properties") or {}).items()
    ]
    raised = _raises(source)
    said: list[str] = []
    if zh:
        said.append(f"输入：{'、'.join(taken) or '无'}；输出：{_typed(returns, True)}。")
        if raised:
            said.append(f"会抛出 {'、'.join(raised)}。")
    else:
        said.append(f"Takes {', '.join(taken) or 'nothing'}; gives {_typed(returns, False)}.")
        if raised:
            said.append(f"Raises {', '.join(raised)}.")
    said += [text for text in (_checked(fact, zh) for fact in evidence) if text]
    return "".join(said) if zh else " ".join(said)


def _typed(schema: dict[str, Any], zh: bool) -> str:
    words = _ZH_TYPES if zh else _EN_TYPES
    if schema.get("format") == "date":
        return "日期" if zh else "a date"
    kind = schema.get("type")
    if kind == "array" and isinstance(schema.get("items"), dict) and schema["items"].get("type"):
        items = schema["items"]
        return f"{_typed(items, zh)}的列表" if zh else f"a list of {_several(items)}"
    if isinstance(kind, str) and kind in words:
        return words[kind]
    return "值" if zh else "a value"


def _several(schema: dict[str, Any]) -> str:
    """The items of a list, in English."""
    if schema.get("format") == "date":
        return "dates"
    items = schema.get("items")
    if schema.get("type") == "array" and isinstance(items, dict) and items.get("type"):
        return f"lists of {_several(items)}"
    return _EN_SEVERAL.get(str(schema.get("type")), "values")


def _raises(source: str) -> list[str]:
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            said = ast.unparse(raised)
            if said not in found:
                found.append(said)
    return found


def _checked(fact: Evidence, zh: bool) -> str:
    if fact.kind == "example" and fact.passed:
        return f"通过文中的例子 {fact.call}。" if zh else f"Passes the text's example {fact.call}."
    if fact.kind == "example":
        return (
            f"没有通过文中的例子 {fact.call}。" if zh else f"Fails the text's example {fact.call}."
        )
    if fact.kind == "agreement":
        count = fact.inputs
        if zh:
            return f"{fact.candidates} 个独立写出的版本在 {count} 组输入上结果一致。"
        return f"{fact.candidates} versions written independently agree on {count} inputs."
    if fact.kind == "run":
        return f"运行过 {fact.call}。" if zh else f"Ran {fact.call}."
    return ""
