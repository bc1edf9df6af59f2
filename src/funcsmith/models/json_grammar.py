"""A JSON schema as a grammar (GBNF): for engines that read grammars but no schemas.

Types, properties in their order, required ones, enums, `anyOf`, local `$ref`, and the lengths of
arrays and strings. Bounds of numbers and patterns are not in the grammar: whoever asked validates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import EngineFailed

_COMMON = {
    "value": 'object | array | string | number | boolean | "null"',
    "object": '"{" (string colon value (comma string colon value)*)? "}"',
    "array": '"[" (value (comma value)*)? "]"',
    "string": '"\\"" letter* "\\""',
    "letter": r'[^"\\\x00-\x1f] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})',
    "number": 'integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,3})?',
    "integer": '"-"? ("0" | [1-9] [0-9]{0,17})',
    "boolean": '"true" | "false"',
    "colon": '":" " "?',
    "comma": '"," " "?',
}
_PLAIN = ("object", "array", "string", "number", "integer", "boolean")


def grammar_of(schema: Mapping[str, Any]) -> str:
    """The grammar of the schema's values. Raises `EngineFailed` for what it has no rule for.

    >>> print(grammar_of({"enum": ["北京", 3]}).splitlines()[0])
    root ::= ("\\"北京\\"" | "3")
    """
    made = _Made(schema)
    root = made.rule(schema)
    rules = {"root": root, **made.rules, **_COMMON}
    return "\n".join(f"{name} ::= {body}" for name, body in rules.items()) + "\n"


class _Made:
    def __init__(self, whole: Mapping[str, Any]) -> None:
        self._whole = whole
        self.rules: dict[str, str] = {}
        self._of_reference: dict[str, str] = {}

    def rule(self, schema: Any) -> str:
        if schema is True or schema == {}:
            return "value"
        if not isinstance(schema, Mapping):
            raise _unknown(schema)
        if "$ref" in schema:
            return self._referred(str(schema["$ref"]))
        if "const" in schema:
            return _literal(schema["const"])
        if "enum" in schema:
            return _either([_literal(one) for one in schema["enum"]])
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return _either([self.rule(one) for one in schema[word]])
        if len(schema.get("allOf", ())) == 1:
            return self.rule(schema["allOf"][0])
        kind = schema.get("type")
        if isinstance(kind, list):
            return _either([self.rule({**schema, "type": one}) for one in kind])
        if kind == "null":
            return '"null"'
        if kind == "object" or (kind is None and "properties" in schema):
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        if kind == "string" and ("minLength" in schema or "maxLength" in schema):
            return f'"\\"" letter{_times(schema, "Length")} "\\""'
        if kind in _PLAIN:
            return str(kind)
        if kind is None and "allOf" not in schema:
            return "value"
        raise _unknown(schema)

    def _referred(self, reference: str) -> str:
        if reference not in self._of_reference:
            name = self._of_reference[reference] = f"ref{len(self._of_reference)}"
            target: Any = self._whole
            if not reference.startswith("#"):
                raise _unknown(reference)
            for step in reference.lstrip("#/").split("/") if reference != "#" else ():
                target = target.get(step.replace("~1", "/").replace("~0", "~"))
                if not isinstance(target, Mapping):
                    raise _unknown(reference)
            self.rules[name] = self.rule(target)
        return self._of_reference[reference]

    def _object(self, schema: Mapping[str, Any]) -> str:
        properties = schema.get("properties") or {}
        if not properties:
            return "object"
        required = set(schema.get("required") or ())
        pairs = [
            (name in required, f"{_literal(name)} colon {self.rule(inner)}")
            for name, inner in properties.items()
        ]
        # What may follow once a member stands before it, from the last one backwards.
        rest = ""
        tails = [""]
        for needed, pair in reversed(pairs):
            rest = f"comma {pair} {rest}" if needed else f"(comma {pair})? {rest}"
            tails.append(rest.strip())
        tails.reverse()
        ways: list[str] = []
        for at, (needed, pair) in enumerate(pairs):
            ways.append(f"{pair} {tails[at + 1]}".strip())
            if needed:
                break
        else:
            ways.append('""')
        name = f"members{len(self.rules)}"
        self.rules[name] = " | ".join(ways)
        return f'"{{" {name} "}}"'

    def _array(self, schema: Mapping[str, Any]) -> str:
        item = self.rule(schema.get("items", True))
        least, most = int(schema.get("minItems", 0)), schema.get("maxItems")
        if most == 0:
            return '"[]"'
        further = f"(comma {item}){{{max(0, least - 1)},{'' if most is None else int(most) - 1}}}"
        inside = f"{item} {further}"
        return f'"[" {inside} "]"' if least else f'"[" ({inside})? "]"'


def _times(schema: Mapping[str, Any], word: str) -> str:
    most = schema.get(f"max{word}")
    return f"{{{int(schema.get(f'min{word}', 0))},{'' if most is None else int(most)}}}"


def _literal(value: Any) -> str:
    said = json.dumps(value, ensure_ascii=False)
    escaped = said.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _either(ways: Sequence[str]) -> str:
    if not ways:
        raise _unknown("no way at all")
    return f"({' | '.join(ways)})"


def _unknown(what: Any) -> EngineFailed:
    said = json.dumps(what, ensure_ascii=False, default=str)[:120]
    return EngineFailed(
        {
            "en": f"This engine has no grammar for the schema {said}.",
            "zh": f"此引擎无法把这个 schema 变成语法：{said}。",
        },
        hint={
            "en": "Leave json_schema out and validate the answer.",
            "zh": "请不用 json_schema，而是校验答案。",
        },
    )


__all__ = ["grammar_of"]
