"""What calls a function under test, behind its source in the fence; `trial.py` hands it over."""

from collections.abc import Iterable as _Iterable
from hashlib import sha256 as _sha256
from itertools import islice as _islice
from marshal import dumps as _dumps
from typing import Any as _Any

_PLAIN = (type(None), bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)
_AT_MOST = 1_000_000
_SMALL_BYTES, _LARGE_BYTES, _LARGE_BITS = 30_000, 2_000_000, 300_000


def _called_by_the_judge(arguments: _Any, keywords: _Any) -> _Any:
    """What the call gives, and how: a value, a large one's digest, or only items to go through."""
    value = ENTRY_POINT(*arguments, **keywords)  # type: ignore[name-defined]  # noqa: F821
    if isinstance(value, _PLAIN) or hasattr(value, "dtype") or not isinstance(value, _Iterable):
        digest = _digest_of_large(value)
        return ("value", value) if digest is None else ("large", digest)
    return "items", list(_islice(value, _AT_MOST))


def _digest_of_large(value: _Any) -> _Any:
    """A digest that equal values share, where the value is too large for the border; else None.

    Whoever does not know the right value does not know its digest.
    """
    try:
        if len(_dumps(value, 2)) < _SMALL_BYTES:
            return None
        alike = _dumps(_alike(value), 2)
    except (ValueError, RecursionError):
        return None
    if len(alike) < _LARGE_BYTES and not _has_large_integer(value):
        return None
    return _sha256(alike).hexdigest()


def _alike(value: _Any) -> _Any:
    """The same for values that are equal: 2.0 and 2, True and 1."""
    kind = type(value)
    if kind is list:
        return [_alike(one) for one in value]
    if kind is tuple:
        return tuple([_alike(one) for one in value])
    if kind is bool or (kind is float and value.is_integer()):
        return int(value)
    if kind in (int, float, str, bytes) or value is None:
        return value
    raise ValueError("of these the order is not told")


def _has_large_integer(value: _Any) -> bool:
    if type(value) in (list, tuple):
        return any(map(_has_large_integer, value))
    return type(value) is int and value.bit_length() > _LARGE_BITS
