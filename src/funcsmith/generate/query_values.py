"""Values and conditions of a query as Python expressions.

Each says what must hold for it to have a value: what is not there is None, and SQL computes nothing
with it and compares it with nothing. What needs a line of its own is written before the expression.
"""

from __future__ import annotations

import builtins
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from keyword import iskeyword

from sqlglot import exp

from ..tables.table import clean_name
from .query import Source, Unreadable, short

ANY = "object"


@dataclass
class Value:
    """An expression in Python, and what must hold for it to have a value."""

    code: str
    needs: tuple[str, ...] = ()
    kind: str = ANY
    atom: bool = True

    @property
    def inside(self) -> str:
        return self.code if self.atom else f"({self.code})"

    def or_none(self) -> str:
        if not self.needs or self.needs == (f"{self.code} is not None",):
            return self.code
        return f"{self.code} if {' and '.join(self.needs)} else None"


@dataclass
class Rows:
    """Rows that a loop goes over: their name, and how each is taken apart."""

    name: str
    pattern: str
    of: dict[str, str]
    """The variable in which the row of a table (by its alias) is."""
    sources: dict[str, Source]


@dataclass
class Group:
    rows: Rows
    keys: dict[str, Value] = field(default_factory=dict)


_RESERVED = frozenset({*dir(builtins), "row", "one", "date", "median", "stdev", "re"})
"""Names that the written code uses itself."""
_WIDTH = 80


class Values(ABC):
    """Writes expressions, and the lines that they need before them."""

    def __init__(self, tables: dict[str, Source]) -> None:
        self.tables = tables
        self.inputs = list(tables)
        self.lines: list[str] = []
        self.indent = 1
        self.taken: set[str] = set(tables) | _RESERVED
        if _RESERVED & set(tables):
            raise Unreadable("A table has the name of a Python function.")
        self.imports: set[str] = set()
        self.made: dict[str, str] = {}
        self.begins = 0
        """Where the outermost loop that is being written begins."""

    # What stands on lines of its own

    def gather(self, name: str, item: str, loops: str, condition: str = "") -> None:
        """A list of what loops give, on one line where it fits."""
        filtered = f" if {condition}" if condition else ""
        if len(name) + len(item) + len(loops) + len(filtered) + 4 * self.indent <= _WIDTH:
            self.line(f"{name} = [{item} {' '.join(loops.splitlines())}{filtered}]")
            return
        self.line(f"{name} = [")
        with self.deeper():
            for one in (item, *loops.splitlines(), *([filtered.strip()] if condition else [])):
                self.line(one)
        self.line("]")

    def line(self, code: str) -> None:
        self.lines.append("    " * self.indent + code)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        if self.indent == 1:
            self.begins = len(self.lines) - 1
        self.indent += 1
        yield
        self.indent -= 1

    @contextmanager
    def before(self) -> Iterator[None]:
        """For lines that look at no row outside: they stand before the loop that is being written."""
        lines, indent, begins = self.lines, self.indent, self.begins
        self.lines, self.indent = [], 1
        yield
        made, self.lines, self.indent = self.lines, lines, indent
        at = begins if indent > 1 else len(lines)
        self.lines[at:at] = made
        self.begins = at + len(made)

    def fresh(self, wish: str) -> str:
        # As Python reads names: two that look different may be one.
        wish = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", wish)).strip("_").lower()
        if not wish.isidentifier() or iskeyword(wish):
            wish = f"value_{wish}" if f"value_{wish}".isidentifier() and wish else "value"
        name, at = wish, 2
        while name in self.taken:
            name, at = f"{wish}_{at}", at + 1
        self.taken.add(name)
        return name

    @abstractmethod
    def rows_of(self, query: exp.Select) -> tuple[str, dict[str, str]]:
        """Write a query inside another; the name of its rows, and the Python type of each column."""

    @abstractmethod
    def value_of(self, query: exp.Select) -> Value:
        """Write a query inside another that gives one value."""

    # Values

    def source(self, column: exp.Column, rows: Rows) -> Source:
        return rows.sources[column.table]

    def nullable(self, node: exp.Expr, rows: Rows) -> bool:
        return any(
            column.table in rows.sources and column.name in self.source(column, rows).empty
            for column in node.find_all(exp.Column)
        )

    def value(self, node: exp.Expr, rows: Rows, group: Group | None = None) -> Value:
        if group is not None and node.sql() in group.keys:
            return group.keys[node.sql()]
        if isinstance(node, exp.Paren):
            value = self.value(node.this, rows, group)
            return Value(value.inside, value.needs, value.kind)
        if isinstance(node, exp.Column):
            if node.table not in rows.of:
                raise Unreadable(f"There is no column {node.name}.")
            code = f"{rows.of[node.table]}[{text(node.name)}]"
            return Value(
                code, (f"{code} is not None",), kind_of(self.source(node, rows), node.name)
            )
        if isinstance(node, exp.Literal):
            if node.is_string:
                return Value(text(node.name), (), "str")
            if node.name.isdecimal():
                return Value(str(int(node.name)), (), "int")
            try:
                return Value(repr(float(node.name)), (), "float")
            except ValueError:
                raise Unreadable(f"{node.name} is no number.") from None
        if isinstance(node, exp.Null):
            return Value("None")
        if isinstance(node, exp.Boolean):
            return Value(str(bool(node.this)), (), "bool")
        if isinstance(node, exp.Subquery):
            return self._scalar(node)
        if isinstance(node, exp.AggFunc) and not scalar_extreme(node):
            if group is None:
                raise Unreadable(f"{node.key.upper()} stands where there is no group.")
            # Where it comes again in the same group, it is the same.
            return group.keys.setdefault(node.sql(), self._aggregate(node, group))
        if isinstance(node, _ARITHMETIC):
            return self._arithmetic(node, rows, group)
        if isinstance(node, (exp.Predicate, exp.And, exp.Or, exp.Not)):
            return Value(f"int(bool({self.condition(node, rows, group)}))", (), "int")
        return self._called(node, rows, group)

    def _arithmetic(self, node: exp.Binary, rows: Rows, group: Group | None) -> Value:
        left = self.value(node.left, rows, group)
        right = self.value(node.right, rows, group)
        if isinstance(node, exp.DPipe):
            code = f"{_as_text(left)} + {_as_text(right)}"
            return Value(code, _both(left, right), "str", atom=False)
        if "str" in (left.kind, right.kind):
            if isinstance(node, exp.Sub) and left.kind == right.kind == "str":
                return self._days_between(left, right)
            raise Unreadable("It computes with a text.")
        sign = _SIGNS[type(node)]
        needs = _both(left, right)
        if isinstance(node, (exp.Div, exp.Mod)) and not isinstance(
            node.right.unnest(), exp.Literal
        ):
            if group is not None and not right.code.isidentifier():
                name = self.fresh("whole")
                self.line(f"{name} = {right.or_none()}")
                needs, right = left.needs, Value(name, (), right.kind)
            needs = tuple(n for n in needs if n != f"{right.code} is not None")
            needs = (*needs, right.inside)
        kind = (
            "int" if left.kind == right.kind == "int" and not isinstance(node, exp.Div) else "float"
        )
        return Value(f"{left.inside} {sign} {right.inside}", needs, kind, atom=False)

    def _days_between(self, left: Value, right: Value) -> Value:
        self.imports.add("from datetime import date")
        days = [f"date.fromisoformat({one.inside}[:10])" for one in (left, right)]
        return Value(f"({days[0]} - {days[1]}).days", _both(left, right), "int")

    def _scalar(self, node: exp.Subquery) -> Value:
        inner = node.this
        if not isinstance(inner, exp.Select) or len(inner.expressions) != 1:
            raise Unreadable("A query inside may give one value only.")
        with self.before():
            value = self.value_of(inner)
            name = self.fresh(short(inner.expressions[0]))
            self.line(f"{name} = {value.or_none()}")
        return Value(name, (f"{name} is not None",), value.kind)

    def _aggregate(self, node: exp.AggFunc, group: Group) -> Value:
        rows = group.rows
        over = f"for {rows.pattern} in {rows.name}"
        inner = node.this
        if isinstance(node, exp.Count):
            if inner is None or isinstance(inner, (exp.Star, exp.Literal)):
                return Value(f"len({rows.name})", (), "int")
            if isinstance(inner, exp.Distinct):
                some = [self.value(one, rows) for one in inner.expressions]
                needs = dict.fromkeys(need for one in some for need in one.needs)
                code = tuple_of([one.code for one in some])
                if_ = f" if {' and '.join(needs)}" if needs else ""
                return Value(f"len({{{code} {over}{if_}}})", (), "int")
            condition = self._counted(inner, rows)
            if condition is None:
                return Value(f"len({rows.name})", (), "int")
            return Value(f"sum(1 {over} if {condition})", (), "int")
        distinct = isinstance(inner, exp.Distinct)
        if distinct:
            inner = inner.expressions[0]
        value, condition = self._gathered(inner, rows)
        if_ = f" if {condition}" if condition else ""
        if value.kind == "str" and not isinstance(node, (exp.Min, exp.Max, exp.GroupConcat)):
            raise Unreadable(
                f'{node.key.upper()} goes over texts ("{clean_name(inner.name)}"):'
                " compare them with one of their values."
            )
        if isinstance(node, exp.Sum):
            if value.code in ("1", "1.0") and not distinct:
                return Value(f"sum(1 {over}{if_})", (), "int")
            added = f"{{{value.code} {over}{if_}}}" if distinct else f"{value.code} {over}{if_}"
            return Value(
                f"sum({added})", (), value.kind if value.kind in ("int", "float") else "float"
            )
        if isinstance(node, (exp.Min, exp.Max)):
            name = self.fresh("highest" if isinstance(node, exp.Max) else "lowest")
            word = "max" if isinstance(node, exp.Max) else "min"
            self.line(f"{name} = {word}(({value.code} {over}{if_}), default=None)")
            return Value(name, (f"{name} is not None",), value.kind)
        if isinstance(node, exp.GroupConcat):
            return Value(f'", ".join(str({value.code}) {over}{if_})', (), "str")
        name = self.fresh("values")
        if distinct:
            self.line(f"{name} = {{{value.code} {over}{if_}}}")
        else:
            self.gather(name, value.code, over, condition)
        if isinstance(node, exp.Avg):
            return Value(f"sum({name}) / len({name})", (name,), "float", atom=False)
        if isinstance(node, exp.Median):
            self.imports.add("from statistics import median")
            return Value(f"median({name})", (name,), "float")
        if isinstance(node, (exp.Stddev, exp.StddevSamp)):
            self.imports.add("from statistics import stdev")
            return Value(f"stdev({name})", (f"len({name}) > 1",), "float")
        raise Unreadable(f"{node.key.upper()} is not known.")

    def _gathered(self, node: exp.Expr, rows: Rows) -> tuple[Value, str]:
        """What an aggregate goes over, and for which rows."""
        node = node.unnest()
        if isinstance(node, exp.Case) and len(node.args["ifs"]) == 1 and node.this is None:
            default, branch = node.args.get("default"), node.args["ifs"][0]
            if (
                default is None
                or isinstance(default, exp.Null)
                or (default.sql() in ("0", "0.0") and isinstance(node.parent, exp.Sum))
            ):
                condition = self.condition(branch.this, rows)
                value = self.value(branch.args["true"], rows)
                return value, " and ".join(dict.fromkeys([condition, *value.needs]))
        if isinstance(node, (exp.Predicate, exp.And, exp.Or, exp.Not)):
            condition = self.condition(node, rows)
            if isinstance(node.parent, exp.Sum):
                return Value("1", (), "int"), condition
            return Value(f"int({condition})", (), "int"), ""
        value = self.value(node, rows)
        return value, " and ".join(value.needs)

    def _counted(self, node: exp.Expr, rows: Rows) -> str | None:
        if isinstance(node.unnest(), exp.Case):
            return self._gathered(node, rows)[1] or None
        value = self.value(node, rows)
        return " and ".join(value.needs) or None

    def _called(self, node: exp.Expr, rows: Rows, group: Group | None) -> Value:
        def of(child: exp.Expr) -> Value:
            return self.value(child, rows, group)

        if isinstance(node, exp.Neg):
            value = of(node.this)
            return Value(f"-{value.inside}", value.needs, value.kind, atom=False)
        if isinstance(node, exp.Abs):
            value = of(node.this)
            return Value(f"abs({value.code})", value.needs, value.kind)
        if isinstance(node, exp.Round):
            value, places = of(node.this), node.args.get("decimals")
            digits = f", {number(places)}" if places is not None and number(places) else ""
            return Value(
                f"round({value.code}{digits})", value.needs, value.kind if digits else "int"
            )
        if isinstance(node, (exp.Lower, exp.Upper, exp.Trim)):
            value = of(node.this)
            word = {"lower": "lower", "upper": "upper", "trim": "strip"}[node.key]
            return Value(f"{value.inside}.{word}()", value.needs, "str")
        if isinstance(node, exp.Length):
            value = of(node.this)
            return Value(f"len({value.code})", value.needs, "int")
        if isinstance(node, exp.Substring):
            return self._substring(node, of(node.this))
        if isinstance(node, exp.TimeToStr):
            return self._formatted(node, of(_bare_time(node.this)))
        if isinstance(node, (exp.Year, exp.Month, exp.Day)):
            value = of(_bare_time(node.this))
            cut = {"year": "[:4]", "month": "[5:7]", "day": "[8:10]"}[node.key]
            return Value(f"int({value.inside}{cut})", value.needs, "int")
        if isinstance(node, (exp.Date, exp.TsOrDsToDate)):
            value = of(_bare_time(node.this))
            return Value(f"{value.inside}[:10]", value.needs, "str")
        if (
            isinstance(node, exp.Anonymous)
            and node.name.lower() == "julianday"
            and len(node.expressions) == 1
        ):
            self.imports.add("from datetime import date")
            if node.expressions[0].name == "now":
                return Value("date.today().toordinal()", (), "int")
            value = of(node.expressions[0])
            return Value(f"date.fromisoformat({value.inside}[:10]).toordinal()", value.needs, "int")
        if isinstance(node, exp.Cast):
            return _cast(node, of(node.this))
        if isinstance(node, exp.Coalesce):
            values = [of(node.this), *(of(one) for one in node.expressions)]
            code = values[-1].code
            for one in reversed(values[:-1]):
                code = (
                    f"{one.code} if {' and '.join(one.needs)} else {code}"
                    if one.needs
                    else one.code
                )
            if not all(one.needs for one in values):
                return Value(code, (), values[0].kind, atom=False)
            holds = " or ".join(
                one.needs[0] if len(one.needs) == 1 else f"({' and '.join(one.needs)})"
                for one in values
            )
            return Value(code, (f"({holds})",), values[0].kind, atom=False)
        if isinstance(node, exp.Nullif):
            value, other = of(node.this), of(node.expression)
            return Value(
                value.code,
                (*value.needs, f"{value.inside} != {other.inside}"),
                value.kind,
                value.atom,
            )
        if isinstance(node, (exp.Greatest, exp.Least)) or scalar_extreme(node):
            values = [of(node.this), *(of(one) for one in node.expressions)]
            word = "max" if isinstance(node, (exp.Max, exp.Greatest)) else "min"
            needs = tuple(dict.fromkeys(need for one in values for need in one.needs))
            return Value(f"{word}({', '.join(one.code for one in values)})", needs, values[0].kind)
        if isinstance(node, (exp.Case, exp.If)):
            return self._case(node, rows, group)
        raise Unreadable(f"{node.key.upper()} has no form here; use plainer SQL.")

    def _case(self, node: exp.Expr, rows: Rows, group: Group | None) -> Value:
        branches = node.args["ifs"] if isinstance(node, exp.Case) else [node]
        default = node.args.get("default") or node.args.get("false")
        last = self.value(default, rows, group) if default is not None else Value("None")
        code, kind = last.or_none(), last.kind
        for one in reversed(branches):
            test = (
                one.this
                if node.this is None or isinstance(node, exp.If)
                else exp.EQ(this=node.this.copy(), expression=one.this.copy())
            )
            value = self.value(one.args["true"], rows, group)
            code = f"{value.or_none() if not value.needs else f'({value.or_none()})'} if {self.condition(test, rows, group)} else {code}"
            kind = value.kind
        return Value(code, (), kind, atom=False)

    def _substring(self, node: exp.Substring, value: Value) -> Value:
        start, length = node.args.get("start"), node.args.get("length")
        first = number(start) if start is not None else 1
        if first < 0:
            return Value(f"{value.inside}[{first}:]", value.needs, "str")
        begin = first - 1 if first else 0
        end = str(begin + number(length)) if length is not None else ""
        return Value(f"{value.inside}[{begin or ''}:{end}]", value.needs, "str")

    def _formatted(self, node: exp.TimeToStr, value: Value) -> Value:
        pattern = node.args["format"].name
        if pattern == "%w":
            self.imports.add("from datetime import date")
            code = f"str(date.fromisoformat({value.inside}[:10]).isoweekday() % 7)"
            return Value(code, value.needs, "str")
        cut = _DATE_CUTS.get(pattern)
        if cut is None:
            raise Unreadable(f"The format {pattern} has no form here; use substr.")
        return Value(f"{value.inside}{cut}", value.needs, "str")

    # Conditions

    def condition(
        self, node: exp.Expr, rows: Rows, group: Group | None = None, *, negated: bool = False
    ) -> str:
        node = node.unnest()
        if isinstance(node, exp.Not):
            return self.condition(node.this, rows, group, negated=not negated)
        if isinstance(node, (exp.And, exp.Or)):
            word = "and" if isinstance(node, exp.And) != negated else "or"
            sides = []
            for one in node.flatten():
                said = self.condition(one, rows, group, negated=negated)
                loose = word == "and" and (" or " in said or " if " in said)
                sides.append(f"({said})" if loose or (word == "or" and " and " in said) else said)
            return f" {word} ".join(dict.fromkeys(sides))
        if isinstance(node, exp.Is):
            value = self.value(node.this, rows, group)
            if not isinstance(node.expression, exp.Null):
                return self._compared(
                    exp.EQ(this=node.this, expression=node.expression), rows, group, negated
                )
            if value.needs:
                holds = " and ".join(value.needs)
                return (
                    holds
                    if negated
                    else (
                        f"{value.code} is None"
                        if value.needs == (f"{value.code} is not None",)
                        else f"not ({holds})"
                    )
                )
            return "True" if negated else "False"
        if isinstance(node, exp.Between):
            low = exp.GTE(this=node.this.copy(), expression=node.args["low"].copy())
            high = exp.LTE(this=node.this.copy(), expression=node.args["high"].copy())
            return self.condition(exp.and_(low, high), rows, group, negated=negated)
        if isinstance(node, exp.In):
            return self._among(node, rows, group, negated)
        if isinstance(node, exp.Like):
            return self._like(node, rows, group, negated)
        if isinstance(node, _COMPARISONS):
            return self._compared(node, rows, group, negated)
        if isinstance(node, exp.Boolean):
            return str(bool(node.this) != negated)
        if isinstance(node, exp.Predicate):
            raise Unreadable(f"{node.key.upper()} has no form here; use plainer SQL.")
        value = self.value(node, rows, group)
        said = f"not {value.inside}" if negated else value.inside
        return " and ".join([*value.needs, said])

    def _compared(self, node: exp.Binary, rows: Rows, group: Group | None, negated: bool) -> str:
        left, right = self.value(node.left, rows, group), self.value(node.right, rows, group)
        left, right = _alike(left, right)
        sign = (_OPPOSITE if negated else _SAME)[type(node)]
        plain = sign == "==" and (left.kind == right.kind or ANY in (left.kind, right.kind))
        needs = (
            ()
            if plain
            and not (set(left.needs) | set(right.needs))
            - {f"{left.code} is not None", f"{right.code} is not None"}
            and isinstance(node.right.unnest(), exp.Literal)
            else _both(left, right)
        )
        return " and ".join([*needs, f"{left.inside} {sign} {right.inside}"])

    def _among(self, node: exp.In, rows: Rows, group: Group | None, negated: bool) -> str:
        value = self.value(node.this, rows, group)
        word = "not in" if negated else "in"
        query = node.args.get("query")
        if query is not None:
            inner = query.this if isinstance(query, exp.Subquery) else query
            with self.before():
                found, kinds = self.rows_of(inner)
                name = self.fresh("among")
                self.line(f"{name} = {{one[{text(next(iter(kinds)))}] for one in {found}}}")
            return " and ".join([*value.needs, f"{value.inside} {word} {name}"])
        others = [_alike(value, self.value(one, rows, group))[1].code for one in node.expressions]
        needs = value.needs if negated else ()
        return " and ".join(
            [*needs, f"{value.inside} {word} ({', '.join(others)}{',' * (len(others) == 1)})"]
        )

    def _like(self, node: exp.Like, rows: Rows, group: Group | None, negated: bool) -> str:
        value = self.value(node.this, rows, group)
        if not isinstance(node.expression, exp.Literal):
            raise Unreadable("LIKE needs a text.")
        pattern = node.expression.name
        code = value.inside
        if value.kind in ("int", "float"):
            code = f"str({value.code})"
        if re.search(r"[A-Za-z]", pattern):
            code, pattern = f"{code}.lower()", pattern.lower()
        inner = pattern.strip("%")
        if "_" in inner or "%" in inner:
            self.imports.add("import re")
            form = "".join({"%": ".*", "_": "."}.get(c, re.escape(c)) for c in pattern)
            said = f"re.fullmatch({text(form)}, {code}) is not None"
        elif pattern.startswith("%") and pattern.endswith("%"):
            said = f"{text(inner)} in {code}"
        elif pattern.endswith("%"):
            said = f"{code}.startswith({text(inner)})"
        elif pattern.startswith("%"):
            said = f"{code}.endswith({text(inner)})"
        else:
            said = f"{code} == {text(inner)}"
        return " and ".join([*value.needs, f"not ({said})" if negated else said])


_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.DPipe)
_SIGNS = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_SAME = {exp.EQ: "==", exp.NEQ: "!=", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
_OPPOSITE = {exp.EQ: "!=", exp.NEQ: "==", exp.GT: "<=", exp.GTE: "<", exp.LT: ">=", exp.LTE: ">"}
_DATE_CUTS = {
    "%Y": "[:4]", "%m": "[5:7]", "%d": "[8:10]", "%Y-%m": "[:7]", "%Y-%m-%d": "[:10]",
    "%H": "[11:13]", "%M": "[14:16]", "%H:%M": "[11:16]", "%m-%d": "[5:10]",
}  # fmt: skip
_KINDS = {
    "integer": "int", "number": "float", "text": "str", "date": "str", "datetime": "str",
    "boolean": "bool",
}  # fmt: skip
KIND_OF_PYTHON = {"int": "integer", "float": "number", "str": "text", "bool": "boolean"}


def kind_of(source: Source, name: str) -> str:
    return _KINDS.get(source.kinds.get(name, ""), ANY)


def _bare_time(node: exp.Expr) -> exp.Expr:
    while isinstance(node, (exp.TsOrDsToTimestamp, exp.TsOrDsToDate, exp.Date, exp.Cast)):
        node = node.this
    return node


def _cast(node: exp.Cast, value: Value) -> Value:
    to = node.to.sql().upper()
    if to in ("REAL", "FLOAT", "DOUBLE", "DECIMAL", "NUMERIC"):
        code = value.code if value.kind in ("int", "float") else f"float({value.code})"
        return Value(code, value.needs, "float", value.atom or code != value.code)
    if to in ("INT", "INTEGER", "BIGINT"):
        if value.kind == "int":
            return value
        return Value(f"int({value.code})", value.needs, "int")
    if to in ("TEXT", "VARCHAR", "CHAR"):
        return value if value.kind == "str" else Value(f"str({value.code})", value.needs, "str")
    if to == "DATE":
        return Value(f"{value.inside}[:10]", value.needs, "str")
    raise Unreadable(f"CAST to {to} has no form here.")


def _alike(left: Value, right: Value) -> tuple[Value, Value]:
    """A number written as a text beside a number, and the other way round, as SQLite takes them."""
    if left.kind in ("int", "float") and right.kind == "str" and _is_text(right.code):
        said = right.code[1:-1]
        if re.fullmatch(r"-?\d+(\.\d+)?", said):
            return left, Value(said, right.needs, left.kind)
        raise Unreadable(f"It compares a number with the text {right.code}.")
    if (
        left.kind == "str"
        and right.kind in ("int", "float")
        and re.fullmatch(r"-?[\d.]+", right.code)
    ):
        return left, Value(text(right.code), right.needs, "str")
    if left.kind == "bool" and right.kind == "str" and _is_text(right.code):
        said = right.code[1:-1].lower()
        return left, Value(str(said in ("true", "yes", "1", "是", "有", "y", "t")), (), "bool")
    return left, right


def _is_text(code: str) -> bool:
    return code[:1] in "\"'" and code[-1:] == code[:1]


def _as_text(value: Value) -> str:
    return value.inside if value.kind == "str" else f"str({value.code})"


def _both(left: Value, right: Value) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*left.needs, *right.needs)))


def text(value: str) -> str:
    """A text in double quotes, as the rest of the code has them."""
    said = repr(value)
    if said[0] == "'" and '"' not in said:
        return f'"{said[1:-1]}"'.replace("\\'", "'")
    return said


def tuple_of(codes: list[str], *, always: bool = False) -> str:
    if len(codes) == 1 and not always:
        return codes[0]
    return f"({', '.join(codes)}{',' * (len(codes) == 1)})"


def number(node: exp.Expr) -> int:
    sign = -1 if isinstance(node, exp.Neg) else 1
    said = node.this if isinstance(node, exp.Neg) else node
    if not isinstance(said, exp.Literal) or not said.name.isdigit():
        raise Unreadable("LIMIT, OFFSET, ROUND and SUBSTR need plain numbers.")
    return sign * int(said.name)


def scalar_extreme(node: exp.Expr) -> bool:
    """MAX and MIN of several values in one row, which are no aggregates."""
    return isinstance(node, (exp.Max, exp.Min)) and bool(node.expressions)


__all__ = [
    "ANY",
    "KIND_OF_PYTHON",
    "Group",
    "Rows",
    "Value",
    "Values",
    "kind_of",
    "number",
    "scalar_extreme",
    "text",
    "tuple_of",
]
