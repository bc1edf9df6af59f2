"""The naive path over benchmarks/data: the file pasted into the chat, and what comes is run.

    python benchmarks/naive_data.py                    the naive path alone
    python benchmarks/naive_data.py --compare          beside funcsmith: one run, row by row
    python benchmarks/naive_data.py --part development

One chat turn holds the names and contents of the files (a workbook as its first sheet in CSV) and
the text: "Write Python code that answers this and prints only the result." The code runs in a plain
`python -I`, WITHOUT A FENCE, in a folder in which the files lie under their names.

In doubt the naive path gets the benefit: of several blocks the last one runs and, if that fails or
prints nothing, all of them together; numpy and pandas may be used where they are installed; what is
printed counts as its last line reads, as all of it reads together, or as rows of cells. A file that
does not fit into the model's context is a wrong answer, as it would be for its user.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import re
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import naive

from funcsmith.evaluate import data, measurement, texts
from funcsmith.evaluate.data_judge import data_right
from funcsmith.evaluate.measurement import Way
from funcsmith.evaluate.rows import Row
from funcsmith.settings import settings
from funcsmith.tables.encodings import encoding_of

PATH = naive.PATH
PROMPT = (
    "{files}\n\nToday is 2024-06-30. Write Python code that answers the following about the data "
    "above and prints only the result.\n\n{text}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--compare", action="store_true", help="run funcsmith beside it")
    parser.add_argument("--model", help="name in the catalogue, or a GGUF file")
    parser.add_argument("--limit", type=int, help="a seeded stratified sample of so many rows")
    parser.add_argument("--part", nargs="+", choices=data.PARTS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="default: benchmarks/results/data-….json")
    options = parser.parse_args()
    with measurement.as_command():
        result = measure(
            compare=options.compare,
            model=options.model,
            limit=options.limit,
            groups=options.part,
            seed=options.seed,
            folder=data.find_folder(),
            out=options.out,
        )
    print(naive.readable(result))


def measure(
    *,
    compare: bool,
    model: str | None,
    limit: int | None,
    groups: Sequence[str] | None,
    seed: int,
    folder: Path,
    out: Path | None,
) -> dict[str, Any]:
    """Run one path or both, and write the result file; the same call goes on where it stopped."""
    name = model or settings().model
    chosen = texts.sample(data.read_rows(folder, groups), limit, seed)
    facts = data.facts_of(folder, name, seed)
    stem = f"data-{'compare' if compare else PATH}-{facts['model']}"
    out = out or texts.default_out(folder, stem, limit=limit, groups=groups)
    script = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    facts |= {"naive": {"sha256": script, "prompt": PROMPT, "max_tokens": naive.MAX_TOKENS}}

    @contextlib.contextmanager
    def ways() -> Iterator[dict[str, Way]]:
        with naive.ready(None, name, compare=compare) as (engine, library, runs):
            plain = NaiveData(engine, library, seed=seed)
            yield {
                PATH: lambda row: plain.measured_over(row, folder),
                texts.PATH: lambda row: data.measured(row, runs, folder, seed=seed),
            }

    return naive.beside(
        data.SUITE,
        facts,
        chosen,
        compare=compare,
        ways=ways,
        about={"limit": limit, "groups": list(groups or ())},
        out=out,
    )


class NaiveData(naive.Naive):
    """The naive path on one engine, over files."""

    def measured_over(self, row: Row, folder: Path) -> Row:
        """Run one row and judge what came, in the form of funcsmith's records."""
        return self.recorded(data.heading(row), partial(self._judged_over, row, folder))

    def _judged_over(self, row: Row, folder: Path, replies: list[naive.Reply]) -> Row:
        contents = {file: (folder / "files" / file).read_bytes() for file in row["files"].values()}
        pasted = "\n\n".join(
            f"{name}:\n{pasted_text(name, said)}" for name, said in contents.items()
        )
        reply = self._turn(PROMPT.format(files=pasted, text=row["text"]), replies)
        code = naive.blocks(reply.text)
        printed = naive.run_blocks(code, contents)
        right = printed.ok and any(data_right(one, row) for one in readings(printed.stdout))
        return {
            "right": right,
            "kind": "function" if code else "none",
            "got": printed.stdout.strip()[-1000:],
            "error": printed.error,
        }


def pasted_text(name: str, content: bytes) -> str:
    """A file as its user sees and pastes it."""
    if name.endswith(".xlsx"):
        import openpyxl

        sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
        return "\n".join(
            ",".join("" if cell is None else str(cell) for cell in row)
            for row in sheet.iter_rows(values_only=True)
        )
    return content.decode(encoding_of(content) or "utf-8").strip()


def readings(stdout: str) -> Iterator[Any]:
    """What a printed answer may mean: its last line, all of it, a list of lines, rows of cells."""
    lines = [line.strip() for line in stdout.splitlines() if line.strip()]
    if not lines:
        return
    yield naive.read(lines[-1])
    yield lines[-1]
    yield naive.read(stdout.strip())
    values = [naive.read(line) for line in lines]
    yield values
    rows = [[naive.read(cell) for cell in _cells(line)] for line in lines]
    for some in (rows, rows[1:], rows[:-1], rows[1:-1]):
        yield some
        yield [row[1:] for row in some]  # behind the numbers that pandas writes before rows
    number = re.findall(r"-?\d+(?:\.\d+)?", lines[-1].replace(",", ""))
    if len(number) == 1:  # "Total: 42"
        yield naive.read(number[0])
    _, colon, said = lines[-1].replace("：", ":").rpartition(":")
    if colon:
        yield naive.read(said.strip())


def _cells(line: str) -> list[str]:
    parts = re.split(r"\s*[,:：，|\t]\s*|\s{2,}", line.strip("()[]{}"))
    cells = [part.strip().strip("'\"") for part in parts if part.strip()]
    return cells if len(cells) > 1 else line.split()


if __name__ == "__main__":
    main()
