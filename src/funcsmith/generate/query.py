"""A query over the user's tables, as the model writes it, read and set right.

A small model asks a table better in SQL than in loops, and a query can be held against the tables and
the text before anything runs: every table and column is there, nothing is rounded that was not to be. sqlglot reads; what is set right is set right in
its tree.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from ..tables.comparing import asks_for_order
from ..tables.table import clean_name, described
from .plausibility import asks_for_one, places_wanted

DIALECT = "sqlite"
# What a model writes wrongly is said to the model; sqlglot would warn the user of it.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


class Unreadable(ValueError):
    """A query that cannot be followed; the message is for whoever wrote it."""


@dataclass(frozen=True)
class Source:
    """A table as a query sees it: its columns, what they hold, and which lack values."""

    kinds: dict[str, str]
    empty: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rows: list[dict[str, Any]]) -> Source:
        columns = described(rows)
        return cls({c.name: c.kind for c in columns}, frozenset(c.name for c in columns if c.empty))


def read(written: str, tables: Mapping[str, Source]) -> exp.Select:
    """The query that was written, every column with the table (or its alias) that it belongs to.

    >>> read("SELECT 地区, SUM(数量) FROM data GROUP BY 1", {"data": Source({"地区": "text", "数量": "integer"})}).sql()
    'SELECT data.地区, SUM(data.数量) FROM data GROUP BY data.地区'
    """
    names = {name for one in tables.values() for name in one.kinds}
    tree = _parsed(written, names)
    if not isinstance(tree, exp.Select):
        raise Unreadable("Only one SELECT is understood.")
    _resolve(tree, dict(tables), {})
    return tree


def set_right(query: exp.Select, text: str, each: str = "") -> exp.Select:
    """The query in the form that the text asks for.

    A value is not rounded unless the text speaks of it; where the text asks only which one is most
    of something, the measure does not come along. Where it asks for something of `each` value of a
    column, one value over all becomes one for each.
    """
    query = query.copy()
    _grouped(query, each)
    _alone(query, text)
    _rounded(query, text)
    limit = query.args.get("limit")
    several = asks_for_order(text) and not asks_for_one(text) and not _FIRST.search(text)
    if several and limit is not None and limit.expression.name == "1":
        query.set("limit", None)
    return query


def _parsed(written: str, names: Collection[str]) -> exp.Expr:
    quoted = written.strip().rstrip(";")
    # A column may have the name of a keyword ("to"), or one that is no SQL word at all ("a b").
    keywords = "|".join(
        re.escape(one) for one in names if one.upper() in _KEYWORDS or not one.isidentifier()
    )
    attempts = [quoted]
    if keywords:
        marked = re.sub(rf"(?<![\"'\w])({keywords})(?![\"'\w])", r'"\1"', quoted)
        attempts.append(re.sub(r'\bGROUP "by"', "GROUP BY", marked))
    failure: Exception | None = None
    for one in attempts:
        try:
            return sqlglot.parse_one(one, read=DIALECT)
        except SqlglotError as wrong:
            failure = wrong
    raise Unreadable("It is not one whole SQLite query.") from failure


_KEYWORDS = frozenset(
    "ADD ALL AND AS ASC BETWEEN BY CASE CHECK COLUMN CREATE CROSS CURRENT DEFAULT DESC DISTINCT"
    " ELSE END EXISTS FILTER FIRST FOLLOWING FOREIGN FROM FULL GROUP HAVING IN INDEX INNER INTERVAL"
    " INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT NATURAL NOT NULL OF OFFSET ON OR ORDER OUTER"
    " OVER PRIMARY RANGE REFERENCES RIGHT ROW ROWS SELECT SET TABLE THEN TO UNION UNIQUE UPDATE"
    " USING VALUES VIEW WHEN WHERE WITH".split()
)


def _resolve(select: exp.Select, tables: dict[str, Source], outer: Mapping[str, Source]) -> Source:
    """Give every column its table; the query itself as a table, its kinds not told."""
    with_ = select.args.get("with_")
    if with_ is not None:
        for cte in with_.expressions:
            if not isinstance(cte.this, exp.Select):
                raise Unreadable("WITH may hold a plain SELECT only.")
            tables[cte.alias] = _resolve(cte.this, dict(tables), {})
    from_ = select.args.get("from_")
    if from_ is None:
        raise Unreadable("It reads no table.")
    seen: dict[str, Source] = {}
    for one in (from_.this, *(join.this for join in select.args.get("joins") or ())):
        if isinstance(one, exp.Subquery) and isinstance(one.this, exp.Select):
            if not one.alias:
                one.set("alias", exp.TableAlias(this=exp.to_identifier(f"part{len(seen) + 1}")))
            seen[one.alias] = _resolve(one.this, dict(tables), {})
        elif isinstance(one, exp.Table):
            name = next((t for t in tables if t.casefold() == one.name.casefold()), None)
            if name is None:
                raise Unreadable(f"There is no table {one.name}; there is {', '.join(tables)}.")
            one.this.set("this", name)
            seen[one.alias_or_name] = tables[name]
        else:
            raise Unreadable("It reads from something that is no table.")
    _expand_stars(select, seen)
    aliases = {one.alias: one.this for one in select.expressions if isinstance(one, exp.Alias)}
    for join in select.args.get("joins") or ():
        _using(join, seen)
    for node in list(_own(select)):
        if isinstance(node, exp.Column):
            _place(node, seen, outer, aliases, select)
        elif isinstance(node, exp.Subquery) and not node.find_ancestor(exp.From, exp.Join):
            _resolve(node.this, dict(tables), seen)
    _positions(select)
    return Source(dict.fromkeys(names_of(select), "mixed"))


def _own(select: exp.Select) -> list[exp.Expr]:
    """The nodes of a query without those of queries inside it; a query inside as one node."""
    found: list[exp.Expr] = []
    left: list[exp.Expr] = [select]
    while left:
        node = left.pop()
        found.append(node)
        if isinstance(node, (exp.Subquery, exp.CTE)) or (
            node is not select and isinstance(node, exp.Select)
        ):
            continue
        left += list(node.iter_expressions())
    return found


def _expand_stars(select: exp.Select, seen: Mapping[str, Source]) -> None:
    columns: list[exp.Expr] = []
    for one in select.expressions:
        table = one.args.get("table") if isinstance(one, exp.Column) else None
        if isinstance(one, exp.Star) or (
            isinstance(one, exp.Column) and isinstance(one.this, exp.Star)
        ):
            of = [table.name] if table is not None else list(seen)
            for name in of:
                columns += [_column(c, name) for c in seen.get(name, Source({})).kinds]
        else:
            columns.append(one)
    select.set("expressions", columns)


def _using(join: exp.Join, seen: Mapping[str, Source]) -> None:
    names = [one.name for one in join.args.get("using") or ()]
    if not names:
        return
    right = join.this.alias_or_name
    conditions: list[exp.Expr] = []
    for name in names:
        left = next((t for t, s in seen.items() if t != right and name in s.kinds), None)
        if left is None:
            raise Unreadable(f"There is no column {name} in both tables.")
        conditions.append(exp.EQ(this=_column(name, left), expression=_column(name, right)))
    join.set("using", None)
    join.set("on", exp.and_(*conditions))


def _column(name: str, table: str) -> exp.Column:
    return exp.Column(
        this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True)
    )


def _place(
    node: exp.Column,
    seen: Mapping[str, Source],
    outer: Mapping[str, Source],
    aliases: Mapping[str, exp.Expr],
    select: exp.Select,
) -> None:
    """Say whose a column is: the table that it names, else the first that has it."""
    name, table = node.name, node.table
    if table in seen and (real := _same_name(name, seen[table])):
        _set(node, real, table)
        return
    homes = [(t, real) for t, source in seen.items() if (real := _same_name(name, source))]
    if homes:
        _set(node, homes[0][1], homes[0][0])
        return
    below = node.find_ancestor(exp.Order, exp.Having, exp.Group, exp.Where)
    if not table and name in aliases and below is not None:
        meant = node.replace(exp.Paren(this=aliases[name].copy()))
        for inside in list(meant.find_all(exp.Column)):
            _place(inside, seen, outer, {}, select)
        meant.replace(meant.this)
        return
    if any(_same_name(name, source) for source in outer.values()):
        raise Unreadable("A query inside may not look at the row outside.")
    if node.this.args.get("quoted") and not table and isinstance(node.parent, _COMPARES):
        # SQLite reads a quoted name that is no column as a text.
        node.replace(exp.Literal.string(name))
        return
    there = ", ".join(
        dict.fromkeys(clean_name(n) for source in seen.values() for n in source.kinds)
    )
    raise Unreadable(f"There is no column {name}; there are {there}.")


_COMPARES = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Like, exp.Between)


def _same_name(name: str, source: Source) -> str | None:
    if name in source.kinds:
        return name
    folded = re.sub(r"[\s_]", "", name).casefold()
    return next((n for n in source.kinds if re.sub(r"[\s_]", "", n).casefold() == folded), None)


def _set(node: exp.Column, name: str, table: str) -> None:
    node.set("this", exp.to_identifier(name, quoted=not name.isidentifier()))
    node.set("table", exp.to_identifier(table))


def _positions(select: exp.Select) -> None:
    """GROUP BY 1 and ORDER BY 2 by what they stand for; an alias there likewise."""
    for clause in (select.args.get("group"), select.args.get("order")):
        for one in list(clause.expressions) if clause is not None else ():
            key = one.this if isinstance(one, exp.Ordered) else one
            if isinstance(key, exp.Literal) and not key.is_string:
                at = int(key.name) if key.name.isdigit() else 0
                if not 1 <= at <= len(select.expressions):
                    raise Unreadable(f"There is no selected column {key.name}.")
                key.replace(select.expressions[at - 1].unalias().copy())
            elif isinstance(key, exp.Column) and not key.table:
                said = next((e for e in select.expressions if e.alias == key.name), None)
                if said is not None:
                    key.replace(said.unalias().copy())


def names_of(query: exp.Select) -> list[str]:
    """What the columns of a query are called."""
    names: list[str] = []
    for one in query.expressions:
        name = short(one)
        while name in names:
            name += "_2"
        names.append(name)
    return names


def short(node: exp.Expr) -> str:
    """What an expression is called: its alias, its column, what is done to it."""
    if node.alias:
        return str(node.alias)
    if isinstance(node, exp.Column):
        return str(node.name)
    column, word = node.find(exp.Column), node.find(exp.AggFunc)
    parts = [word.key if word is not None else "", column.name if column is not None else ""]
    if isinstance(node, (exp.TimeToStr, exp.Substring)):
        size = node.args.get("length") or node.args.get("format") or exp.Literal.string("")
        parts = [_CALLED.get(size.name, parts[1])]
    return "_".join(part for part in parts if part) or "value"


_CALLED = {"7": "month", "4": "year", "%Y-%m": "month", "%Y": "year"}


def _grouped(query: exp.Select, each: str) -> None:
    table = query.args["from_"].this
    clauses = ("group", "order", "limit", "having", "joins")
    if not each or any(query.args.get(one) for one in clauses) or isinstance(table, exp.Subquery):
        return
    # A column that is counted or averaged over was thought of.
    named = any(c.name == each for one in query.expressions for c in one.find_all(exp.Column))
    if not named and all(one.find(exp.AggFunc) for one in query.expressions):
        column = _column(each, table.alias_or_name)
        _set(column, each, column.table)
        query.set("expressions", [column, *query.expressions])
        query.set("group", exp.Group(expressions=[column.copy()]))


_SPEAKS_OF_ROUNDING = re.compile(
    r"取整|四舍五入|整数|小数|\bround|\bdecimal|\bdigit|\bnearest|\bwhole\b|\binteger",
    re.IGNORECASE,
)


def _ordered_by(query: exp.Select) -> list[exp.Expr]:
    order = query.args.get("order")
    return list(order.expressions) if order is not None else []


def _rounded(query: exp.Select, text: str) -> None:
    places = places_wanted(text)
    if places is None and _SPEAKS_OF_ROUNDING.search(text):
        return
    for one in _ordered_by(query):
        for inside in list(one.find_all(exp.Round)):
            inside.replace(inside.this)
    keys = {one.sql() for one in (query.args.get("group") or exp.Group()).expressions}
    for one in query.expressions:
        value = one.unalias()
        if value.sql() in keys:
            continue
        for inside in list(value.find_all(exp.Round)):
            made = inside.replace(inside.this)
            value = made if inside is value else value
        if places is not None and value.find(exp.Avg, exp.Div, exp.Sum, exp.Median, exp.Mul):
            value.replace(exp.Round(this=value.copy(), decimals=exp.Literal.number(places)))


_FIRST = re.compile(r"第一|头一|最|\bthe \w+est\b|\btop\b|\bmost\b|\bleast\b", re.IGNORECASE)
_ASKS_FOR_MEASURE = re.compile(
    r"多少|几|分别|及|和|与|连同|\band\b|\bhow (?:much|many)\b|\bwith\b|[,，、]",
    re.IGNORECASE,
)


def _alone(query: exp.Select, text: str) -> None:
    limit, order = query.args.get("limit"), query.args.get("order")
    if limit is None or order is None or limit.expression.name != "1":
        return
    if len(query.expressions) < 2 or not asks_for_one(text) or _ASKS_FOR_MEASURE.search(text):
        return
    ranked = {one.this.sql() for one in order.expressions}
    kept = [one for one in query.expressions if one.unalias().sql() not in ranked]
    if kept and len(kept) < len(query.expressions):
        query.set("expressions", kept)


__all__ = ["Source", "Unreadable", "read", "set_right"]
