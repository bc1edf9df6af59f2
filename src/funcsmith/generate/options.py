"""What each parameter may be given: the values that the text states, in the form it wants.

A parameter is offered nothing that the text does not state, so nothing else can be chosen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..readers import Value, convert, evidence, forms, wanted_unit
from ..readers.characters import fold, lower
from ..readers.currencies import find_currency
from ..readers.names import words_of
from ..readers.units import canonical
from .derived import derived
from .form import Form, form_of
from .kinds import inner_schema, kind_of, speaks_of, string_kind
from .wording import asides

Span = tuple[int, int]

_NUMERIC = frozenset(
    [
        "integer",
        "number",
        "percent",
        "fraction",
        "money",
        "quantity",
        "duration",
        "ordinal",
        "discount",
    ]
)
_DATES = frozenset(["date", "datetime"])
_MOST = 12


@dataclass(frozen=True)
class Option:
    """One value that a parameter may take, with the characters that state it."""

    value: Any
    spans: tuple[Span, ...]
    weight: float
    """How well it fits by type and unit, 0 to 1."""
    said: tuple[str, ...] = ()
    """Other ways to write what the text states, before it was converted: 8 for 八个人."""


def options(
    text: str,
    name: str,
    schema: dict[str, Any],
    *,
    values: Sequence[Value],
    now: datetime | None,
) -> list[Option] | None:
    """The values that may fill a parameter, best first; None where any words of the text may.

    An empty list: the text states nothing that could stand here.
    """
    schema = inner_schema(schema)
    kind = kind_of(schema)
    aside = asides(text)
    values = [v for v in values if not any(a <= v.start < b for a, b in aside)]
    form = form_of(f"{name} {schema.get('description', '')}")
    words = kind == "string"
    if words:
        kind = string_kind(name, schema)
    if kind in ("integer", "number"):
        return _numbers(text, name, schema, values, whole=kind == "integer")
    if kind in ("date", "datetime", "time"):
        found = _moments(values, kind, form)
        # A day that is wanted in no form of its own may be said in words that no reader knows.
        return None if words and form is None and not found else found
    if kind == "boolean":
        return [Option(True, (), 0.5), Option(False, (), 0.5)]
    if words and speaks_of(words_of(name), _CURRENCY_WORDS, frozenset()):
        return _currencies(text) or None
    if kind == "enum":
        listed = schema.get("enum", [schema.get("const")])
        return [
            Option(one, tuple(evidence(text, one, now=now, values=values))[:1], 0.5)
            for one in listed
        ]
    if kind == "array":
        return _lists(name, schema, values)
    return None


_CURRENCY_WORDS = frozenset("currency currencies 货币 币种".split())


def _currencies(text: str) -> list[Option]:
    """The currencies that a text names, as their codes."""
    lowered = lower(fold(text))
    found: list[Option] = []
    at = 0
    while at < len(lowered):
        inside = at and lowered[at - 1].isascii() and lowered[at - 1].isalpha()
        named = None if inside else find_currency(lowered, at)
        if named is None:
            at += 1
            continue
        words = text[at : named[1]]
        found.append(Option(named[0], ((at, named[1]),), 0.9, (words, named[0])))
        at = named[1]
    return _distinct(found[:_MOST])


def _numbers(
    text: str, name: str, schema: dict[str, Any], values: Sequence[Value], *, whole: bool
) -> list[Option]:
    unit = wanted_unit(name, str(schema.get("description", "")))
    described = str(schema.get("description", ""))
    priced = bool(_PRICED.search(name))
    money_wanted = priced or bool(_MONEY.search(f"{name} {described}"))
    if priced and unit is not None and not _is_money(unit) and unit not in ("%", "fraction"):
        # price_per_litre is money, whatever it is for.
        unit = None
    found: dict[tuple[float, Span], Option] = {}

    def offer(number: Any, span: Span, weight: float) -> None:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return
        if whole and float(number) != int(number):
            return
        plain = int(number) if float(number) == int(number) and abs(number) < 1e15 else number
        one = Option(plain, (span,), weight)
        key = (float(plain), span)
        if key not in found or found[key].weight < weight:
            found[key] = one

    shares = {(v.start, v.end) for v in values if v.kind in ("fraction", "percent", "discount")}
    for value in values:
        if value.kind not in _NUMERIC:
            continue
        if value.kind in ("integer", "number") and (value.start, value.end) in shares:
            continue
        span = (value.start, value.end)
        if value.kind != "ordinal" and text[: value.start].rstrip().endswith("第"):
            continue
        if value.note in ("part", "article") or _is_rate(text, value):
            # Part of a larger reading, or the "a" before a noun; 90 a month lasts no month.
            continue
        if value.unit == "岁":
            value = replace(value, unit="year", kind="quantity")
            if unit == "year":
                offer(value.value, span, 1.0)
                continue
        if value.kind in ("integer", "number", "ordinal", "fraction") and not (
            unit == "K" and _KELVIN.fullmatch(value.text)
        ):
            plain = 0.7 if unit is None else 0.55
            if unit is not None and _counts_a_noun(text, value, unit):
                # A count of things is no area, and the number of a room no duration.
                continue
            if value.kind == "ordinal" and not _RANKS.search(
                f"{name} {schema.get('description', '')}"
            ):
                # The sixth row is not six of anything.
                plain = 0.3
            if value.kind == "fraction" and unit == "%":
                offer(_tidy(float(value.value) * 100), span, 0.95)
                continue
            for place, number in enumerate(forms(value)[:2]):
                offer(number, span, plain - 0.1 * place)
            continue
        if (
            value.kind == "discount"
            and unit == "%"
            and _OFF.search(f"{name} {schema.get('description', '')}")
        ):
            # 六五折 pays 65 % and takes 35 % off.
            offer(_tidy(100 - 100 * float(value.value)), span, 1.0)
            continue
        if value.unit in ("km", "m", "mile") and _EACH_HOUR.search(text[: value.start]):
            value = replace(value, unit={"km": "km/h", "m": "m/h", "mile": "mph"}[value.unit])
        kelvin = _KELVIN.fullmatch(value.text) if unit == "K" else None
        if kelvin:
            # The K of 77 K is no thousand where kelvin are wanted.
            offer(float(kelvin[1]), span, 1.0)
            continue
        converted = convert(value, unit) if unit else None
        if converted is not None:
            offer(_tidy(converted), span, 1.0)
            continue
        if value.unit == "person" and unit not in (None, "person"):
            # Two people are no two nights.
            continue
        if unit in ("%", "fraction") and value.kind in ("percent", "discount"):
            listed = forms(value)
            wanted = [n for n in listed if (0 <= n <= 1) == (unit == "fraction")] or listed
            # Shares are of many things, so one alone does not yet say which it is.
            offer(wanted[0], span, 0.9)
            continue
        if value.kind in ("percent", "discount"):
            if unit is None:
                listed = forms(value)[:3]
                if not whole and _RATE.search(f"{name} {described}"):
                    # Programs that take a rate as a number of any size write 8 % as 0.08.
                    listed = sorted(listed, key=lambda n: not 0 <= n <= 1)
                for place, number in enumerate(listed):
                    offer(number, span, 0.6 - 0.1 * place)
            continue
        if unit is not None and value.unit and _spoken(value, described):
            # 一吨水就是一立方米: the description itself speaks of this unit.
            offer(forms(value)[0], span, 0.9)
            continue
        if unit is None:
            listed = [n for n in forms(value) if isinstance(n, (int, float))]
            if listed:
                money = 0.95 if money_wanted else 0.75
                offer(listed[0], span, money if value.kind == "money" else 0.65)
        elif value.kind == "money" and _is_money(unit):
            listed = forms(value)
            offer(listed[0], span, 0.9)
        elif value.kind == "quantity" and value.unit not in _PHYSICAL and unit not in _PHYSICAL:
            # Counting words differ more than what is counted: 三间, 三晚, three guests.
            listed = forms(value)
            offer(listed[0], span, 0.45 if not _is_money(unit) else 0.3)
    if unit in ("hour", "h", "min", "minute", "s"):
        _between(values, unit, offer)
    for number, span, weight in derived(text, name, described, values):
        offer(number, span, weight)
    ranked = sorted(found.values(), key=lambda o: (-o.weight, o.spans))
    return _distinct([replace(one, said=_said(one, values)) for one in ranked[:_MOST]])


def _distinct(listed: Sequence[Option]) -> list[Option]:
    """The options without the ways of writing that would state another place's as well."""
    means: dict[str, set[tuple[Span, ...]]] = {}
    for one in listed:
        for said in one.said:
            means.setdefault(said, set()).add(one.spans)
    return [replace(o, said=tuple(s for s in o.said if len(means[s]) == 1)) for o in listed]


def _said(option: Option, values: Sequence[Value]) -> tuple[str, ...]:
    """The number of a span in other words: without its unit, in digits, as it will be passed."""
    ways: list[str] = []
    for value in values:
        if (value.start, value.end) not in option.spans or isinstance(value.value, (bool, str)):
            continue
        numeral = _NUMERAL.match(value.text)
        if numeral:
            ways.append(numeral.group())
        if isinstance(value.value, (int, float)) and value.kind != "duration":
            digits = f"{value.value:.15g}"
            ways += [f"{digits}%" if value.kind == "percent" else digits]
    return tuple(dict.fromkeys([*ways, f"{option.value:.15g}"]))


_NUMERAL = re.compile(
    r"[0-9０-９][0-9０-９,.，．]*[0-9０-９]|[0-9０-９]|百分之[〇零一二两三四五六七八九十百点]+"
    r"|[〇零一二两三四五六七八九十百千万亿点半]+"
)
_PER = re.compile(r"(?:per|each|every)\b|每", re.IGNORECASE)
_AMOUNT_BEFORE = re.compile(
    r"(?:[0-9%]|\b(?:dollars?|euros?|pounds?|yuan|times|once|twice|words?|pages?|km|kwh|miles?))\s*$",
    re.IGNORECASE,
)


def _is_rate(text: str, value: Value) -> bool:
    """Whether a value is only what an amount is for: 90 a month, 每天, 八块一升.

    «An hour» alone lasts an hour, and «一升» alone is a litre.
    """
    if value.kind in ("duration", "quantity") and value.text.startswith("一"):
        return value.value == 1 and bool(_PRICE_BEFORE.search(text[: value.start]))
    if value.kind != "duration":
        return False
    of_one = re.match(r"an?\b", value.text, re.IGNORECASE)
    return bool(_PER.match(value.text)) or bool(
        of_one and _AMOUNT_BEFORE.search(text[: value.start])
    )


_PRICE_BEFORE = re.compile(r"(?:[元块毛角]|块钱|美金|[$¥￥€]\s?\d[\d.,]*)\s?[/／]?$")
_RANKS = re.compile(
    r"第|\b(nth|index|rank|position|place|number|row|seat|level|page|floor|day_of)\b|_no$|^n$|^k$"
)
_MINUTES = {"hour": 60.0, "h": 60.0, "min": 1.0, "minute": 1.0, "s": 1 / 60}


def _between(values: Sequence[Value], unit: str, offer: Callable[[Any, Span, float], None]) -> None:
    """The time between two clock times, where the text states no duration: 9:15 到 14:45."""
    clocks = [v for v in values if v.kind == "time" and v.note not in ("part", "ambiguous")]
    if len(clocks) != 2 or any(v.kind == "duration" and v.note != "part" for v in values):
        return
    first, last = (int(v.value[:2]) * 60 + int(v.value[3:5]) for v in clocks)
    minutes = (last - first) % (24 * 60)
    offer(_tidy(minutes / _MINUTES[unit]), (clocks[0].start, clocks[1].end), 0.95)


def _spoken(value: Value, description: str) -> bool:
    """Whether a description speaks of the unit in which a value is stated."""
    word = re.sub(r"^[\W\d_〇零一二两三四五六七八九十百千万亿点半]+", "", value.text).strip()
    if not word or value.unit in ("%", "fraction"):
        return False
    # The m of "4 m" is not in "square metres"; Chinese has no blanks between words.
    edges = (r"(?<![A-Za-z])", r"(?![A-Za-z])") if word.isascii() else ("", "")
    return bool(re.search(edges[0] + re.escape(word) + edges[1], description))


_NOUN_AFTER = re.compile(
    r"\s+(?!(?:and|or|to|by|at|in|on|for|from|with|per|of|off|is|are|was|each|the|over|than|plus"
    r"|minus|times|percent|as|overnight|tonight|today|yesterday|tomorrow|during|while|altogether"
    r"|now|then|when|if|because|within|after|before|until|till|about|around|between|among|under"
    r"|above|below|near|using|without|through|against|so|but|while|where|which|that|given)\b)(?![a-z]+(?:ed|ly|ing)\b)[a-z]{3,}"
)
_LABEL_BEFORE = re.compile(
    r"\b(?:room|chapter|gate|line|number|no|seat|row|page|platform|floor|apartment|bus|train"
    r"|exit|version|size|grade|class|unit|table|track|level|channel)\.?\s*#?$",
    re.IGNORECASE,
)


def _counts_a_noun(text: str, value: Value, unit: str) -> bool:
    """Whether a bare number counts or labels a thing, so that it measures nothing.

    «4 extra hours» measures: the unit stands behind one more word.
    """
    behind = re.match(r"\s+[a-z]+\s+([a-z]+)", text[value.end : value.end + 40])
    if behind and canonical(behind.group(1)) == unit:
        return False
    return bool(
        _NOUN_AFTER.match(text[value.end : value.end + 30])
        or _LABEL_BEFORE.search(text[max(0, value.start - 20) : value.start])
    )


_KELVIN = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s?[kK]")
_RATE = re.compile(
    r"(?:^|[\W_])(?:rate|ratio|probability|interest|yield|return|growth|inflation|confidence|share)s?"
    r"(?:$|[\W_])|利率|税率|增长率|折现率|概率|比率|比例",
    re.IGNORECASE,
)
_PRICED = re.compile(r"price|cost|fee|wage|salary|rent|价|费|工资|租金", re.IGNORECASE)
_MONEY = re.compile(
    r"money|principal|deposit|balance|budget|income|revenue|earnings|loan|payment|savings|dollars|yuan"
    r"|钱|金额|本金|存款|贷款|预算|收入|付款|薪",
    re.IGNORECASE,
)
_EACH_HOUR = re.compile(r"(时速|每小时|每个小时)[为是约大行驶走跑]*\s*$")
_OFF = re.compile(r"off|reduc|discount|减|优惠|折扣力度|降", re.IGNORECASE)

_PHYSICAL = frozenset(
    "kg g mg t lb oz m cm mm km in ft yd mile m2 cm2 km2 ha acre mu L ml m3 cm3 gal km/h m/s mph"
    " °C °F K kWh J kJ kcal cal W kW V A s min h day week month year B KB MB GB TB ms 斤 两 里 亩"
    " % fraction".split()
)


def _is_money(unit: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{3}|[百千万亿]?元", unit))


def _tidy(number: float) -> float:
    rounded = float(f"{number:.10g}")
    return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded


def _moments(values: Sequence[Value], kind: str, form: Form | None) -> list[Option]:
    found: list[Option] = []
    for value in values:
        span = (value.start, value.end)
        if not isinstance(value.value, str):
            continue

        def said(plain: str, iso: str) -> str:
            """The value as the parameter wants it, else as it is usual."""
            return form.written(iso) if form is not None and form.kind == kind else plain

        if kind == "date" and value.kind in _DATES:
            weight = 1.0 if value.kind == "date" else 0.8
            day = value.value[:10]
            found.append(Option(said(day, day), (span,), weight, _ways_of_day(value)))
        elif kind == "datetime" and value.kind == "datetime":
            usual = value.value[:16]
            ways = (usual, usual.replace("T", " "))
            found.append(Option(said(usual, value.value), (span,), 1.0, ways))
        elif kind == "datetime" and value.kind == "date":
            midnight = said(value.value, value.value)
            found.append(Option(midnight, (span,), 0.5, _ways_of_day(value)))
        elif kind == "time" and value.kind in ("time", "datetime"):
            clock = value.value[11:16] if value.kind == "datetime" else value.value[:5]
            weight = 1.0 if value.kind == "time" else 0.9
            found.append(Option(said(clock, clock), (span,), weight, _ways_of_clock(clock)))
    unique: dict[Any, Option] = {}
    for one in found:
        if one.value not in unique or unique[one.value].weight < one.weight:
            unique[one.value] = one
    return _distinct(sorted(unique.values(), key=lambda o: -o.weight)[:_MOST])


def _ways_of_day(value: Value) -> tuple[str, ...]:
    """A day in other words: as ISO, and without the word before it (this Friday, on 3 May)."""
    bare = re.sub(
        r"^(?:this|next|the|on|coming|by)\s+(?:coming\s+)?", "", value.text, flags=re.IGNORECASE
    )
    return tuple(dict.fromkeys([str(value.value)[:10], bare]))


def _ways_of_clock(clock: str) -> tuple[str, ...]:
    """A time of day as clocks show it: 04:30, 4:30, 4:30 am."""
    hour, minute = int(clock[:2]), clock[3:5]
    half, noon = ("am", hour) if hour < 12 else ("pm", hour - 12)
    ways = [clock, f"{hour}:{minute}", f"{noon or 12}:{minute} {half}"]
    if minute == "00":
        ways += [f"{noon or 12} {half}", f"{noon or 12}{half}"]
    return tuple(ways)


def _lists(name: str, schema: dict[str, Any], values: Sequence[Value]) -> list[Option] | None:
    items = schema.get("items", {})
    wanted = kind_of(items) if items else "any"
    found: list[Option] = []
    if wanted in ("integer", "number", "any"):
        unit = wanted_unit(name, str(schema.get("description", "")))
        for value in values:
            if value.kind == "list" and value.items:
                numbers: list[Any] = []
                spans: list[Span] = []
                for item in value.items:
                    number = (convert(item, unit) if unit else None) or item.value
                    if isinstance(number, bool) or not isinstance(number, (int, float)):
                        break
                    numbers.append(_tidy(number) if isinstance(number, float) else number)
                    spans.append((item.start, item.end))
                else:
                    found.append(Option(numbers, tuple(spans), 0.75 + 0.01 * min(len(numbers), 10)))
        if not found and wanted != "any":
            loose = [v for v in values if v.kind in _NUMERIC and v.note != "part"]
            # Amounts that stand among words: 面粉 300 克、糖 120 克 for amounts_g.
            measured = [v for v in loose if unit and convert(v, unit) is not None]
            alike = len(measured) > 1
            numbers = []
            spans = []
            last = -1
            for value in measured if alike else loose:
                if value.start < last:
                    continue
                number = convert(value, unit) if alike and unit else (forms(value) or [None])[0]
                if isinstance(number, (int, float)):
                    numbers.append(_tidy(float(number)))
                    spans.append((value.start, value.end))
                    last = value.end
            if numbers:
                found.append(Option(numbers, tuple(spans), 0.8 if alike else 0.4))
        found.sort(key=lambda o: -o.weight)
        return found[:4]
    return None
