"""A text about data as the model is asked it: what it is shown, the form of the answer, what must be in it.

No model is called and nothing is run here.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from ..readers import Value
from ..syntax import parse
from ..tables.columns import choices_in, named_in, read_by, spoken_of, stated_in
from ..tables.comparing import asks_for_order
from ..tables.outline import annotation_of, outline
from ..tables.periods import day_columns, hints, periods
from ..tables.table import clean_name, described, is_table
from .grounding import unused
from .notes import notes
from .overwriting import overwritten
from .plausibility import overlooked
from .task import Task


@dataclass(frozen=True)
class Asked:
    """A text about data, as the model is asked it, and what its answer is held against."""

    task: Task
    text: str
    inputs: dict[str, Any]
    outline: str
    named: tuple[str, ...]
    """What the code should name: columns that the text speaks of, and the one value of a column."""
    choices: frozenset[str]
    """Values that columns of words hold."""
    numbers: tuple[Value, ...]
    """Numbers that the text states; one may stand in the code in another form."""
    ordered: bool

    @classmethod
    def of(cls, task: Task) -> Asked:
        text = task.text.strip()
        columns = [c.name for v in task.inputs.values() if is_table(v) for c in described(v)]
        said = notes(task.values, task.now)
        if said:
            text = f"{text} {said}"
        for hint in hints(task.text, task.inputs):
            text += f"\n({hint})"
        if _PLOT.search(task.text):
            text += "\n(Draw it with matplotlib.pyplot: fig, ax = plt.subplots() … return fig)"
        meant = spoken_of(task.text, columns)
        named = {*named_in(task.text, columns), *meant, *stated_in(task.text, task.inputs)}
        return cls(
            task,
            text,
            dict(task.inputs),
            outline(task.inputs, task.text, said=meant),
            tuple(sorted(named)),
            choices_in(task.inputs),
            tuple(v for v in unused(task.values, []) if v.kind in ("integer", "number", "money")),
            asks_for_order(task.text),
        )

    @property
    def names(self) -> list[str]:
        return list(self.inputs)

    def grammar(self, *, or_nothing: bool) -> str:
        parameters = ", ".join(f"{k}: {annotation_of(v)}" for k, v in self.inputs.items())
        root = '"none" | code' if or_nothing and not self.task.always else "code"
        return (
            f"root ::= {root}\n"
            'code ::= comment? import* "def " name "(' + parameters + ') -> " rest\n'
            'comment ::= "# " [^\\n`]{2,160} "\\n"\n'
            'import ::= ("from " | "import ") [a-zA-Z_., ]{2,80} "\\n" "\\n"? "\\n"?\n'
            "name ::= [^ \\n(:`#\"']{1,60}\n"
            'rest ::= [^`]+ ("\\n```")?\n'
        )

    def overlooked(self, source: str) -> int:
        """What the text names and the function does not look at: columns, values, numbers."""
        words = {
            node.value
            for node in ast.walk(parse(source))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        left = len(overlooked(self.task.text, source, self.numbers))
        days = day_columns(self.inputs)
        if days and periods(self.task.text) and not words & set(days):
            left += 1
        return sum(name not in words for name in self.named) + left

    def guessed(self, source: str) -> int:
        """What the function makes up or loses: values of columns that the text does not state, rows
        of which only the last is kept.
        """
        said = self.task.text.casefold()
        return len(overwritten(source, self.inputs)) + sum(
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value in self.choices
            and node.value.casefold() not in said
            for compared in ast.walk(parse(source))
            if isinstance(compared, ast.Compare)
            for node in ast.walk(compared)
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
