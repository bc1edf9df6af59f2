"""A query as the Python function that does the same: plain loops over rows that are dictionaries.

What is not there (None) is as SQL has it: left out of sums, averages and comparisons. Two things are
as people mean them: dividing whole numbers gives a fraction, and what is not there is ordered last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from .query import Source, Unreadable, names_of, short
from .query_values import (
    ANY,
    KIND_OF_PYTHON,
    Group,
    Rows,
    Value,
    Values,
    kind_of,
    number,
    scalar_extreme,
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
    """Rows that were found: their name, and what stands at each place."""

    name: str
    cells: list[Value]


class _Writer(Values):
    def function(self, query: exp.Select, name: str) -> str:
        returns = self._answer(query)
        parameters = ", ".join(f"{one}: list[dict]" for one in self.inputs)
        head = "".join(f"{one}\n" for one in sorted(self.imports))
        gap = "\n\n" if head else ""
        body = "\n".join(self.lines)
        return f"{head}{gap}def {name}({parameters}) -> {returns}:\n{body}"

    # A query

    def rows_of(self, query: exp.Select) -> tuple[str, dict[str, str]]:
        found, start, end = self._found(query)
        names = names_of(query)
        cells = ", ".join(f"{text(name)}: one[{at}]" for at, name in enumerate(names))
        rows = self.fresh("rows")
        self.line(f"{rows} = [{{{cells}}} for one in {found.name}{_cut(start, end)}]")
        return rows, {name: cell.kind for name, cell in zip(names, found.cells, strict=False)}

    def value_of(self, query: exp.Select) -> Value:
        plain = not any(query.args.get(one) for one in ("group", "having", "limit", "with_"))
        if plain and _aggregates(query.expressions[0].unalias()):
            group = Group(self._where(query, self._from(query)))
            return self._of_group(query, group)[0]
        rows, kinds = self.rows_of(query)
        name, kind = next(iter(kinds.items()))
        return Value(f"{rows}[0][{text(name)}]", (rows,), kind)

    def _answer(self, query: exp.Select) -> str:
        """Write the lines of the whole query; the type of what they return."""
        if query.args.get("group") is None and any(map(_aggregates, _selected(query))):
            return self._one_row(query)
        found, start, end = self._found(query)
        return self._returned(query, found, start, end)

    def _found(self, query: exp.Select) -> tuple[_Found, int, int | None]:
        """Write how a query's rows are found, in their order; from where to where they count."""
        self._parts(query)
        rows = self._where(query, self._from(query))
        if query.args.get("group") is not None or any(map(_aggregates, _selected(query))):
            found = self._groups(query, rows)
        else:
            found = self._each(query, rows)
        self._sort(query, found)
        if query.args.get("distinct") is not None:
            width = len(query.expressions)
            self.line(f"{found.name} = list(dict.fromkeys(one[:{width}] for one in {found.name}))")
        limit, offset = query.args.get("limit"), query.args.get("offset")
        start = number(offset.expression) if offset is not None else 0
        return found, start, start + number(limit.expression) if limit is not None else None

    def _parts(self, query: exp.Select) -> None:
        with_ = query.args.get("with_")
        for cte in with_.expressions if with_ is not None else ():
            self._part(cte.this, cte.alias)

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
        self.made[alias], kinds = self.rows_of(query)
        named = {name: KIND_OF_PYTHON.get(kind, "mixed") for name, kind in kinds.items()}
        self.tables[alias] = Source(named, frozenset(named))

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

    def _one_row(self, query: exp.Select) -> str:
        self._parts(query)
        if query.args.get("having") is not None:
            raise Unreadable("HAVING needs GROUP BY.")
        values = self._of_group(query, Group(self._where(query, self._from(query))))
        if len(values) == 1:
            self.line(f"return {values[0].or_none()}")
            return _maybe(values[0].kind) if values[0].needs else values[0].kind
        self.line(f"return [{', '.join(one.or_none() for one in values)}]")
        return "list"

    def _of_group(self, query: exp.Select, group: Group) -> list[Value]:
        """What is selected of one group, and what it is ordered by besides."""
        nodes = _cells(query)
        self._bare(nodes, group)
        having = query.args.get("having")
        if having is not None:
            self.line(f"if not ({self.condition(having.this, group.rows, group)}):")
            with self.deeper():
                self.line("continue")
        return [self.value(one, group.rows, group) for one in nodes]

    def _groups(self, query: exp.Select, rows: Rows) -> _Found:
        found = self.fresh("found")
        group = query.args.get("group")
        if group is None:
            cells = self._of_group(query, Group(rows))
            self.line(f"{found} = [{_row(cells)}]")
            return _Found(found, cells)
        keys = list(group.expressions)
        values = [self.value(one, rows) for one in keys]
        groups = self.fresh("groups")
        self.line(f"{groups}: dict = {{}}")
        self.line(f"for {rows.pattern} in {rows.name}:")
        with self.deeper():
            key = tuple_of([one.or_none() for one in values])
            self.line(f"{groups}.setdefault({key}, []).append({_item(rows)})")
        self.line(f"{found} = []")
        names = [self.fresh(short(one)) for one in keys]
        some = self.fresh("group")
        self.line(f"for {tuple_of(names)}, {some} in {groups}.items():")
        kept = {
            one.sql(): Value(
                name, (f"{name} is not None",) if self.nullable(one, rows) else (), value.kind
            )
            for one, name, value in zip(keys, names, values, strict=True)
        }
        with self.deeper():
            inner = Rows(some, rows.pattern, rows.of, rows.sources)
            cells = self._of_group(query, Group(inner, kept))
            self.line(f"{found}.append({_row(cells)})")
        return _Found(found, cells)

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
            if len(rows.of) > 1:
                raise Unreadable("Select the row that is most of something by ORDER BY … LIMIT 1.")
            which = self.fresh("best")
            kept = self._list_of_rows(rows, value)
            word = "max" if isinstance(extreme, exp.Max) else "min"
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

    def _each(self, query: exp.Select, rows: Rows) -> _Found:
        found = self.fresh("found")
        cells = [self.value(one, rows) for one in _cells(query)]
        self.gather(found, _row(cells), f"for {rows.pattern} in {rows.name}")
        return _Found(found, cells)

    def _sort(self, query: exp.Select, found: _Found) -> None:
        """Sort by the last key first, for sorting keeps what is equal in its order."""
        places = [one.sql() for one in _cells(query)]
        for one in reversed(_ordered(query)):
            at = places.index(one.this.sql())
            key = _key(at, bool(one.args.get("desc")), bool(found.cells[at].needs))
            self.line(f"{found.name}.sort({key})")

    def _returned(self, query: exp.Select, found: _Found, start: int, end: int | None) -> str:
        said = [one.sql() for one in _selected(query)]
        kinds = [one.kind for one in found.cells]
        cut = _cut(start, end)
        if end is not None and end - start == 1:
            there = f"if len({found.name}) > {start} else"
            if len(said) == 1:
                self.line(f"return {found.name}[{start}][0] {there} None")
                return _maybe(kinds[0])
            self.line(f"return list({found.name}[{start}][:{len(said)}]) {there} []")
            return "list"
        if len(said) == 1:
            self.line(f"return [one[0] for one in {found.name}{cut}]")
            return f"list[{kinds[0]}]"
        by = [one.sql() for one in (query.args.get("group") or exp.Group()).expressions]
        if len(said) == 2 and len(by) == 1 and by[0] in said:
            key = said.index(by[0])
            self.line(f"return {{one[{key}]: one[{1 - key}] for one in {found.name}{cut}}}")
            return f"dict[{kinds[key]}, {kinds[1 - key]}]"
        cells = ", ".join(f"{text(n)}: one[{at}]" for at, n in enumerate(names_of(query)))
        self.line(f"return [{{{cells}}} for one in {found.name}{cut}]")
        return "list[dict]"


def _selected(query: exp.Select) -> list[exp.Expr]:
    return [one.unalias() for one in query.expressions]


def _ordered(query: exp.Select) -> list[exp.Ordered]:
    order = query.args.get("order")
    return list(order.expressions) if order is not None else []


def _cells(query: exp.Select) -> list[exp.Expr]:
    """What is selected, and what it is ordered by besides."""
    cells = {str(at): one for at, one in enumerate(_selected(query))}
    said = {one.sql() for one in cells.values()}
    extra = {one.this.sql(): one.this for one in _ordered(query) if one.this.sql() not in said}
    return [*cells.values(), *extra.values()]


def _row(cells: list[Value]) -> str:
    return tuple_of([one.or_none() for one in cells], always=True)


def _aggregates(node: exp.Expr) -> bool:
    """Whether an expression is over a group; what a query inside it does is that query's."""
    own = node.find_ancestor(exp.Select)
    return any(
        not scalar_extreme(one) and one.find_ancestor(exp.Select) is own
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


__all__ = ["function_of"]
