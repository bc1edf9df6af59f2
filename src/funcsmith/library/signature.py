"""A function as its source declares it: name, parameters, returns, description.

Read from the syntax tree alone; nothing of the file is executed or imported.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from ..errors import FunctionInvalid
from ..syntax import parse
from .annotations import Annotations, Schema, default_of, schema_in_words, schema_of_value
from .docstrings import described, prose, summary, typed

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
SOURCE_LIMIT = 1_000_000


@dataclass(frozen=True)
class Signature:
    """What can be known of a function without running it."""

    name: str
    text: str
    """As Python writes it: `(n: int) -> int`."""
    parameters: Schema
    """JSON Schema of the arguments, an object."""
    returns: Schema
    """JSON Schema of the return annotation; `{}` where there is none."""
    summary: str
    """The docstring's first line."""
    description: str
    """The docstring's prose: without parameters, sections and examples."""
    docstring: str
    line: int


def signature_of(
    source: str, name: str | None = None, *, file: str = "<source>", infer: bool = False
) -> Signature:
    """The signature of one function of a source; `infer` as in `signature_in`.

    Which one: `name`, else the one the file is called after, else the last public one.

    >>> signature_of("def 阶乘(n: int) -> int:\\n    '''n 的阶乘。'''").text
    '(n: int) -> int'
    """
    module = parsed(source, file=file)
    try:
        node = main_function(module, name, file=file)
        return signature_in(node, Annotations(module), infer=infer)
    except RecursionError as error:
        raise _invalid(file, 1, "nested too deeply", "嵌套太深") from error


def parsed(source: str, *, file: str = "<source>") -> ast.Module:
    """The syntax tree of a source; FunctionInvalid names the file and the line."""
    if len(source) > SOURCE_LIMIT:
        raise _invalid(file, 1, f"longer than {SOURCE_LIMIT:,} characters", "文件太长")
    try:
        return parse(source)
    except SyntaxError as error:
        said = error.msg or "invalid syntax"
        raise _invalid(file, error.lineno or 1, said, f"语法错误：{said}") from error
    except (RecursionError, MemoryError) as error:
        raise _invalid(file, 1, "nested too deeply", "嵌套太深") from error
    except ValueError as error:  # null characters, lone surrogates
        raise _invalid(file, 1, "characters that source cannot hold", "含有非法字符") from error


def functions_in(module: ast.Module) -> dict[str, FunctionNode]:
    """The functions defined at the top of a file; the last definition of a name counts."""
    return {
        node.name: node
        for node in module.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def main_function(
    module: ast.Module, name: str | None = None, *, file: str = "<source>"
) -> FunctionNode:
    """The requested function, else the file's namesake, else the last public one."""
    functions = functions_in(module)
    if name is not None:
        if name in functions:
            return functions[name]
        known = ", ".join(functions) or "—"
        raise FunctionInvalid(
            {
                "en": f"{file} does not define {name}. It defines: {known}",
                "zh": f"{file} 里没有定义 {name}。其中有：{known}",
            }
        )
    stem = re.split(r"[\\/]", file)[-1].removesuffix(".py")
    if stem in functions:
        return functions[stem]
    public = [node for key, node in functions.items() if not key.startswith("_")]
    if not public:
        raise FunctionInvalid(
            {"en": f"{file} defines no function.", "zh": f"{file} 没有定义任何函数。"},
            hint={
                "en": "A function of the library is a `def` at the top of its file.",
                "zh": "函数库里的函数是文件顶层的一个 def。",
            },
        )
    return max(public, key=lambda node: node.lineno)


def renamed(source: str, old: str, new: str) -> str:
    """The same source with one function under another name, its calls and examples included.

    >>> renamed("def f(n):\\n    return n and f(n - 1)\\n", "f", "g")
    'def g(n):\\n    return n and g(n - 1)\\n'
    """
    if old == new:
        return source
    places: list[tuple[int, int]] = []
    lines = source.encode().splitlines(keepends=True)
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Name) and node.id == old:
            places.append((node.lineno, node.col_offset))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == old:
            head = lines[node.lineno - 1][node.col_offset :].decode()
            keyword = re.match(r"(?:async\s+)?def\s+", head)
            if keyword:
                places.append((node.lineno, node.col_offset + len(keyword[0].encode())))
    for line, column in sorted(places, reverse=True):
        text = lines[line - 1]
        rest = text[column:].decode()
        written = re.match(r"\w+", rest)
        length = len((written[0] if written else old).encode())
        lines[line - 1] = text[:column] + new.encode() + text[column + length :]
    # Examples in docstrings speak of the function by name.
    call = re.compile(rf"(>>>[^\n]*?)\b{re.escape(old)}(?=\s*\()")
    return call.sub(lambda match: match[1] + new, b"".join(lines).decode())


def signature_in(node: FunctionNode, annotations: Annotations, *, infer: bool = False) -> Signature:
    """The signature of a function of a parsed file.

    `infer` takes the types that annotations leave out from docstring, defaults and examples. That
    is for functions of people: what a model wrote is tried on what its examples show, and no more.
    """
    docstring = ast.get_docstring(node) or ""
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    names = [a.arg for a in (*plain, *arguments.kwonlyargs)]
    said, types = described(docstring, names), typed(docstring, names)
    inferring = infer and not _annotated(arguments)
    shown = _in_examples(docstring, node.name, names) if inferring else {}
    properties: dict[str, Any] = {}
    required: list[str] = []
    missing = len(plain) - len(arguments.defaults)
    defaults: list[ast.expr | None] = [*([None] * missing), *arguments.defaults]
    for argument, default in zip(
        (*plain, *arguments.kwonlyargs), (*defaults, *arguments.kw_defaults), strict=True
    ):
        schema = annotations.schema(argument.annotation)
        if argument.annotation is None and inferring:
            schema = schema_in_words(types.get(argument.arg, ""), annotations)
            # Without an annotation a value arrives as the JSON that it came as.
            if {"format", "uniqueItems"} & schema.keys():
                schema = {}
            if not schema and default is not None:
                schema = schema_of_value(default)
            if not schema and argument.arg in shown:
                schema = schema_of_value(shown[argument.arg])
        if argument.arg in said:
            schema["description"] = said[argument.arg]
        if default is None:
            required.append(argument.arg)
        else:
            known, value = default_of(default)
            if known:
                schema["default"] = value
        properties[argument.arg] = schema
    parameters: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": arguments.kwarg is not None,
    }
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return Signature(
        name=node.name,
        text=f"({_written(arguments)}){returns}",
        parameters=parameters,
        returns=annotations.schema(node.returns),
        summary=summary(docstring),
        description=prose(docstring, names),
        docstring=docstring,
        line=node.lineno,
    )


def _annotated(arguments: ast.arguments) -> bool:
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return all(argument.annotation is not None for argument in every)


def _in_examples(docstring: str, name: str, names: list[str]) -> dict[str, ast.expr]:
    """The first value that an example of the docstring hands to each parameter."""
    found: dict[str, ast.expr] = {}
    for line in re.findall(r"^\s*>>> (.{1,500})$", docstring, re.MULTILINE):
        try:
            tree = parse(line.strip())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for call in ast.walk(tree):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            if call.func.id == name:
                given = dict(zip(names, call.args, strict=False))
                given |= {str(one.arg): one.value for one in call.keywords}
                for key, value in given.items():
                    if schema_of_value(value):
                        found.setdefault(key, value)
    return found


def _written(arguments: ast.arguments) -> str:
    """The parameters as people write them: `n: int = 0`, where `unparse` has `n: int=0`."""
    plain = [*arguments.posonlyargs, *arguments.args]
    missing = len(plain) - len(arguments.defaults)
    parts = [_one(a) for a in plain[:missing]]
    parts += [_one(a, d) for a, d in zip(plain[missing:], arguments.defaults, strict=True)]
    if arguments.posonlyargs:
        parts.insert(len(arguments.posonlyargs), "/")
    if arguments.vararg:
        parts.append(f"*{_one(arguments.vararg)}")
    elif arguments.kwonlyargs:
        parts.append("*")
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    parts += [_one(a, d) for a, d in keywords]
    if arguments.kwarg:
        parts.append(f"**{_one(arguments.kwarg)}")
    return ", ".join(parts)


def _one(argument: ast.arg, default: ast.expr | None = None) -> str:
    annotation = f": {ast.unparse(argument.annotation)}" if argument.annotation else ""
    if default is None:
        return argument.arg + annotation
    equals = " = " if annotation else "="
    return f"{argument.arg}{annotation}{equals}{ast.unparse(default)}"


def _invalid(file: str, line: int, en: str, zh: str) -> FunctionInvalid:
    return FunctionInvalid(
        {"en": f"{file}, line {line}: {en}", "zh": f"{file} 第 {line} 行：{zh}"},
        hint={
            "en": "Mend the file by hand; nothing else is affected.",
            "zh": "请手工修正这个文件；其他函数不受影响。",
        },
    )
