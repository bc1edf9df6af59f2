"""Which columns a text speaks of, in its own words or those of the other language; no model.

Also which columns a function reads, so that it is used again only where they are.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ..library.lexicon import words_known
from ..library.terms import stems, terms
from ..syntax import parse
from .table import described, is_table


def spoken_of(text: str, names: Sequence[str]) -> dict[str, str]:
    """Columns that the text means by another word than their name, each with that word.

    Only where one word fits one column: two that it could be are left to the model.

    >>> spoken_of("各地区的销售额", ["region", "sales_amount", "date"])
    {'region': '地区', 'sales_amount': '销售额'}
    """
    folded = _folded(text)
    missing = [name for name in names if _folded(name) not in folded]
    if not missing or len(names) > 200:
        return {}
    meant: dict[str, list[str]] = {}
    for word, meaning in words_known(text).items():
        if any(_folded(word) in _folded(name) for name in names):
            continue
        near = [(name, share) for name in missing if (share := _share(name, meaning.others)) > 0]
        best = max((share for _, share in near), default=0.0)
        fitting = [name for name, share in near if share == best]
        if len(fitting) == 1:
            meant.setdefault(fitting[0], []).append(word)
    return {name: words[0] for name, words in meant.items() if len(words) == 1}


def named_in(text: str, names: Sequence[str]) -> list[str]:
    """Columns whose names stand in the text as they are."""
    folded = _folded(text)
    return [name for name in names if len(name) > 1 and _folded(name) in folded]


def each_of(text: str, inputs: Mapping[str, Any]) -> str:
    """The column for each of whose values a text asks for something; "" where it names none.

    A column that has another value in every row tells no groups.

    >>> rows = [{"order_id": 1, "渠道": "a", "bike": "x"}, {"order_id": 2, "渠道": "a", "bike": "x"}]
    >>> each_of("各渠道的订单数", {"data": rows}), each_of("fee per bike type", {"data": rows})
    ('渠道', 'bike')
    >>> each_of("items per order id", {"data": rows}), each_of("平均每单金额", {"data": rows})
    ('', '')
    """
    names = [
        column.name
        for rows in inputs.values()
        if is_table(rows)
        for column in described(rows)
        if len({str(row.get(column.name)) for row in rows[:_LOOKED_AT]}) < len(rows[:_LOOKED_AT])
    ]
    for match in _EACH.finditer(text):
        behind = text[match.end() :].casefold()
        words = re.findall(r"[a-z]+", behind)[:2]
        spoken = {*words, " ".join(words)} if not match["zh"] else set()
        for name in names:
            said = name.casefold()
            if match["zh"] and (
                behind.startswith(said) or (behind[:1] == "年" and _YEAR_COLUMN.match(name))
            ):
                return name
            if said.replace("_", " ") in spoken:
                return name
    return ""


_EACH = re.compile(
    r"(?P<zh>[各每](?:一?[个位名家种类所只])?)|\b(?:per|each|every)\s+", re.IGNORECASE
)
_YEAR_COLUMN = re.compile(r"年(?:份|度)?$")


def may_be_said(value: str, text: str) -> bool:
    """Whether a text may mean a value: it says it, a form of it, or speaks another language.

    >>> may_be_said("delivered", "deliveries in may"), may_be_said("已取消", "取消的订单有几个")
    (True, True)
    >>> may_be_said("华东", "三月一共卖出多少"), may_be_said("paid", "已付款的订单")
    (False, True)
    """
    if value in text or bool(_CHINESE.search(value)) != bool(_CHINESE.search(text)):
        return True
    if _CHINESE.search(value):
        return any(value[at : at + 2] in text for at in range(len(value) - 1))
    words = [word for word in re.findall(r"[^\W_]+", value) if len(word) > 3]
    return any(word[: max(4, len(word) - 4)] in text for word in words)


_CHINESE = re.compile(r"[\u3400-\u9fff]")


def stated_in(text: str, inputs: Mapping[str, Any]) -> list[str]:
    """Values of columns that the text states, where it states one alone of a column.

    Two and more are what it goes over («爸爸和妈妈各花了多少»), which the function need not name.

    >>> stated_in("华东的销售额", {"data": [{"地区": "华东"}, {"地区": "华南"}]})
    ['华东']
    """
    folded = _folded(text)
    found: list[str] = []
    for values in _choices(inputs):
        stated = [v for v in values if len(v) > 1 and _says(folded, _folded(v))]
        found += stated if len(stated) == 1 else []
    return found


def numbering(inputs: Mapping[str, Any]) -> frozenset[str]:
    """Columns that only tell the rows of a table apart: texts with digits, no two the same.

    >>> sorted(numbering({"data": [{"nr": "R1", "day": "一"}, {"nr": "R2", "day": "二"}]}))
    ['nr']
    """
    found: set[str] = set()
    for rows in filter(is_table, inputs.values()):
        for column in described(rows):
            values = [str(row.get(column.name)) for row in rows[:_LOOKED_AT]]
            if (
                column.kind == "text"
                and len(set(values)) == len(values) > 1
                and all(any(c.isdigit() for c in value) for value in values)
            ):
                found.add(column.name)
    return frozenset(found)


def numbers_of(inputs: Mapping[str, Any], names: Collection[str]) -> Iterator[tuple[float, ...]]:
    """What the columns of numbers with these names hold."""
    for rows in filter(is_table, inputs.values()):
        for column in described(rows):
            if column.kind in ("integer", "number") and column.name in names:
                values = (row.get(column.name) for row in rows)
                yield tuple(value for value in values if isinstance(value, (int, float)))


def choices_in(inputs: Mapping[str, Any]) -> frozenset[str]:
    """Every value of the columns that hold few different words."""
    return frozenset(value for values in _choices(inputs) for value in values)


def _choices(inputs: Mapping[str, Any]) -> Iterator[set[str]]:
    for value in inputs.values():
        if not is_table(value):
            continue
        for column in described(value):
            if column.kind == "text":
                values = {row.get(column.name) for row in value[:_LOOKED_AT]}
                if len(values) <= _MOST_VALUES:
                    yield {one for one in values if one}


_LOOKED_AT, _MOST_VALUES = 5_000, 100


def _says(text: str, word: str) -> bool:
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


def read_by(source: str, inputs: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The columns that a function names, with their kinds, by the input that has them.

    A function that names none of an input's columns goes over all of them.
    """
    said = {
        node.value
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    found: dict[str, dict[str, str]] = {}
    for name, value in inputs.items():
        if is_table(value):
            columns = described(value)
            kinds: dict[str, str] = {c.name: c.kind for c in columns}
            found[name] = {key: kind for key, kind in kinds.items() if key in said} or kinds
        else:
            found[name] = {}
    return found


def fit(wanted: Mapping[str, Mapping[str, str]], inputs: Mapping[str, Any]) -> bool:
    """Whether a function that reads these columns can be used on these inputs."""
    if set(wanted) != set(inputs):
        return False
    for name, columns in wanted.items():
        value = inputs[name]
        if bool(columns) != is_table(value):
            return False
        if not columns:
            continue
        there = {column.name: column.kind for column in described(value)}
        if any(not _same_kind(kind, there.get(one)) for one, kind in columns.items()):
            return False
    return True


def _same_kind(wanted: str, there: str | None) -> bool:
    if there is None:
        return False
    numbers = ("integer", "number")
    return wanted == there or "empty" in (wanted, there) or (wanted in numbers and there in numbers)


def _share(name: str, others: Sequence[Sequence[str]]) -> float:
    """How much of a column's name a word's translations are; 0 where they are not in it."""
    own = set(stems(name.replace("_", " "))) or set(terms(name))
    found = 0.0
    for other in others:
        if other and set(other) <= own:
            found = max(found, len(set(other)) / len(own))
    return found


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
