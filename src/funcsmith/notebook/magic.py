"""`%funcsmith` and `%%funcsmith`: one text of a notebook, its options, its outcome.

How an outcome is shown is in `display.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..asked import checked
from ..contract import Outcome
from ..errors import FuncsmithError, InputInvalid, RequestInvalid
from ..models.cancel import Cancel
from ..pipeline import Pipeline, default_pipeline
from .display import Shown
from .variables import as_input

HELP = """A sentence in Chinese or English becomes a function, its arguments and the result.

    %funcsmith [OPTIONS] TEXT              %%funcsmith [OPTIONS]
                                           TEXT

-i, --input NAME[=VARIABLE]   a variable as the input NAME: a frame, an array, rows, a text
-o, --out NAME                also put the outcome into the variable NAME; `_outcome` has it always
--mode function|parameters    stop after writing the function, or only fill arguments
--seed N                      for sampled candidates
--no-save                     keep nothing in the library
--new                         the text is no answer to what was asked before
--                            what comes after it is the text
"""
_OPTION = re.compile(r"\s*(--?[A-Za-z][A-Za-z-]*)(?:(?:=|\s+)(\S+))?")
_TAKING = {
    "-i": "input", "--input": "input", "-o": "out", "--out": "out", "--mode": "mode",
    "--seed": "seed",
}  # fmt: skip
_ALONE = {"--no-save": "no_save", "--new": "new"}


def load(shell: Any, *, pipeline: Pipeline | None = None) -> None:
    """Give a shell the magics; without a pipeline they use the one that `funcsmith.run` has."""
    from IPython.core.error import UsageError
    from IPython.core.magic import no_var_expand

    notebook = Notebook(shell.user_ns, pipeline or default_pipeline)

    def funcsmith(line: str, cell: str | None = None) -> Outcome:
        try:
            return notebook.answer(line, cell)
        except FuncsmithError as error:
            # Said in a line, without a traceback; cells that were to run after it do not.
            raise UsageError(notebook.said(error, f"{line}{cell or ''}")) from error

    funcsmith.__doc__ = HELP
    # Braces in a sentence are no Python.
    shell.register_magic_function(no_var_expand(funcsmith), "line_cell", "funcsmith")


@dataclass
class Options:
    """What stood before the text."""

    inputs: dict[str, str] = field(default_factory=dict)
    """Names of variables by those of the inputs."""
    out: str | None = None
    mode: str = "run"
    seed: int = 0
    no_save: bool = False
    new: bool = False


class Notebook:
    """One shell's conversation: a question of ours is answered by the next text."""

    def __init__(
        self, variables: dict[str, Any], pipeline: Pipeline | Callable[[], Pipeline]
    ) -> None:
        self._variables = variables
        self._pipeline = pipeline
        self._asked: Outcome | None = None

    def answer(self, line: str, cell: str | None = None) -> Shown:
        """The outcome of a text, which `_outcome` then holds. Raises FuncsmithError."""
        from ..cli.stopping import interruptible

        options, text = parsed(line)
        text = "\n".join(part for part in (text, (cell or "").strip("\n")) if part.strip())
        request = checked(
            {
                "text": text,
                "mode": options.mode,
                "seed": options.seed,
                "inputs": {
                    name: as_input(name, self._variable(variable))
                    for name, variable in options.inputs.items()
                },
                "previous": None if options.new else self._asked,
            }
        )
        cancel = Cancel()
        pipeline = self._pipeline() if callable(self._pipeline) else self._pipeline
        with interruptible(cancel):
            outcome = pipeline.run(request, cancel=cancel, save=not options.no_save)
        shown = Shown.of(outcome, request)
        self._asked = outcome if outcome.kind == "ask" else None
        for name in filter(None, ("_outcome", options.out)):
            self._variables[name] = shown
        return shown

    def said(self, error: FuncsmithError, text: str) -> str:
        """An error in the language of a text, with what to do."""
        from ..cli.visible import visible
        from ..cli.words import error_language

        language = error_language(text)
        words = (error.message(language), error.hint(language))
        return visible("\n".join(filter(None, words)))

    def _variable(self, name: str) -> Any:
        if name not in self._variables:
            raise InputInvalid(
                {"en": f"There is no variable {name}.", "zh": f"没有变量 {name}。"},
                hint="%funcsmith --input data=VARIABLE …",
            )
        return self._variables[name]


def parsed(line: str) -> tuple[Options, str]:
    """The options that a line begins with, and the text behind them. Raises RequestInvalid."""
    options = Options()
    while (found := _OPTION.match(line)) is not None:
        said, value = found.groups()
        if said in _ALONE:
            setattr(options, _ALONE[said], True)
            line = line[found.end(1) :]
            continue
        if said not in _TAKING or value is None:
            raise _unknown(said)
        _set(options, _TAKING[said], value)
        line = line[found.end() :]
    line = line.strip()
    return options, line[2:].strip() if line.startswith("--") else line


def _set(options: Options, name: str, value: str) -> None:
    if name == "input":
        own, _, variable = value.partition("=")
        options.inputs[own] = variable or own
    elif name == "seed":
        if not value.isdecimal():
            raise _unknown(f"--seed {value}")
        options.seed = int(value)
    elif name == "out":
        if not value.isidentifier():
            raise _unknown(f"--out {value}")
        options.out = value
    else:
        options.mode = value


def _unknown(said: str) -> RequestInvalid:
    return RequestInvalid(
        {
            "en": f"{said[:60]} is no option here, or lacks its value.",
            "zh": f"{said[:60]} 不是可用的选项，或缺少取值。",
        },
        hint={
            "en": "%funcsmith? lists them; a text that begins with a dash goes behind --",
            "zh": "用 %funcsmith? 查看选项；以连字符开头的文本放在 -- 之后",
        },
    )
