"""A text about data as the model is asked it: what it is shown, the form of the answer, what must be in it.

No model is called and nothing is run here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any

from ..readers import Value
from ..syntax import parse
from ..tables.columns import (
    choices_in,
    each_of,
    may_be_said,
    named_in,
    numbering,
    numbers_of,
    read_by,
    spoken_of,
    stated_in,
)
from ..tables.comparing import asks_for_order
from ..tables.outline import annotation_of, outline
from ..tables.periods import day_columns, hints, periods
from ..tables.table import clean_name, described, is_table
from .grounding import unused
from .notes import notes
from .overwriting import overwritten
from .plausibility import (
    asks_for_average,
    asks_for_one,
    entries_of,
    mistyped,
    no_average,
    overlooked,
)
from .task import Task


@dataclass(frozen=True)
class Asked:
    """A text about data, as the model is asked it, and what its answer is held against."""

    task: Task
    text: str
    query_text: str
    """The text as one who writes SQL is asked it."""
    inputs: dict[str, Any]
    outline: str
    named: tuple[str, ...]
    """What the code should name: columns that the text speaks of, and the one value of a column."""
    choices: frozenset[str]
    """Values that columns of words hold."""
    numbers: tuple[Value, ...]
    """Numbers that the text states; one may stand in the code in another form."""
    ordered: bool
    each: str
    """The column for each of whose values something is asked for; "" where there is none."""
    averaged: tuple[tuple[float, ...], ...]
    """What the columns of numbers hold of which the text asks the average."""

    @classmethod
    def of(cls, task: Task) -> Asked:
        text = task.text.strip()
        columns = [c.name for v in task.inputs.values() if is_table(v) for c in described(v)]
        said = notes(task.values, task.now)
        if said:
            text = f"{text} {said}"
        query_text = "\n".join(
            [text, *(f"({hint})" for hint in hints(task.text, task.inputs, query=True))]
        )
        for hint in hints(task.text, task.inputs):
            text += f"\n({hint})"
        if _PLOT.search(task.text):
            text += "\n(Draw it with matplotlib.pyplot: fig, ax = plt.subplots() … return fig)"
        meant = spoken_of(task.text, columns)
        # "How many rentals" speaks of the rows of a table whose column "rental" has their numbers.
        numbers = numbering(task.inputs)
        besides = [name for name in columns if name not in numbers]
        named = {*named_in(task.text, besides), *meant, *stated_in(task.text, task.inputs)}
        return cls(
            task,
            text,
            query_text,
            dict(task.inputs),
            outline(task.inputs, task.text, said=meant),
            tuple(sorted(named)),
            choices_in(task.inputs),
            tuple(v for v in unused(task.values, []) if v.kind in ("integer", "number", "money")),
            asks_for_order(task.text),
            each_of(task.text, task.inputs),
            tuple(numbers_of(task.inputs, named)) if asks_for_average(task.text) else (),
        )

    @property
    def names(self) -> list[str]:
        return list(self.inputs)

    @property
    def queryable(self) -> bool:
        """Whether the inputs are tables of plain cells, and no drawing is asked for."""
        if _PLOT.search(self.task.text) or not all(map(is_table, self.inputs.values())):
            return False
        return not any(
            isinstance(cell, (list, dict))
            for rows in self.inputs.values()
            for row in rows
            for cell in row.values()
        )

    def query_grammar(self, *, or_nothing: bool) -> str:
        """The form of a query: a name for it, and the query."""
        root = '"none" | query' if or_nothing and not self.task.always else "query"
        return (
            f"root ::= {root}\n"
            'query ::= "-- " [a-z] [a-z0-9_]{2,50} "\n" ("SELECT " | "WITH ") [^;`]+ ("\n```")?\n'
        )

    def grammar(self, *, or_nothing: bool, comments: bool = True) -> str:
        """The form of an answer; without comments where they would only repeat the code."""
        said = "" if comments else "#"
        parameters = ", ".join(f"{k}: {annotation_of(v)}" for k, v in self.inputs.items())
        root = '"none" | code' if or_nothing and not self.task.always else "code"
        return (
            f"root ::= {root}\n"
            'code ::= comment? import* "def " name "(' + parameters + ') -> " type body\n'
            'comment ::= "# " [^\\n`]{2,160} "\\n"\n'
            'import ::= ("from " | "import ") [a-zA-Z_., ]{2,80} "\\n" "\\n"? "\\n"?\n'
            "name ::= [^ \\n(:`#\"']{1,60}\n"
            "type ::= [^:\\n`]{1,60}\n"
            # No docstring: one is made from the text, and it would be decoded before the work.
            f'body ::= ":\\n    " [^"\'`{said} \\n] [^`{said}]* ("\\n```")?\n'
        )

    def read_query(self, written: str) -> tuple[str, str]:
        """The function that does what a written query says, and its name; Unreadable says what is
        wrong with the query.
        """
        # sqlglot is loaded only here: most texts are about no table.
        from .query import Source, read, set_right
        from .query_function import function_of

        head, _, body = written.strip().partition("\n")
        said = re.fullmatch(r"-- ([a-z][a-z0-9_]*)", head.strip())
        name = said[1] if said else "answer"
        if iskeyword(name) or name in self.inputs:
            name += "_answer"
        tables = {key: Source.of(rows) for key, rows in self.inputs.items()}
        query = read(body.removesuffix("```") if said else written, tables)
        each = self.each if len(tables) == 1 else ""
        query = set_right(query, self.task.text, each)
        return function_of(query, name, tables), name

    def overlooked(self, source: str) -> int:
        """What the text names and the function does not look at: columns, values, numbers, days."""
        left = len(overlooked(self.task.text, source, self.numbers))
        return len(self._unnamed(source)) + left + self._misses_days(source)

    def guessed(self, source: str) -> int:
        """What the function makes up or loses: values of columns that the text does not state, rows
        of which only the last is kept, lists of which only the first element is taken.
        """
        lost = overwritten(source, self.inputs)
        return len(self._invented(source)) + len(lost) + self._takes_the_first(source)

    def implausible(self, value: Any) -> bool:
        """Whether a result cannot be what was asked for."""
        return bool(
            self._too_many(value) or self._too_few(value) or no_average(value, self.averaged)
        )

    def complaint(self, source: str, returns: Mapping[str, Any], value: Any) -> str:
        """What looks wrong about a function that ran, in words for whoever wrote it; "" if nothing."""
        said: list[str] = []
        kind = mistyped(returns, value)
        if kind:
            said.append(f"It returns a {kind}, not what it says that it returns.")
        entries = self._too_many(value)
        if entries:
            said.append(f"It returns {entries} entries, and only one is asked for.")
        few = self._too_few(value)
        if few:
            said.append(f'It gives one value; one for each "{few}" is asked for.')
        if no_average(value, self.averaged):
            said.append("An average lies between the smallest and the largest of the values.")
        for word in self._invented(source)[:2]:
            said.append(f'It looks for "{word}", which the request does not say.')
        for column in overwritten(source, self.inputs)[:1]:
            said.append(
                f'Several rows have the same "{column}", and only the last of them is kept.'
            )
        if self._takes_the_first(source):
            said.append("It takes only the first element of a list; go over all of them.")
        if self._misses_days(source):
            said.append(
                f"It does not look at the days in {', '.join(day_columns(self.inputs)[:3])}."
            )
        for name in self._unnamed(source)[:2]:
            said.append(f'It does not look at "{name}".')
        return " ".join(said)

    def _too_many(self, value: Any) -> int:
        """How many entries a value has where the one that is most of something is asked for."""
        return 0 if self.ordered or not asks_for_one(self.task.text) else entries_of(value)

    def _too_few(self, value: Any) -> str:
        """The column for each of whose values one is asked for, where a single one is given."""
        drawn = _PLOT.search(self.task.text)
        return self.each if isinstance(value, (int, float, str)) and not drawn else ""

    def _unnamed(self, source: str) -> list[str]:
        words = _words_of(source)
        return [name for name in self.named if name not in words]

    def _misses_days(self, source: str) -> bool:
        days = day_columns(self.inputs)
        return bool(days and periods(self.task.text) and not _words_of(source) & set(days))

    def _invented(self, source: str) -> list[str]:
        said = self.task.text.casefold()
        return [
            node.value
            for compared in ast.walk(parse(source))
            if isinstance(compared, ast.Compare)
            for node in ast.walk(compared)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value in self.choices
            and not may_be_said(node.value.casefold(), said)
            and node.value.casefold() not in _YES_AND_NO
        ]

    def _takes_the_first(self, source: str) -> bool:
        """Whether a nested list is entered at its first element, which the text does not speak of."""
        if _FIRST.search(self.task.text):
            return False
        return any(
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == 0
            and type(node.slice.value) is int
            and isinstance(node.value, ast.Subscript)
            and _root(node.value) in self.inputs
            for node in ast.walk(parse(source))
        )

    def docstring(self, source: str) -> str:
        """What the function is for, and the columns that it reads."""
        lines = [self.task.text.strip()[:600], ""]
        for name, columns in read_by(source, self.inputs).items():
            if columns:
                some = ", ".join(f"{clean_name(one)} ({kind})" for one, kind in columns.items())
                lines.append(f"{name}: rows with {some[:400]}")
            else:
                lines.append(f"{name}: {annotation_of(self.inputs[name])}")
        return "\n".join(lines)


_PLOT = re.compile(
    r"画|绘制|图表|[柱线饼状形]图|折线|散点|直方|\b(?:plot|chart|graph|histogram|draw)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"第一|首|头一|最|\bfirst\b|\b\w+est\b|\btop\b|\bmost\b|\bleast\b", re.IGNORECASE
)


_YES_AND_NO = frozenset("yes no y n true false t f 1 0 是 否 有 无 对 错".split())
"""What a column says of a thing that a text calls by its name ("members", «复诊»)."""


def _words_of(source: str) -> set[str]:
    return {
        node.value
        for node in ast.walk(parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
