"""Ask for what is missing, in the text's language, from what is known of the parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..readers.names import words_of

_UNITS = {
    "kg": ("千克", "kg"), "g": ("克", "g"), "km": ("公里", "km"), "m": ("米", "m"), "cm": ("厘米", "cm"),
    "mm": ("毫米", "mm"), "l": ("升", "litres"), "ml": ("毫升", "ml"), "hours": ("小时", "hours"),
    "minutes": ("分钟", "minutes"), "seconds": ("秒", "seconds"), "days": ("天", "days"),
    "percent": ("百分数", "percent"), "usd": ("美元", "US dollars"), "cny": ("元", "yuan"),
    "kmh": ("公里/小时", "km/h"), "kwh": ("千瓦时", "kWh"), "c": ("°C", "°C"), "f": ("°F", "°F"),
}  # fmt: skip


_ASKS_ZH = ("还缺少：", "。请补充。")
_ASKS_EN = ("What is ", "?")


def question(missing: Sequence[str], schema: dict[str, Any], language: str) -> str:
    """One sentence that asks for the missing parameters.

    >>> question(["nights"], {"properties": {"nights": {"description": "入住晚数"}}}, "zh")
    '还缺少：入住晚数（nights）。请补充。'
    """
    named = [_named(name, schema, language) for name in missing]
    if language == "zh":
        return f"{_ASKS_ZH[0]}{'、'.join(named)}{_ASKS_ZH[1]}"
    return f"{_ASKS_EN[0]}{_listed(named)}{_ASKS_EN[1]}" if named else "What is missing?"


def is_question(text: str) -> bool:
    """Whether a text is one that `question` makes.

    >>> is_question("还缺少：入住晚数（nights）。请补充。")
    True
    """
    said = text.strip()
    return any(said.startswith(head) and said.endswith(end) for head, end in (_ASKS_ZH, _ASKS_EN))


def which_of(differing: Mapping[str, Any], language: str) -> str:
    """One sentence that asks what an input on which versions differ should give.

    >>> which_of({"call": "f([])", "got": "0", "other": "None"}, "en")
    'Should f([]) give 0 or None? An example in the text decides: f([]) == …'
    """
    call, got, other = (str(differing[key]) for key in ("call", "got", "other"))
    if language == "zh":
        return f"{call} 应该得到 {got} 还是 {other}？在文本中给出例子即可确定：{call} == …"
    return f"Should {call} give {got} or {other}? An example in the text decides: {call} == …"


def _named(name: str, schema: dict[str, Any], language: str) -> str:
    described = _described(name, schema)
    words = _words(name, language)
    if language == "zh":
        said = described or words
        return f"{said}（{name}）" if said != name else name
    if described and described.isascii():
        return f"the {words} ({described})" if described.lower() != words else f"the {words}"
    return f"the {words}"


def _described(name: str, schema: dict[str, Any]) -> str:
    at: Any = schema
    for part in name.split("."):
        at = (at.get("properties") or {}).get(part, {}) if isinstance(at, dict) else {}
    text = str(at.get("description") or "").strip() if isinstance(at, dict) else ""
    return re.split(r"[。.;；\n]", text)[0][:60]


def _words(name: str, language: str) -> str:
    parts = words_of(name)
    unit = ""
    if len(parts) > 1 and parts[-1].lower() in _UNITS:
        zh, en = _UNITS[parts.pop().lower()]
        unit = f"（{zh}）" if language == "zh" else f" in {en}"
    said = " ".join(part.lower() for part in parts)
    if language == "zh":
        said = _chinese(parts) or said
    return said + unit


def _chinese(parts: Sequence[str]) -> str:
    """The parameter's name in Chinese, from the library's bilingual words; "" where unknown."""
    from ..library.lexicon import in_chinese

    found = [in_chinese(" ".join(parts))] if len(parts) > 1 else [""]
    found = found if found[0] else [in_chinese(part) for part in parts]
    return "".join(found) if all(found) else ""


def _listed(named: Sequence[str]) -> str:
    if len(named) == 1:
        return named[0]
    return f"{', '.join(named[:-1])} and {named[-1]}"
