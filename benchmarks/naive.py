"""The naive path: the same model and engine as a plain user would use them, on benchmarks/texts.

    python benchmarks/naive.py                 the naive path alone
    python benchmarks/naive.py --compare       beside funcsmith: one run, row by row

A text that needs a new function (also one of `missing` that no library function computes) is one
chat turn: "Write a Python function that does what the following text asks, and call it, printing
only the result." The code that comes back runs in a plain `python -I` for at most 10 s, WITHOUT A
FENCE, as a plain user would run it; the last line printed is the value. A text that calls a library
function is the engine's own tool calling with five tools (the right one and four others, drawn by
the seed), tool choice left to the model; the five differ from row to row, so the engine's prompt
cache does not hold them. With --all-tools it is the whole library in one order, which is cached.
A text with nothing to compute goes through both: it is left alone if neither a tool is called nor
code comes that prints something.

In doubt the naive path gets the benefit: of several blocks of code the last one runs and, if that
fails or prints nothing, all of them together; a printed value counts as it reads and as the text
it is; a tool call written out as JSON text is a call; any question at all asks for the right value;
functions to be checked are called even where the script around them fails.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from funcsmith.errors import EngineFailed
from funcsmith.evaluate import judge, measurement, report, texts
from funcsmith.evaluate.measurement import Way
from funcsmith.evaluate.rows import Row
from funcsmith.settings import settings

if TYPE_CHECKING:
    from funcsmith.library import Library, Saved
    from funcsmith.models.llamacpp import LlamaCpp

PATH = "naive"
PROMPT = (
    "Write a Python function that does what the following text asks, and call it, "
    "printing only the result.\n\n{text}"
)
MAX_TOKENS = 768
TOOLS = 5
RUN_SECONDS = 10.0
_MARK = "@@funcsmith-check@@"
_NONE: Mapping[str, Any] = MappingProxyType({})
_FENCE = re.compile(r"```[ \t]*(\w*)[^\n]*\n(.*?)(?:```|\Z)", re.DOTALL)
_ASKING = ("?", "？", "please provide", "please tell", "请提供", "请告诉", "需要知道", "请问")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--compare", action="store_true", help="run funcsmith beside it")
    parser.add_argument("--model", help="name in the catalogue, or a GGUF file")
    parser.add_argument("--limit", type=int, help="a seeded stratified sample of so many rows")
    parser.add_argument("--groups", nargs="+", choices=texts.GROUPS)
    parser.add_argument("--all-tools", action="store_true", help="offer the whole library, cached")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--texts", type=Path, help="default: benchmarks/texts")
    parser.add_argument("--out", type=Path, help="default: benchmarks/results/texts-….json")
    options = parser.parse_args()
    with measurement.as_command():
        result = measure(
            compare=options.compare,
            all_tools=options.all_tools,
            model=options.model,
            limit=options.limit,
            groups=options.groups,
            seed=options.seed,
            folder=texts.find_folder(options.texts),
            out=options.out,
        )
    print(readable(result))


def measure(
    *,
    compare: bool,
    model: str | None,
    limit: int | None,
    groups: Sequence[str] | None,
    seed: int,
    folder: Path,
    out: Path | None,
    all_tools: bool = False,
) -> dict[str, Any]:
    """Run one path or both, and write the result file; the same call goes on where it stopped."""
    name = model or settings().model
    facts = texts.facts_of(folder, name, seed)
    chosen = texts.sample(texts.read_rows(folder, groups), limit, seed)
    stem = f"texts-{'compare' if compare else PATH}-{facts['model']}"
    stem += "-all-tools" if all_tools else ""
    out = out or texts.default_out(folder, stem, limit=limit, groups=groups)
    script = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    facts |= {
        "naive": {
            "sha256": script,
            "prompt": PROMPT,
            "max_tokens": MAX_TOKENS,
            "tools": "all" if all_tools else TOOLS,
        }
    }

    @contextlib.contextmanager
    def ways() -> Iterator[dict[str, Way]]:
        with ready(folder, name, compare=compare) as (engine, library, runs):
            naive = Naive(engine, library, seed=seed, all_tools=all_tools)
            schemas = {saved.name: saved.parameters for saved in library.list()}
            yield {
                PATH: naive.measured,
                texts.PATH: lambda row: texts.measured(row, runs, schemas, seed=seed),
            }

    return beside(
        "texts",
        facts,
        chosen,
        compare=compare,
        ways=ways,
        about={"limit": limit, "groups": list(groups or texts.GROUPS)},
        out=out,
    )


def beside(
    suite: str,
    facts: dict[str, Any],
    chosen: Sequence[Row],
    *,
    compare: bool,
    ways: Callable[[], AbstractContextManager[Mapping[str, Way]]],
    about: dict[str, Any],
    out: Path,
) -> dict[str, Any]:
    """Measure the naive path, beside the shipped one where they are compared."""
    paths = [texts.PATH, PATH] if compare else [PATH]

    def totals(by_path: Mapping[str, list[Row]]) -> dict[str, Any]:
        found: dict[str, Any] = {
            "totals": {path: report.totals(some) for path, some in by_path.items()}
        }
        if compare:
            found["compared"] = report.compared(by_path[texts.PATH], by_path[PATH])
        return found

    return measurement.measure(
        suite,
        facts,
        chosen,
        paths=paths,
        ways=ways,
        tell=lambda rows: texts.Teller(len(chosen) * len(paths), rows),
        totals=totals,
        about=about,
        out=out,
    )


def readable(result: dict[str, Any]) -> str:
    """The result as plain text: side by side first, then each path alone."""
    blocks = []
    if "compared" in result:
        blocks += [
            f"{texts.PATH} beside {PATH}: one run, row by row",
            report.compared_table(result["compared"], (texts.PATH, PATH)),
        ]
    for path, totals in result["totals"].items():
        rows = [row for row in result["rows"] if row["path"] == path]
        one = {
            **result,
            "suite": f"{result['suite']}, {path}",
            "totals": totals,
            "rows": rows,
            "out": None,
        }
        blocks.append(report.table(one, wrong=len(result["totals"]) == 1))
    blocks.append(f"written to {result['out']}")
    return "\n\n".join(blocks)


@dataclass
class Reply:
    """What one chat turn gave."""

    text: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    prompt_tokens: int = 0
    generated_tokens: int = 0


@dataclass
class Printed:
    """What a script left: whether it ended well, and what it printed."""

    ok: bool
    stdout: str
    error: str | None = None

    @property
    def last_line(self) -> str | None:
        lines = [line.strip() for line in self.stdout.splitlines() if line.strip()]
        return lines[-1] if lines else None


class Naive:
    """The naive path on one engine."""

    def __init__(
        self, engine: LlamaCpp, library: Library, *, seed: int, all_tools: bool = False
    ) -> None:
        self._engine = engine
        self._functions: dict[str, Saved] = {saved.name: saved for saved in library.list()}
        self._seed = seed
        self._all_tools = all_tools

    def measured(self, row: Row) -> Row:
        """Run one row and judge what came, in the form of funcsmith's records."""
        unasked = {"values": len(row["missing"]), "values_asked": 0} if "missing" in row else {}
        return self.recorded(texts.heading(row), partial(self._judged, row), unasked)

    def recorded(
        self, heading: Row, judge: Callable[[list[Reply]], Row], failed: Mapping[str, Any] = _NONE
    ) -> Row:
        """The record of a row whose replies `judge` asks for and judges.

        `failed` is added where the engine ended in the middle.
        """
        started = time.perf_counter()
        replies: list[Reply] = []
        try:
            judged = judge(replies)
        except EngineFailed as failure:
            judged = {"right": False, "kind": "none", "got": None, "failed": True}
            judged |= {"error": failure.message(), **failed}
        return {
            **heading,
            "path": PATH,
            "verdict": None,
            **judged,
            "replies": [reply.text for reply in replies],
            "seconds": round(time.perf_counter() - started, 4),
            "tokens": {
                "prompt": sum(reply.prompt_tokens for reply in replies),
                "generated": sum(reply.generated_tokens for reply in replies),
            },
            "model_calls": len(replies),
        }

    def _judged(self, row: Row, replies: list[Reply]) -> Row:
        if row["group"] == "function":
            return self._function(row, replies)
        if row["group"] == "parameters":
            return self._parameters(row, replies)
        if row["group"] == "missing":
            known = row["function"] is not None
            return self._missing_known(row, replies) if known else self._missing_new(row, replies)
        return self._none(row, replies)

    def _function(self, row: Row, replies: list[Reply]) -> Row:
        code = self._code(row, replies)
        if "checks" in row:
            values = checked(code, [one["args"] for one in row["checks"]])
            right = values is not None and all(
                judge.value_right(value, {**row, **one})
                for value, one in zip(values, row["checks"], strict=True)
            )
            return {"right": right, "kind": "function" if code else "none", "got": values}
        printed = run_blocks(code)
        line = printed.last_line
        right = (
            printed.ok
            and line is not None
            and any(judge.value_right(value, row) for value in (read(line), line))
        )
        return {
            "right": right,
            "kind": "function" if code else "none",
            "got": line,
            "error": printed.error,
        }

    def _parameters(self, row: Row, replies: list[Reply]) -> Row:
        reply = self._tools_turn(row, replies)
        name, arguments = reply.calls[0] if reply.calls else ("", {})
        name_right = name == row["function"]
        schema = self._functions[row["function"]].parameters
        arguments_right = name_right and judge.arguments_right(arguments, row, schema)
        value = self._called(name, arguments)
        return {
            "right": arguments_right,
            "name_right": name_right,
            "arguments_right": arguments_right,
            "result_right": judge.same(value, row["expected"]),
            "kind": "parameters" if reply.calls else "none",
            "got": {"calls": _shown(reply), "value": value},
        }

    def _missing_known(self, row: Row, replies: list[Reply]) -> Row:
        reply = self._tools_turn(row, replies)
        invented = any(
            name != row["function"] or any(args.get(one) is not None for one in row["missing"])
            for name, args in reply.calls
        )
        asked = not reply.calls and asks(reply.text)
        got = {"calls": _shown(reply), "text": reply.text}
        return _missing(row, asked=asked, invented=invented, called=bool(reply.calls), got=got)

    def _missing_new(self, row: Row, replies: list[Reply]) -> Row:
        printed = run_blocks(self._code(row, replies))
        value = printed.last_line if printed.ok else None
        asked = value is None and asks(replies[-1].text)
        return _missing(row, asked=asked, invented=value is not None, called=False, got=value)

    def _none(self, row: Row, replies: list[Reply]) -> Row:
        reply = self._tools_turn(row, replies)
        printed = run_blocks(self._code(row, replies))
        value = printed.last_line if printed.ok else None
        kind = "parameters" if reply.calls else "none" if value is None else "function"
        return {
            "right": kind == "none",
            "kind": kind,
            "called": bool(reply.calls),
            "computed": value is not None,
            "got": {"calls": _shown(reply), "value": value},
        }

    def _code(self, row: Row, replies: list[Reply]) -> list[str]:
        content = PROMPT.format(text=row["text"])
        return blocks(self._turn(_dated(row, content), replies).text)

    def _tools_turn(self, row: Row, replies: list[Reply]) -> Reply:
        tools = [self._functions[name].tool() for name in self.offered(row)]
        return self._turn(_dated(row, row["text"]), replies, tools=tools)

    def offered(self, row: Row) -> list[str]:
        """The names of the five tools of a row: the right one where there is one, and others."""
        if self._all_tools:
            return sorted(self._functions)
        draw = random.Random(f"{self._seed}:{row['id']}")
        right = [row["function"]] if row.get("function") else []
        others = sorted(name for name in self._functions if name not in right)
        names = right + draw.sample(others, TOOLS - len(right))
        draw.shuffle(names)
        return names

    def _turn(
        self, content: str, replies: list[Reply], *, tools: list[dict[str, Any]] | None = None
    ) -> Reply:
        body: dict[str, Any] = {
            "messages": [{"role": "user", "content": content}],
            "temperature": 0,
            "max_tokens": MAX_TOKENS,
            "seed": self._seed,
            "cache_prompt": True,
        }
        if tools:
            body |= {"tools": tools, "tool_choice": "auto"}
        # The engine keeps its address to itself; a benchmark may look.
        engine = self._engine
        answer = engine._post(engine._running(), "/v1/chat/completions", body)  # noqa: SLF001
        reply = reply_of(answer, [tool["function"]["name"] for tool in tools or ()])
        replies.append(reply)
        return reply

    def _called(self, name: str, arguments: dict[str, Any]) -> Any:
        from funcsmith.execute import execute

        if name not in self._functions:
            return None
        result = execute(self._functions[name].source, name, arguments)
        return result.value if result.status == "ok" else {"error": result.error}


def reply_of(answer: dict[str, Any], offered: Sequence[str]) -> Reply:
    """A chat completion as text and calls; a call written out as text counts where tools were."""
    message = answer["choices"][0]["message"]
    text = message.get("content") or ""
    usage = answer.get("usage") or {}
    calls = [
        (str(one["function"]["name"]), _arguments(one["function"].get("arguments")))
        for one in message.get("tool_calls") or ()
    ]
    if not calls and offered:
        calls = [call for call in _written_calls(text) if call[0] in offered]
    return Reply(
        text=text,
        calls=calls,
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        generated_tokens=int(usage.get("completion_tokens") or 0),
    )


def blocks(text: str) -> list[str]:
    """The blocks of Python in a reply; a reply that is nothing but Python is one block."""
    found = [(tag.casefold(), code) for tag, code in _FENCE.findall(text)]
    tagged = [code for tag, code in found if tag in ("python", "py", "python3")]
    codes = tagged or [code for tag, code in found if not tag]
    if not found and _parses(text) and re.search(r"\bdef |\bprint\(", text):
        codes = [text]
    return [code for code in codes if code.strip()]


def run_blocks(codes: Sequence[str], files: Mapping[str, bytes] = MappingProxyType({})) -> Printed:
    """Run the last block and, if that gives nothing, all of them together; `files` lie beside it."""
    if not codes:
        return Printed(ok=False, stdout="", error=None)
    printed = run(codes[-1], files)
    if len(codes) > 1 and not (printed.ok and printed.last_line):
        return run("\n\n".join(codes), files)
    return printed


def checked(codes: Sequence[str], argument_sets: Sequence[Sequence[Any]]) -> list[Any] | None:
    """What the written function gives for each set of arguments; None where there is none."""
    whole = "\n\n".join(codes)
    if not _parses(whole):
        whole = next((code for code in reversed(codes) if _parses(code)), "")
    names = [node.name for node in ast.parse(whole).body if isinstance(node, ast.FunctionDef)]
    if not names:
        return None
    calls = f"""
import json as _json
for _args in _json.loads({json.dumps(json.dumps(argument_sets))}):
    try:
        _value = {names[-1]}(*_args)
    except Exception as _error:
        _value = {{"error": repr(_error)}}
    print({_MARK!r} + repr(_value))
"""
    for code in (whole, _definitions(whole)):
        marked = [
            line[len(_MARK) :]
            for line in run(code + calls).stdout.split("\n")
            if line.startswith(_MARK)
        ]
        if len(marked) == len(argument_sets):
            return [judge.plain(read(line)) for line in marked]
    return None


def run(code: str, files: Mapping[str, bytes] = MappingProxyType({})) -> Printed:
    """Run a script in a plain Python, without a fence, in a folder with these files."""
    with tempfile.TemporaryDirectory(prefix="funcsmith-naive-") as folder:
        script = Path(folder, "script.py")
        script.write_text(code, "utf-8", "replace")
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(script)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        try:
            stdout, stderr = process.communicate(timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            _end(process)
            stdout, _ = process.communicate()
            return Printed(ok=False, stdout=stdout, error=f"not done after {RUN_SECONDS:g} s")
    lines = stderr.strip().split("\n")
    return Printed(
        ok=process.returncode == 0,
        stdout=stdout,
        error=lines[-1][:300] if process.returncode else None,
    )


def read(line: str) -> Any:
    """A printed line as JSON or a Python literal, else as the text it is."""
    with contextlib.suppress(ValueError, RecursionError):
        return json.loads(line)
    with contextlib.suppress(ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return ast.literal_eval(line)
    return line


def asks(text: str) -> bool:
    """Whether a reply asks for anything."""
    return any(sign in text.casefold() for sign in _ASKING)


@contextlib.contextmanager
def ready(
    folder: Path | None, name: str, *, compare: bool
) -> Iterator[tuple[LlamaCpp, Library, texts.Runs]]:
    """The naive path's engine, the suite's library, and the pipeline where it is compared.

    Each path has an engine process of its own, so that neither empties the other's prompt cache.
    """
    from funcsmith.models import catalogue
    from funcsmith.models.llamacpp import LlamaCpp

    model, path = catalogue.ensure(name, settings())
    engine = LlamaCpp(
        path,
        model=model.name,
        sha256=model.sha256,
        threads=settings().threads,
        # The process must be this run's own, so it is not kept for another.
        keep_warm_seconds=0.0,
    )
    try:
        engine.start()
        if compare:
            with texts.opened(folder, name) as (runs, library):
                yield engine, library, runs
        else:
            with texts.opened(folder, name, lambda _settings, _library: _Idle()) as (idle, library):
                yield engine, library, idle
    finally:
        engine.close()


class _Idle:
    """Stands where the pipeline would, when only the naive path runs."""

    def run(self, request: Any) -> Any:
        raise NotImplementedError

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass


def _missing(row: Row, *, asked: bool, invented: bool, called: bool, got: Any) -> Row:
    count = len(row["missing"])
    kind = "ask" if asked else "parameters" if called else "function" if invented else "none"
    return {
        "right": asked and not invented,
        "asked": asked,
        "named": asked,
        "invented": invented,
        "values": count,
        "values_asked": count if asked else 0,
        "kind": kind,
        "got": got,
    }


def _shown(reply: Reply) -> list[dict[str, Any]]:
    return [{"function": name, "arguments": arguments} for name, arguments in reply.calls]


def _dated(row: Row, content: str) -> str:
    if not row.get("now"):
        return content
    moment = datetime.fromisoformat(row["now"])
    return f"Today is {moment:%A}, {moment:%Y-%m-%d}, {moment:%H:%M}.\n\n{content}"


def _arguments(said: Any) -> dict[str, Any]:
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except ValueError:
            return {}
    return said if isinstance(said, dict) else {}


def _written_calls(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Calls that stand in a text as JSON objects with a name and arguments."""
    decoder = json.JSONDecoder()
    place = text.find("{")
    while place >= 0:
        try:
            found, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            if isinstance(found, dict) and isinstance(found.get("name"), str):
                yield found["name"], _arguments(found.get("arguments", found.get("parameters")))
        place = text.find("{", end)


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _definitions(code: str) -> str:
    """The script without what it does at the top: imports, definitions, and constants."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    kept = [
        node
        for node in ast.parse(code).body
        if isinstance(node, kinds)
        or (isinstance(node, ast.Assign) and not any(map(_is_call, ast.walk(node))))
    ]
    return "\n".join(map(ast.unparse, kept))


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call)


def _end(process: subprocess.Popen[str]) -> None:
    """End the script with what it started."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


if __name__ == "__main__":
    main()
