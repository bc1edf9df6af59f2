"""Type annotations as JSON Schema, read from the syntax tree; nothing is executed or imported.

What a caller may send is described, not every rule of the type: an annotation that is not
understood becomes `{}`, which accepts anything.
"""

from __future__ import annotations

import ast
import math
import re
from typing import Any

from ..syntax import parse

Schema = dict[str, Any]

_PLAIN: dict[str, Schema] = {
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "Decimal": {"type": "number"},
    "Fraction": {"type": "number"},
    "Number": {"type": "number"},
    "Real": {"type": "number"},
    "Integral": {"type": "integer"},
    "str": {"type": "string"},
    "Path": {"type": "string"},
    "bytes": {"type": "string"},
    "UUID": {"type": "string", "format": "uuid"},
    "bool": {"type": "boolean"},
    "None": {"type": "null"},
    "NoneType": {"type": "null"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "timedelta": {"type": "string", "format": "duration"},
}
_LISTS = frozenset(
    "list List Sequence MutableSequence Iterable Iterator Collection Generator deque Deque".split()
)
_SETS = frozenset("set Set frozenset FrozenSet AbstractSet MutableSet".split())
_MAPPINGS = frozenset(
    "dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict Counter".split()
)
_TRANSPARENT = frozenset("Annotated Final ClassVar Required NotRequired ReadOnly".split())
_DEPTH = 24


class Annotations:
    """The names of one file that annotations may use: imports, aliases, classes."""

    def __init__(self, module: ast.Module) -> None:
        self._imported: dict[str, str] = {}
        self._aliases: dict[str, ast.expr] = {}
        self._classes: dict[str, ast.ClassDef] = {}
        for node in module.body:
            self._note(node)

    def schema(self, annotation: ast.expr | None) -> Schema:
        """The JSON Schema of an annotation; `{}` where there is none."""
        return self._schema(annotation, _DEPTH) if annotation is not None else {}

    def _note(self, node: ast.stmt) -> None:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self._imported[alias.asname or alias.name] = alias.name
        elif isinstance(node, ast.ClassDef):
            self._classes[node.name] = node
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self._aliases[target.id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            self._aliases[node.target.id] = node.value
        elif type(node).__name__ == "TypeAlias":  # `type X = …` of Python 3.12
            name, value = getattr(node, "name", None), getattr(node, "value", None)
            if isinstance(name, ast.Name) and isinstance(value, ast.expr):
                self._aliases[name.id] = value

    def _schema(self, node: ast.expr, depth: int) -> Schema:
        if depth == 0:
            return {}
        if isinstance(node, ast.Constant):
            return self._constant(node.value, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return _any_of([self._schema(n, depth - 1) for n in _operands(node)])
        if isinstance(node, ast.Subscript):
            return self._subscript(node, depth)
        if isinstance(node, (ast.Name, ast.Attribute)):
            return self._named(node, depth)
        return {}

    def _constant(self, value: object, depth: int) -> Schema:
        if value is None:
            return {"type": "null"}
        if not isinstance(value, str):
            return {}
        try:
            return self._schema(ast.parse(value.strip(), mode="eval").body, depth - 1)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}

    def _named(self, node: ast.Name | ast.Attribute, depth: int) -> Schema:
        written = node.id if isinstance(node, ast.Name) else node.attr
        if isinstance(node, ast.Name):
            if written in self._classes:
                return self._class(self._classes[written], depth)
            if written in self._aliases:
                return self._schema(self._aliases[written], depth - 1)
        name = self._imported.get(written, written)
        if name in _PLAIN:
            return dict(_PLAIN[name])
        if name in _LISTS or name in ("tuple", "Tuple"):
            return {"type": "array"}
        if name in _SETS:
            return {"type": "array", "uniqueItems": True}
        if name in _MAPPINGS:
            return {"type": "object"}
        return {}

    def _subscript(self, node: ast.Subscript, depth: int) -> Schema:
        base = node.value
        written = (
            base.id
            if isinstance(base, ast.Name)
            else base.attr
            if isinstance(base, ast.Attribute)
            else ""
        )
        name = self._imported.get(written, written)
        inner = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Literal":
            return _enum(inner)
        schemas = [self._schema(n, depth - 1) for n in inner]
        first = schemas[0] if schemas else {}
        if name == "Optional":
            return _any_of([first, {"type": "null"}])
        if name == "Union":
            return _any_of(schemas)
        if name in _TRANSPARENT:
            return first
        if name in _LISTS:
            return {"type": "array", "items": first}
        if name in _SETS:
            return {"type": "array", "items": first, "uniqueItems": True}
        if name in ("tuple", "Tuple"):
            return _tuple(inner, schemas)
        if name in _MAPPINGS:
            value = {"type": "integer"} if name == "Counter" else schemas[-1] if inner[1:] else {}
            return {"type": "object", "additionalProperties": value} if value else _object()
        return self._named(base, depth) if isinstance(base, (ast.Name, ast.Attribute)) else {}

    def _class(self, node: ast.ClassDef, depth: int) -> Schema:
        """An enumeration by its values, a TypedDict, dataclass or NamedTuple by its fields."""
        bases = {b.id if isinstance(b, ast.Name) else getattr(b, "attr", "") for b in node.bases}
        if bases & {"Enum", "IntEnum", "StrEnum"}:
            return _enum([n.value for n in node.body if isinstance(n, ast.Assign)])
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for field in node.body:
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                properties[field.target.id] = self._schema(field.annotation, depth - 1)
                if field.value is None:
                    required.append(field.target.id)
        if not properties:
            return {}
        return {"type": "object", "properties": properties, "required": required}


def schema_in_words(said: str, annotations: Annotations) -> Schema:
    """The JSON Schema of a type as docstrings write it; `{}` where that is not understood.

    >>> schema_in_words("list of int or None", Annotations(ast.parse("")))
    {'anyOf': [{'type': 'array', 'items': {'type': 'integer'}}, {'type': 'null'}]}
    >>> schema_in_words("整数", Annotations(ast.parse("")))
    {'type': 'integer'}
    """
    words = said.strip().strip("`*. 。")
    if words.startswith("{") and words.endswith("}"):
        words = f"Literal[{words[1:-1]}]"
    ways = re.split(r"\s+or\s+|\s*\|\s*|\s*或者?\s*", words)
    if len(ways) > 1 and "[" not in words:
        return _any_of([schema_in_words(way, annotations) for way in ways])
    of = re.fullmatch(r"(\w+?)s?\s+of\s+(.+)", words)
    if of:
        outer, inner = schema_in_words(of[1], annotations), schema_in_words(of[2], annotations)
        return {**outer, "items": inner} if inner and outer.get("type") == "array" else outer
    plain = _WORDS.get(words.lower()) or _WORDS.get(words.lower().removesuffix("s"))
    try:
        said_so = parse(plain or words).body
        first = said_so[0] if len(said_so) == 1 else None
        return annotations.schema(first.value) if isinstance(first, ast.Expr) else {}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}


_WORDS = {
    **dict.fromkeys(("integer", "int", "整数", "整型"), "int"),
    **dict.fromkeys(
        ("number", "numeric", "real", "float", "double", "数字", "数", "浮点数", "小数"), "float"
    ),
    **dict.fromkeys(("string", "str", "text", "字符串", "文本"), "str"),
    **dict.fromkeys(("boolean", "bool", "布尔", "布尔值"), "bool"),
    **dict.fromkeys(
        ("array", "list", "sequence", "iterable", "array-like", "array_like", "列表"), "list"
    ),
    **dict.fromkeys(("dictionary", "dict", "mapping", "字典"), "dict"),
    **dict.fromkeys(("日期",), "date"),
}


def schema_of_value(node: ast.expr) -> Schema:
    """What a default, or a value of an example, says of its parameter's type; `{}` where nothing.

    >>> schema_of_value(ast.parse("[1, 2.5]", mode="eval").body)
    {'type': 'array', 'items': {'type': 'number'}}
    """
    known, value = default_of(node)
    return _of_value(value) if known else {}


def _of_value(value: Any) -> Schema:
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, (int, float)):
        return {"type": "number"}  # where 3 is, 3.5 may be
    if isinstance(value, list):
        inner = [_of_value(item) for item in value]
        same = inner[0] if inner and all(one == inner[0] for one in inner) else {}
        return {"type": "array", "items": same} if same else {"type": "array"}
    return {"type": "string" if isinstance(value, str) else "object"}


def default_of(node: ast.expr) -> tuple[bool, Any]:
    """Whether a default is plain JSON, and its value.

    >>> default_of(ast.parse("(1, 2)", mode="eval").body)
    (True, [1, 2])
    """
    try:
        return True, _plain(ast.literal_eval(node))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False, None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise ValueError(value)


def _operands(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_operands(node.left), *_operands(node.right)]
    return [node]


def _any_of(schemas: list[Schema]) -> Schema:
    if any(not schema for schema in schemas):
        return {}
    distinct: list[Schema] = []
    for schema in schemas:
        for option in schema["anyOf"] if list(schema) == ["anyOf"] else [schema]:
            if option not in distinct:
                distinct.append(option)
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}


def _enum(nodes: list[ast.expr]) -> Schema:
    values: list[Any] = []
    for node in nodes:
        known, value = default_of(node)
        if not known:
            return {}
        values.append(value)
    kinds = {type(value) for value in values}
    named = {str: "string", int: "integer", bool: "boolean"}
    if len(kinds) == 1 and (kind := kinds.pop()) in named:
        return {"type": named[kind], "enum": values}
    return {"enum": values} if values else {}


def _tuple(inner: list[ast.expr], schemas: list[Schema]) -> Schema:
    if len(inner) == 2 and isinstance(inner[1], ast.Constant) and inner[1].value is Ellipsis:
        return {"type": "array", "items": schemas[0]}
    count = len(schemas)
    return {"type": "array", "prefixItems": schemas, "minItems": count, "maxItems": count}


def _object() -> Schema:
    return {"type": "object"}
