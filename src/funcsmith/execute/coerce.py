"""JSON arguments become what the function's annotations ask for.

Runs in the child, after the fence has closed, because it looks at generated classes. Best effort
by design: a value that cannot become what is asked for is handed over as it is, and the function
says what it thinks of that.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Unfit(Exception):
    """This value is not what the annotation asks for."""


def bound(
    function: Any,
    positional: Sequence[Any],
    named: dict[str, Any],
    *,
    coerced: bool,
) -> tuple[list[Any], dict[str, Any]]:
    """The arguments as the function takes them: positional ones first, then by name."""
    inner = function
    for _ in range(20):
        if not hasattr(inner, "__wrapped__"):
            break
        inner = inner.__wrapped__
    code = getattr(inner, "__code__", None)
    if code is None or type(code).__name__ != "code":
        return list(positional), dict(named)
    names = code.co_varnames
    count, only = code.co_argcount, code.co_kwonlyargcount
    ordered = names[:count]
    variable = names[count + only] if code.co_flags & 4 else None
    extra = names[count + only + bool(code.co_flags & 4)] if code.co_flags & 8 else None
    hints = annotations_of(inner) if coerced else {}

    named = dict(named)
    rest: Any = None
    if variable is not None and variable in named and type(named[variable]) is list:
        rest = named.pop(variable)
    if extra is not None and type(named.get(extra)) is dict:
        named.update(named.pop(extra))
    first = [
        coerce(value, hints.get(ordered[at] if at < count else str(variable)))
        for at, value in enumerate(positional)
    ]
    named = {
        name: coerce(value, hints.get(name, hints.get(str(extra)))) for name, value in named.items()
    }
    # Positional-only parameters, and all of them where *args follows, must go by position.
    by_position = count if rest is not None else code.co_posonlyargcount
    for name in ordered[len(first) : by_position]:
        if name not in named:
            break
        first.append(named.pop(name))
    if rest is not None:
        first += [coerce(value, hints.get(str(variable))) for value in rest]
    return first, named


def hints_by_position(function: Any, names: tuple[str, ...]) -> list[Any] | None:
    """The annotations of arguments that may go by position in this order; None where they may not."""
    code: Any = getattr(function, "__code__", None)
    if type(code).__name__ != "code" or hasattr(function, "__wrapped__"):
        return None
    if code.co_flags & 12 or code.co_varnames[: code.co_argcount][: len(names)] != names:
        return None
    hints = annotations_of(function)
    return [hints.get(name) for name in names]


def annotations_of(function: Any) -> dict[str, Any]:
    """The annotations of a function or class, text among them looked up where it was written."""
    try:
        raw = function.__annotations__
    except Exception:  # under lazy annotations even asking can fail
        return {}
    if type(raw) is not dict:
        return {}
    names = getattr(function, "__globals__", None)
    if names is None:
        names = getattr(sys.modules.get(function.__module__), "__dict__", {})
    return {name: _looked_up(annotation, names) for name, annotation in raw.items()}


def coerce(value: Any, annotation: Any) -> Any:
    """The value as the annotation asks for it, or unchanged."""
    if annotation is None or annotation is type(value):
        return value
    try:
        return _fitted(value, annotation)
    except RecursionError:
        raise
    except Exception:  # Unfit, or anything a generated class does while it is made
        return value


def _looked_up(annotation: Any, names: dict[str, Any]) -> Any:
    annotation = getattr(annotation, "__forward_arg__", annotation)
    if type(annotation) is not str:
        return annotation
    try:
        return eval(annotation, names)  # noqa: S307  # no more than its import would run
    except Exception:
        return None


def _fitted(value: Any, annotation: Any) -> Any:
    """The value as the annotation asks for it; raises where it cannot be."""
    if annotation is None or annotation is type(None):
        if value is None:
            return None
        raise Unfit
    if type(annotation) is str:
        return value
    origin = getattr(annotation, "__origin__", None)
    arguments = getattr(annotation, "__args__", None) or ()
    if type(annotation).__name__ in ("UnionType", "_UnionGenericAlias", "Union"):
        return _of_union(value, arguments)
    if hasattr(annotation, "__supertype__"):
        return _fitted(value, annotation.__supertype__)
    if hasattr(annotation, "__metadata__"):
        return _fitted(value, origin)
    if type(annotation).__name__ == "TypeAliasType":
        return _fitted(value, annotation.__value__)
    if origin is None:
        return _of_class(value, annotation)
    if getattr(origin, "_name", None) == "Union":
        return _of_union(value, arguments)
    if getattr(origin, "_name", None) in ("Literal", "Final", "ClassVar"):
        return value
    return _of_generic(value, origin, arguments)


def _of_union(value: Any, members: Sequence[Any]) -> Any:
    for member in members:
        try:
            return _fitted(value, member)
        except Exception:  # noqa: S112  # the next member is asked
            continue
    raise Unfit


def _of_generic(value: Any, origin: Any, arguments: Sequence[Any]) -> Any:
    name = getattr(origin, "__name__", "")
    if origin is dict or name in (
        "Mapping",
        "MutableMapping",
        "defaultdict",
        "OrderedDict",
        "Counter",
    ):
        if type(value) is not dict:
            raise Unfit
        if name == "Counter":
            arguments = (*arguments, int)
        if len(arguments) == 2:
            key, inner = arguments
            value = {_key(k, key): coerce(v, inner) for k, v in value.items()}
        return value if origin is dict or name.endswith("Mapping") else _made(origin, name, value)
    if type(value) is not list:
        return _of_class(value, origin)
    if origin is tuple:
        if len(arguments) == 2 and arguments[1] is ...:
            return tuple(coerce(item, arguments[0]) for item in value)
        if len(arguments) == len(value):
            return tuple(coerce(item, inner) for item, inner in zip(value, arguments, strict=True))
        return tuple(value)
    inner = arguments[0] if arguments else None
    items = [coerce(item, inner) for item in value]
    if origin is set or name in ("Set", "MutableSet"):
        return set(items)
    if origin is frozenset:
        return frozenset(items)
    if name in ("Iterator", "Generator"):
        return iter(items)
    if name in ("deque", "ndarray"):
        return _of_class(items, origin)
    if isinstance(origin, type) and not isinstance(items, origin):
        raise Unfit
    return items


def _made(origin: Any, name: str, value: dict[Any, Any]) -> Any:
    return origin(None, value) if name == "defaultdict" else origin(value)


def _key(key: Any, annotation: Any) -> Any:
    """A JSON key is always text; the annotation says what it was."""
    if type(key) is str and annotation in (int, float):
        try:
            return annotation(key)
        except ValueError:
            return key
    if type(key) is str and annotation is bool:
        return {"true": True, "false": False}.get(key.lower(), key)
    return coerce(key, annotation)


def _of_class(value: Any, kind: Any) -> Any:
    if not isinstance(kind, type):
        return value
    if kind is object or type(value) is kind:
        return value
    given = type(value)
    if kind is bool or kind is str:
        raise Unfit
    if kind is float:
        if given is int:
            return value
        raise Unfit
    if kind is int:
        if given is float and value.is_integer():
            return int(value)
        raise Unfit
    if kind in (tuple, set, frozenset) and given is list:
        return kind(value)
    if kind in (bytes, bytearray) and given is str:
        return kind(value.encode())
    if kind is complex:
        return complex(*value) if given is list else complex(value)
    if kind in (list, dict):
        raise Unfit
    module = getattr(kind, "__module__", "")
    if module in ("datetime", "_datetime"):
        return _moment(value, kind)
    if module in ("decimal", "_decimal") and given in (int, float, str):
        return kind(repr(value) if given is float else value)
    if module == "fractions" and given in (int, float, str):
        return kind(repr(value) if given is float else value)
    enums = sys.modules.get("enum")
    if enums is not None and issubclass(kind, enums.Enum):
        return _member(value, kind)
    if given is dict and hasattr(kind, "__dataclass_fields__"):
        hints = _hints_of_class(kind)
        return kind(**{name: coerce(inner, hints.get(name)) for name, inner in value.items()})
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        hints = _hints_of_class(kind)
        if given is dict:
            return kind(**{name: coerce(inner, hints.get(name)) for name, inner in value.items()})
        if given is list:
            return kind(
                *(coerce(i, hints.get(n)) for n, i in zip(kind._fields, value, strict=False))
            )
    if given is dict and type(kind).__name__ == "_TypedDictMeta":
        hints = _hints_of_class(kind)
        return {name: coerce(inner, hints.get(name)) for name, inner in value.items()}
    if module == "collections" and given in (list, dict):
        return _made(kind, kind.__name__, value)
    if module == "uuid" and given is str:
        return kind(value)
    if module == "ipaddress" and given is str:
        return kind(value)
    if module.partition(".")[0] == "numpy":
        numpy = sys.modules["numpy"]
        return numpy.array(value) if kind is numpy.ndarray else kind(value)
    if module.partition(".")[0] == "pandas" and given in (list, dict, str):
        return kind(value)
    if isinstance(value, kind):
        return value
    raise Unfit


def _moment(value: Any, kind: Any) -> Any:
    import datetime as dt

    given, name = type(value), kind.__name__
    if name == "timedelta":
        if given in (int, float):
            return dt.timedelta(seconds=value)
        hours, minutes, seconds = (float(part) for part in value.split(":"))
        return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if given is not str:
        raise Unfit
    text = value.strip()
    if text[-1:] in "zZ":
        text = text[:-1] + "+00:00"
    if name == "datetime":
        return dt.datetime.fromisoformat(text)
    if name == "date":
        return dt.date.fromisoformat(text[:10])
    if name == "time":
        return dt.time.fromisoformat(text)
    raise Unfit


def _member(value: Any, kind: Any) -> Any:
    """A member by its value, else by its name."""
    for member in kind:
        if type(member._value_) is type(value) and member._value_ == value:
            return member
    try:
        return kind(value)
    except ValueError:
        pass
    if type(value) is not str:
        raise Unfit
    for name, member in kind.__members__.items():
        if name.lower() == value.lower():
            return member
    for member in kind:
        if str(member._value_).lower() == value.lower():
            return member
    raise Unfit


def _hints_of_class(kind: Any) -> dict[str, Any]:
    hints: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base is not object:
            hints.update(annotations_of(base))
    return hints
