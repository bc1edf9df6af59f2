"""A query as the Python function that does the same: plain loops over rows that are dictionaries.

What is not there (None) is as SQL has it: left out of sums, averages and comparisons. Two things are
as people mean them: dividing whole numbers gives a fraction, and what is not there is ordered last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from .query import Source, Unreadable
from .query_values import (
    ANY,
    ARITHMETIC,
    KIND_OF_PYTHON,
    Group,
    Rows,
    Value,
    Values,
    kind_of,
    names_of,
    number,
    scalar_extreme,
    short,
    text,
    tuple_of,
)


def function_of(query: exp.Select, name: str, tables: Mapping[str, Source]) -> str:
    """The source of the function; Unreadable names what has no form here yet.

    >>> from .query import read
    >>> data = {"data": Source({"city": "string", "n": "integer"})}
    >>> print(function_of(read("SELECT SUM(n) FROM data WHERE city = 'Bath'", data), "total", data))
    def total(data: list[dict]) -> int:
        chosen = [row for row in data if row["city"] == "Bath"]
        return sum(row["n"] for row in chosen if row["n"] is not None)
    """
    return _Writer(dict(tables)).function(query, name)


@dataclass
class _Found:
    name: str
    selected: list[exp.Expr]
    lacking: list[bool]
    """Whether a place of its rows may hold None."""


class _Writer(Values):
    def function(self, query: exp.Select, name: str) -> str:
        returns = self._select(query)
        parameters = ", ".join(f"{one}: list[dict]" for one in self.inputs)
        head = "".join(f"{one}\n" for one in sorted(self.imports))
        gap = "\n\n" if head else ""
        body = "\n".join(self.lines)
        return f"{head}{gap}def {name}({parameters}) -> {returns}:\n{body}"

    # A query

    def rows_of(self, query: exp.Select) -> str:
        return self._select(query, as_rows=True)

    def value_of(self, query: exp.Select) -> str:
        selected = query.expressions[0].unalias()
        plain = not any(query.args.get(one) for one in ("group", "having", "limit", "with_"))
        if plain and _aggregates(selected):
            rows = self._where(query, self._from(query))
            group = Group(rows)
            self._bare([selected], group)
            return self.value(selected, rows, group).or_none()
        found = self.rows_of(query)
        return f"{found}[0][{text(names_of(query)[0])}] if {found} else None"

    def _select(self, query: exp.Select, *, as_rows: bool = False) -> str:
        """Write the query's lines; the last returns the answer, or leaves rows in a variable whose
        name is returned.
        """
        with_ = query.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            self._part(cte.this, cte.alias)
        rows = self._where(query, self._from(query))
        group = query.args.get("group")
        ordered = list((query.args.get("order") or exp.Order()).expressions)
        selected = [one.unalias() for one in query.expressions]
        names = names_of(query)
        if group is not None or any(_aggregates(one) for one in selected):
            if group is None and not as_rows:
                return self._one_row(query, selected, rows)
            found = self._groups(query, selected, ordered, rows, group)
        else:
            found = self._each(selected, ordered, rows)
        if query.args.get("distinct") is not None:
            if ordered:
                self._sort(found, ordered, len(selected))
            self.line(
                f"{found.name} = list(dict.fromkeys(one[:{len(selected)}] for one in {found.name}))"
            )
            ordered = []
        limit, offset = query.args.get("limit"), query.args.get("offset")
        start = number(offset.expression) if offset is not None else 0
        end = start + number(limit.expression) if limit is not None else None
        if ordered:
            self._sort(found, ordered, len(selected))
        if as_rows:
            cut = _cut(start, end)
            cells = ", ".join(f"{text(n)}: one[{at}]" for at, n in enumerate(names))
            named = self.fresh("rows")
            self.line(f"{named} = [{{{cells}}} for one in {found.name}{cut}]")
            return named
        return self._answer(found, selected, names, group, start, end)

    def _where(self, query: exp.Select, rows: Rows) -> Rows:
        where = query.args.get("where")
        if where is None:
            return rows
        condition = self.condition(where.this, rows)
        chosen = self.fresh("chosen")
        self.gather(chosen, _item(rows), f"for {rows.pattern} in {rows.name}", condition)
        return Rows(chosen, rows.pattern, rows.of, rows.sources)

    def _part(self, query: exp.Expr, alias: str) -> None:
        if not isinstance(query, exp.Select):
            raise Unreadable("A part may be a plain SELECT only.")
        name = self._select(query, as_rows=True)
        self.made[alias] = name
        kinds = {
            n: KIND_OF_PYTHON.get(self.kind_in(e.unalias(), query), "mixed")
            for n, e in zip(names_of(query), query.expressions, strict=True)
        }
        self.tables[alias] = Source(kinds, frozenset(kinds))

    def _from(self, query: exp.Select) -> Rows:
        first = query.args["from_"].this
        name, alias = self._table(first)
        rows = Rows(name, "row", {alias: "row"}, {alias: self.tables[self._real(first)]})
        joins = list(query.args.get("joins") or ())
        if not joins:
            return rows
        row = self.fresh(f"{self._real(first)}_row")
        rows = Rows(name, row, {alias: row}, rows.sources)
        for join in joins:
            rows = self._joined(rows, join)
        return rows

    def _table(self, node: exp.Expr) -> tuple[str, str]:
        if isinstance(node, exp.Subquery):
            self._part(node.this, node.alias)
        real = self._real(node)
        return self.made.get(real, real), node.alias_or_name

    def _real(self, node: exp.Expr) -> str:
        return node.alias if isinstance(node, exp.Subquery) else node.name

    def _joined(self, rows: Rows, join: exp.Join) -> Rows:
        name, alias = self._table(join.this)
        source = self.tables[self._real(join.this)]
        on = join.args.get("on")
        if (
            on is None
            or (join.side or "") not in ("", "LEFT")
            or join.kind not in ("", "INNER", "OUTER")
        ):
            raise Unreadable("Join with JOIN … ON … = … or LEFT JOIN only.")
        keys: list[tuple[str, str]] = []
        rest: list[exp.Expr] = []
        for one in on.flatten() if isinstance(on, exp.And) else (on,):
            sides = [one.left, one.right] if isinstance(one, exp.EQ) else []
            tables = [s.table for s in sides if isinstance(s, exp.Column)]
            if len(tables) == 2 and alias in tables and tables[0] != tables[1]:
                mine, other = sides if tables[0] == alias else sides[::-1]
                keys.append((mine.name, self.value(other, rows).code))
            else:
                rest.append(one)
        if not keys:
            raise Unreadable("Join two tables on equal columns.")
        row = self.fresh(f"{self._real(join.this)}_row")
        by = self.fresh(f"{self._real(join.this)}_by_{keys[0][0]}")
        mine_code = tuple_of([f"{row}[{text(k)}]" for k, _ in keys])
        self.line(f"{by}: dict = {{}}")
        self.line(f"for {row} in {name}:")
        with self.deeper():
            self.line(f"{by}.setdefault({mine_code}, []).append({row})")
        joined = self.fresh("joined")
        lookup = f"{by}.get({tuple_of([code for _, code in keys])}"
        if join.side == "LEFT":
            nothing = "{" + ", ".join(f"{text(c)}: None" for c in source.kinds) + "}"
            lookup += f", [{nothing}])"
        else:
            lookup += ", [])"
        pattern = f"{rows.pattern}, {row}"
        of = {**rows.of, alias: row}
        sources = {**rows.sources, alias: source}
        made = Rows(joined, pattern, of, sources)
        conditions = " and ".join(f"({self.condition(one, made)})" for one in rest)
        loops = f"for {rows.pattern} in {rows.name}\nfor {row} in {lookup}"
        self.gather(joined, f"({pattern})", loops, conditions)
        return made

    def _one_row(self, query: exp.Select, selected: list[exp.Expr], rows: Rows) -> str:
        group = Group(rows)
        self._bare(selected, group)
        values = [self.value(one, rows, group) for one in selected]
        having = query.args.get("having")
        if having is not None:
            raise Unreadable("HAVING needs GROUP BY.")
        codes = [one.or_none() for one in values]
        if len(values) == 1:
            self.line(f"return {codes[0]}")
            kind = values[0].kind
            return _maybe(kind) if values[0].needs else kind
        self.line(f"return [{', '.join(codes)}]")
        return "list"

    def _groups(
        self,
        query: exp.Select,
        selected: list[exp.Expr],
        ordered: list[exp.Ordered],
        rows: Rows,
        group: exp.Group | None,
    ) -> _Found:
        found = self.fresh("found")
        if group is None:
            keys, inner = [], rows
            self.line(f"{found} = []")
            lacking = self._found_row(query, selected, ordered, Group(rows), found)
            return _Found(found, selected, lacking)
        keys = list(group.expressions)
        values = [self.value(one, rows) for one in keys]
        codes = [one.or_none() for one in values]
        groups = self.fresh("groups")
        self.line(f"{groups}: dict = {{}}")
        self.line(f"for {rows.pattern} in {rows.name}:")
        with self.deeper():
            self.line(f"{groups}.setdefault({tuple_of(codes)}, []).append({_item(rows)})")
        self.line(f"{found} = []")
        names = [self.fresh(short(one)) for one in keys]
        some = self.fresh("group")
        self.line(f"for {_pattern(names)}, {some} in {groups}.items():")
        inner = Rows(some, rows.pattern, rows.of, rows.sources)
        kept = {
            one.sql(): Value(
                n, (f"{n} is not None",) if self.nullable(one, rows) else (), value.kind
            )
            for one, n, value in zip(keys, names, values, strict=True)
        }
        with self.deeper():
            lacking = self._found_row(query, selected, ordered, Group(inner, kept), found)
        return _Found(found, selected, lacking)

    def _found_row(
        self,
        query: exp.Select,
        selected: list[exp.Expr],
        ordered: list[exp.Ordered],
        group: Group,
        found: str,
    ) -> list[bool]:
        """Write how the row of one group is found; which of its places may hold None."""
        self._bare([*selected, *(one.this for one in ordered)], group)
        having = query.args.get("having")
        if having is not None:
            condition = self.condition(having.this, group.rows, group)
            self.line(f"if not ({condition}):")
            with self.deeper():
                self.line("continue")
        cells = self._cells(selected, ordered, group.rows, group)
        codes = [one.or_none() for one in cells]
        self.line(f"{found}.append({tuple_of(codes, always=True)})")
        return [bool(one.needs) for one in cells]

    def _bare(self, nodes: list[exp.Expr], group: Group) -> None:
        """Columns beside the only MAX or MIN come from its row; others from the group's first."""
        bare = [
            column
            for node in nodes
            for column in node.find_all(exp.Column)
            if column.sql() not in group.keys
            and column.find_ancestor(exp.AggFunc) is None
            and not _inside(column, group.keys, node)
        ]
        if not bare:
            return
        rows = group.rows
        extremes = {
            n.sql(): n
            for node in nodes
            for n in node.find_all(exp.Max, exp.Min)
            if not n.expressions
        }
        if len(extremes) == 1:
            extreme = next(iter(extremes.values()))
            value = self.value(extreme.this, rows)
            row = rows.pattern.split(", ")
            which = self.fresh("best")
            kept = self._list_of_rows(rows, value)
            word = "max" if isinstance(extreme, exp.Max) else "min"
            if len(row) > 1:
                raise Unreadable("Select the row that is most of something by ORDER BY … LIMIT 1.")
            self.line(f"{which} = {word}({kept}, key=lambda row: {value.code}, default=None)")
            needs = (f"{which} is not None",)
            for column in bare:
                group.keys[column.sql()] = Value(
                    f"{which}[{text(column.name)}]",
                    needs,
                    kind_of(self.source(column, rows), column.name),
                )
        elif len(rows.of) == 1:
            for column in bare:
                group.keys[column.sql()] = Value(
                    f"{rows.name}[0][{text(column.name)}]",
                    (rows.name,),
                    kind_of(self.source(column, rows), column.name),
                )
        else:
            raise Unreadable("Every selected column must be in GROUP BY.")

    def _list_of_rows(self, rows: Rows, value: Value) -> str:
        if not value.needs:
            return rows.name
        return f"[row for row in {rows.name} if {' and '.join(value.needs)}]"

    def _each(self, selected: list[exp.Expr], ordered: list[exp.Ordered], rows: Rows) -> _Found:
        found = self.fresh("found")
        cells = self._cells(selected, ordered, rows, None)
        codes = tuple_of([one.or_none() for one in cells], always=True)
        self.gather(found, codes, f"for {rows.pattern} in {rows.name}")
        return _Found(found, selected, [bool(one.needs) for one in cells])

    def _cells(
        self,
        selected: list[exp.Expr],
        ordered: list[exp.Ordered],
        rows: Rows,
        group: Group | None,
    ) -> list[Value]:
        said = [one.sql() for one in selected]
        extra = [one.this for one in ordered if one.this.sql() not in said]
        return [self.value(one, rows, group) for one in (*selected, *extra)]

    def _sort(self, found: _Found, ordered: list[exp.Ordered], width: int) -> None:
        """Sort by the last key first, for sorting keeps what is equal in its order."""
        said = [one.sql() for one in found.selected]
        places, extra = [], width
        for one in ordered:
            if one.this.sql() in said:
                places.append(said.index(one.this.sql()))
            else:
                places.append(extra)
                extra += 1
        for at in range(len(ordered) - 1, -1, -1):
            falling = bool(ordered[at].args.get("desc"))
            key = _key(places[at], falling, found.lacking[places[at]])
            self.line(f"{found.name}.sort({key})")

    def _answer(
        self,
        found: _Found,
        selected: list[exp.Expr],
        names: list[str],
        group: exp.Group | None,
        start: int,
        end: int | None,
    ) -> str:
        cut = _cut(start, end)
        kinds = [self._kind_in(one) for one in selected]
        if end is not None and end - start == 1:
            if len(selected) == 1:
                self.line(
                    f"return {found.name}[{start}][0] if len({found.name}) > {start} else None"
                )
                return _maybe(kinds[0])
            self.line(
                f"return list({found.name}[{start}][:{len(selected)}])"
                f" if len({found.name}) > {start} else []"
            )
            return "list"
        if len(selected) == 1:
            self.line(f"return [one[0] for one in {found.name}{cut}]")
            return f"list[{kinds[0]}]"
        by = [one.sql() for one in group.expressions] if group is not None else []
        if (
            len(selected) == 2
            and len(by) == 1
            and by[0] in (said := [one.sql() for one in selected])
        ):
            key = said.index(by[0])
            self.line(f"return {{one[{key}]: one[{1 - key}] for one in {found.name}{cut}}}")
            return f"dict[{kinds[key]}, {kinds[1 - key]}]"
        cells = ", ".join(f"{text(n)}: one[{at}]" for at, n in enumerate(names))
        self.line(f"return [{{{cells}}} for one in {found.name}{cut}]")
        return "list[dict]"

    def _kind_in(self, node: exp.Expr) -> str:
        select = node.find_ancestor(exp.Select)
        return self.kind_in(node, select) if select is not None else ANY

    def kind_in(self, node: exp.Expr, query: exp.Select) -> str:
        sources: dict[str, Source] = {}
        first = query.args["from_"].this
        for one in (first, *(j.this for j in query.args.get("joins") or ())):
            if self._real(one) in self.tables:
                sources[one.alias_or_name] = self.tables[self._real(one)]
        return _static_kind(node, sources)


def _static_kind(node: exp.Expr, sources: Mapping[str, Source]) -> str:
    node = node.unnest()
    if isinstance(node, exp.Column) and node.table in sources:
        return kind_of(sources[node.table], node.name)
    if isinstance(node, (exp.Count, exp.Year, exp.Month, exp.Day, exp.Length)):
        return "int"
    if isinstance(node, (exp.Avg, exp.Div, exp.Median, exp.Stddev)):
        return "float"
    if isinstance(node, (exp.Sum, exp.Min, exp.Max, exp.Round, exp.Abs, exp.Neg)):
        inner = _static_kind(node.this, sources)
        if isinstance(node, exp.Sum) and isinstance(node.this.unnest(), exp.Case):
            return "float"
        return inner if inner != "bool" else "int"
    if isinstance(node, (exp.Substring, exp.TimeToStr, exp.Lower, exp.Upper, exp.DPipe, exp.Trim)):
        return "str"
    if isinstance(node, ARITHMETIC):
        kinds = {_static_kind(node.left, sources), _static_kind(node.right, sources)}
        return "int" if kinds == {"int"} else "float"
    if isinstance(node, exp.Literal):
        return "str" if node.is_string else "int" if node.name.isdigit() else "float"
    if isinstance(node, exp.Predicate):
        return "int"
    return ANY


def _aggregates(node: exp.Expr) -> bool:
    """Whether an expression is over a group; what a query inside it does is that query's."""
    own = node.find_ancestor(exp.Select)
    return any(
        not (scalar_extreme(one)) and one.find_ancestor(exp.Select) is own
        for one in node.find_all(exp.AggFunc)
    )


def _inside(column: exp.Column, keys: Mapping[str, Any], top: exp.Expr) -> bool:
    """Whether a column is part of an expression that the group is made by."""
    node: exp.Expr | None = column
    while node is not None:
        if node.sql() in keys or isinstance(node, exp.Subquery):
            return True
        if node is top:
            return False
        node = node.parent
    return False


def _cut(start: int, end: int | None) -> str:
    return f"[{start or ''}:{end if end is not None else ''}]" if start or end is not None else ""


def _key(at: int, falling: bool, lacking: bool) -> str:
    """What is not there stands last either way."""
    last = f"(one[{at}] is{' not' * falling} None, one[{at}])" if lacking else f"one[{at}]"
    return f"key=lambda one: {last}{', reverse=True' * falling}"


def _item(rows: Rows) -> str:
    return f"({rows.pattern})" if "," in rows.pattern else rows.pattern


def _maybe(kind: str) -> str:
    return kind if kind == ANY else f"{kind} | None"


def _pattern(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


__all__ = ["function_of"]
