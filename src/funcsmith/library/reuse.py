"""Whether a saved function is what a text asks for, in other words: reuse, adapt or new. No model.

Wrong reuse is worse than none. A saved function is reused only where every informative word of the
text has its counterpart in one text of the function, and the other way round; where the numbers
that are no arguments are equal; where operations follow each other in the same order; and where its
arguments stand in the text in one way only. The nearest one that falls short is what a new function
could be adapted from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .meaning import Meaning, meaning_of, words_of_concept
from .terms import stem

if TYPE_CHECKING:
    from ..generate.filled import Filled
    from ..readers import Value
    from .library import Library
    from .saved import Saved

Decision = Literal["reuse", "adapt", "new"]

_NEAREST = 8
"""Functions that the search finds and that are compared, beside those of equal concepts."""
_ADAPT = 0.5
"""How much of two meanings has to be common for one function to be a base for the other."""
_TRANSLATED = 0.97
"""What a word counts that only the lexicon of everyday words takes for the same."""


@dataclass(frozen=True)
class Reuse:
    """What was decided, about which function, and why."""

    decision: Decision
    saved: Saved | None
    score: float
    reason: dict[str, str]
    """By language."""
    text: str = ""
    """The text of the saved function that was compared."""
    filled: Filled | None = None
    """The arguments, where values stand in the text."""
    sample: dict[str, Any] | None = None
    """The arguments that were saved with the text, where it only describes."""


def reuse(
    text: str,
    library: Library,
    *,
    values: Callable[[], Sequence[Value]],
    now: datetime,
    arguments: bool = True,
) -> Reuse:
    """Decide for a text; `arguments=False` where none are wanted, only the function.

    `values` reads the text; it is asked only where a function means the same.
    """
    wanted = meaning_of(text)
    best: Reuse | None = None
    for saved in library.alike(text, wanted.key, _NEAREST):
        for said, sample in _said(saved):
            compared = compare(wanted, meaning_of(said), saved)
            if compared.same:
                found = _with_arguments(
                    text, wanted, saved, said, sample, compared, values, now, arguments
                )
                if found is not None:
                    return found
                compared = Comparison(False, compared.score - 0.01, "arguments", ())
            if best is None or compared.score > best.score:
                best = Reuse("adapt", saved, compared.score, _reason(compared, saved), said)
    if best is None or best.score < _ADAPT:
        score = best.score if best else 0.0
        return Reuse(
            "new",
            None,
            score,
            {"en": "Nothing saved means this.", "zh": "没有意思相同的已存函数。"},
        )
    return best


@dataclass(frozen=True)
class Comparison:
    """How two meanings stand to each other."""

    same: bool
    score: float
    veto: str = ""
    """What is against it: words, numbers, order, direction, letters, about or arguments."""
    differing: tuple[str, ...] = ()


def compare(wanted: Meaning, there: Meaning, saved: Saved) -> Comparison:
    """Whether a text means what a saved one does; each informative word has to be accounted for."""
    own = _parameter_words(saved)
    differing = [
        *sorted(wanted.concepts ^ there.concepts),
    ]
    left, right, translated = _words(wanted.words - own, there.words - own)
    differing += [*left, *right]
    common = len(wanted.concepts & there.concepts) + translated
    whole = common + len(differing)
    score = (common / whole if whole else 0.0) * 0.9
    if not whole or not common:
        return Comparison(False, 0.0, "words", tuple(differing))
    if differing:
        return Comparison(False, score, "words", tuple(differing))
    if not _counts_fit(wanted, there, saved):
        return Comparison(False, score, "numbers", ())
    if not _numbers_fit(wanted, there):
        return Comparison(False, score, "numbers", ())
    if any((second, first) in there.order for first, second in wanted.order):
        return Comparison(False, score, "order", ())
    if not _ways_fit(wanted, there):
        return Comparison(False, score, "direction", ())
    if not _roles_fit(wanted, there):
        return Comparison(False, score, "roles", ())
    if len(wanted.ordinals) > 1 and wanted.ordinals != there.ordinals:
        return Comparison(False, score, "order", ())
    if _letters_differ(wanted.letters, there.letters):
        return Comparison(False, score, "letters", ())
    if not _about_fits(wanted.about, there.about, saved):
        return Comparison(False, score, "about", tuple(sorted(wanted.about ^ there.about)))
    exact = wanted.words - own == there.words - own
    return Comparison(True, 1.0 if exact else _TRANSLATED)


def _words(left: frozenset[str], right: frozenset[str]) -> tuple[list[str], list[str], int]:
    """The everyday words of each side that the other has no counterpart for; how many have one."""
    from .lexicon import says

    alone_left, alone_right = sorted(left - right), sorted(right - left)
    paired = len(left & right)
    for one in list(alone_left):
        for other in list(alone_right):
            if one[0] >= "\u3400" > other[0]:
                same = says(one, other)
            else:
                same = other[0] >= "\u3400" > one[0] and says(other, one)
            if same:
                alone_left.remove(one)
                alone_right.remove(other)
                paired += 1
                break
    return alone_left, alone_right, paired


def _counts_fit(wanted: Meaning, there: Meaning, saved: Saved) -> bool:
    """Whether «two numbers» is what the function takes, where only one of the texts says so."""
    parameters = saved.parameters.get("properties", {})
    if wanted.counted and there.counted:
        return sorted(wanted.counted) == sorted(there.counted)
    if not wanted.counted and not there.counted:
        return True
    (count, *more), silent = (wanted.counted, there) if wanted.counted else (there.counted, wanted)
    if more or (
        any(schema.get("type") == "array" for schema in parameters.values())
        and (count != str(len(parameters)))
    ):
        return False
    # Of two anyway: a greatest divisor, a distance, the letters a and b; and not any number of them.
    return len(silent.letters) == int(count) or (count == "2" and bool(silent.concepts & _OF_TWO))


_OF_TWO = frozenset(
    "op.gcd op.lcm op.distance hamming op.editdistance anagram coprime op.difference op.subtract"
    " op.remainder op.divide op.intersect op.union symmetric subset superset op.dot op.covariance"
    " op.correlation op.midpoint op.slope op.merge op.zip op.hypotenuse op.lcs op.lcsubstring".split()
)


def _numbers_fit(wanted: Meaning, there: Meaning) -> bool:
    """Whether the saved text's constants stand in the new one; what is over is arguments."""
    left = list(wanted.numbers)
    for number in there.numbers:
        if number not in left:
            return False
        left.remove(number)
    return True


def left_over(wanted: Meaning, there: Meaning) -> int:
    """How many numbers of a text are none of the saved text's constants."""
    return len(wanted.numbers) - len(there.numbers)


def _letters_differ(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two texts name the same variables in another order: a from b, b from a."""
    return len(one) > 1 and set(one) == set(other) and one != other


def _ways_fit(wanted: Meaning, there: Meaning) -> bool:
    """Whether both convert the same way; of two units both texts have to say it."""
    (out, into), (out_there, into_there) = wanted.ways, there.ways
    if out & into_there or into & out_there:
        return False
    units = sum(key.startswith("unit.") for key in wanted.concepts)
    return units != 2 or bool(out or into) == bool(out_there or into_there)


def _roles_fit(wanted: Meaning, there: Meaning) -> bool:
    """Whether what one text asks for is nothing that the other says to be given."""
    if wanted.known and there.known:
        asked, asked_there = wanted.concepts - wanted.known, there.concepts - there.known
        return not (asked & there.known or asked_there & wanted.known)
    return wanted.head not in there.known and there.head not in wanted.known


_TYPES = {
    ":string": "string", ":list": "array", ":dict": "object", ":matrix": "array", ":tuple": "array",
    ":set": "array", ":date": "string",
}  # fmt: skip


def _about_fits(wanted: frozenset[str], there: frozenset[str], saved: Saved) -> bool:
    """Whether what only one text names could be what the function takes."""
    if wanted == there:
        return True
    one, other = wanted - there - {":number"}, there - wanted - {":number"}
    if one and other:
        return False
    schemas = saved.parameters.get("properties", {}).values()
    taken = {str(schema.get("type")) for schema in schemas}
    taken |= {str((schema.get("items") or {}).get("type")) for schema in schemas}
    if ":number" in wanted - there and not taken & {"integer", "number", "array"}:
        return False
    return all(_TYPES.get(about, "") in taken for about in one | other)


def _parameter_words(saved: Saved) -> frozenset[str]:
    """Names of parameters, which either text may speak of or not."""
    names = saved.parameters.get("properties", {})
    return frozenset(stem(part) for name in names for part in name.lower().split("_")) | set(names)


def _said(saved: Saved) -> list[tuple[str, dict[str, Any] | None]]:
    """What a function is for, in the texts that it has: its origins', then its docstring's."""
    found = [(origin.template or origin.text, origin.arguments) for origin in saved.origins]
    if saved.summary and all(saved.summary.rstrip(".。") != said for said, _ in found):
        found.append((saved.summary, None))
    return found


def _with_arguments(
    text: str,
    wanted: Meaning,
    saved: Saved,
    said: str,
    sample: dict[str, Any] | None,
    compared: Comparison,
    values: Callable[[], Sequence[Value]],
    now: datetime,
    arguments: bool,
) -> Reuse | None:
    """The reuse with its arguments, as the text states them, or its sample where it states none."""
    there = meaning_of(said)
    over = left_over(wanted, there)
    made = Reuse("reuse", saved, compared.score, _same(saved, said), said)
    if not over and not wanted.stated:
        if not arguments or not saved.parameters.get("required"):
            return replace(made, sample={})
        if "{" in said:
            # The saved text states values and this one does not: they are missing.
            return None
        given = sample if sample is not None else _sample(saved)
        return replace(made, sample=given) if given is not None else None
    filled = _filled(text, wanted, there, saved, said, values(), now)
    return replace(made, filled=filled) if filled is not None else None


def _sample(saved: Saved) -> dict[str, Any] | None:
    """Arguments that were saved with another text of the function."""
    return next((o.arguments for o in saved.origins if o.arguments is not None), None)


def _filled(
    text: str,
    wanted: Meaning,
    there: Meaning,
    saved: Saved,
    said: str,
    values: Sequence[Value],
    now: datetime,
) -> Filled | None:
    """The arguments that the text states, where there is one way to take them."""
    from ..contract import Tool
    from ..generate.filling import settle
    from ..generate.kinds import properties
    from ..generate.options import options

    tool = Tool(name=saved.name, description=saved.summary, parameters=saved.parameters)
    schemas = properties(tool)
    constants = set(there.numbers)
    values = [v for v in values if not _is_constant(v, constants)]
    offers = {n: options(text, n, s, values=values, now=now) for n, s in schemas.items()}
    required = [name for name in schemas if name in (saved.parameters.get("required") or ())]
    written: dict[str, Any] = {}
    for name in required:
        found = offers[name]
        distinct = list({repr(one.value): one for one in found or ()}.values())
        if len(distinct) == 1:
            written[name] = distinct[0].value
    if len(written) < len(required):
        placed = _in_order(wanted, there, said, required, offers)
        if placed is None:
            return None
        written = placed
    filled = settle(text, tool, written, offers, values=values, now=now, given={})
    if filled.missing or filled.unused or set(filled.arguments) < set(required):
        return None
    return filled


def _is_constant(value: Value, constants: set[str]) -> bool:
    return any(_is(value.value, constant) for constant in constants)


def _in_order(
    wanted: Meaning, there: Meaning, said: str, required: Sequence[str], offers: dict[str, Any]
) -> dict[str, Any] | None:
    """Values in the order of the saved text's places, where all other words stand in its order."""
    names = _PLACE.findall(said)
    if len(wanted.sequence) != len(there.sequence) or set(names) != set(required):
        return None
    stated: list[str] = []
    for one, other in zip(wanted.sequence, there.sequence, strict=True):
        if other == "" and len(stated) < len(names):
            stated.append(one)
        elif one != other:
            return None
    written: dict[str, Any] = {}
    for name, number in zip(names, stated, strict=False):
        fitting = {repr(o.value): o.value for o in offers[name] or () if _is(o.value, number)}
        if len(fitting) != 1:
            return None
        written[name] = next(iter(fitting.values()))
    return written if set(written) == set(required) else None


_PLACE = re.compile(r"\{(\w+)\}")


def _is(value: Any, number: str) -> bool:
    return (
        isinstance(value, (int, float)) and not isinstance(value, bool) and f"{value:g}" == number
    )


_VETOES: dict[str, tuple[str, str]] = {
    "words": ("differs in {what}", "差别在于：{what}"),
    "numbers": ("a number differs", "数字不同"),
    "order": ("the steps follow in another order", "步骤的先后不同"),
    "direction": ("it converts the other way", "换算方向相反"),
    "roles": ("what is asked for is what is given there", "所求的量在那里是已知的"),
    "letters": ("the variables stand the other way round", "变量的先后不同"),
    "about": ("it works on something else", "处理的对象不同"),
    "arguments": (
        "its values cannot be read from the text in one way only",
        "无法从文本中唯一地读出参数",
    ),
}


def _reason(compared: Comparison, saved: Saved) -> dict[str, str]:
    en, zh = _VETOES[compared.veto]
    what_en = ", ".join(words_of_concept(key, "en") for key in compared.differing[:4])
    what_zh = "、".join(words_of_concept(key, "zh") for key in compared.differing[:4])
    return {
        "en": f"Near {saved.name}, but {en.format(what=what_en)}.",
        "zh": f"与 {saved.name} 相近，但{zh.format(what=what_zh)}。",
    }


def _same(saved: Saved, said: str) -> dict[str, str]:
    return {
        "en": f"{saved.name} was saved for the same: “{said[:80]}”",
        "zh": f"{saved.name} 正是为同样的意思保存的：“{said[:80]}”",
    }


__all__ = ["Comparison", "Decision", "Reuse", "compare", "left_over", "reuse"]
