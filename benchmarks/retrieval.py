"""Finding a text's functions among thousands: Seal-Tools' 4,076 functions, no model.

    FUNCSMITH_DATA=… python benchmarks/retrieval.py [--shown 5]

Every function becomes a file of a library (its name, description and parameters; a body that gives
nothing, since nothing is called). The queries of `dev` and, as the ranking was chosen on those, of
`test_in_domain` are searched as a text would be; most need several functions. The figure is the
mean share of a query's functions among the first five, beside plain BM25 over the same words. The
time is of `Library.search` with what it reads from the index, in one process, warm.
"""

from __future__ import annotations

import argparse
import dataclasses
import gzip
import hashlib
import json
import keyword
import math
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from funcsmith.evaluate import machine, report
from funcsmith.library import Library
from funcsmith.settings import settings

RESULT = Path(__file__).parent / "results" / "retrieval.json"
FOLDER = "seal_tools"
QUERIES = ("dev", "test_in_domain")
AT_LEAST, AT_MOST_MS = 0.93, 30.0
TYPES = {"str": "str", "int": "int", "float": "float", "bool": "bool"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--shown", type=int, default=5)
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    data = settings().data
    if data is None:
        raise SystemExit("FUNCSMITH_DATA names no folder: it has seal_tools/tool.jsonl.gz")
    result = measure(data / FOLDER, options.shown)
    report.write(result, options.out)
    for name, one in result["queries"].items():
        print(
            f"{name}: {one['share']:.3f} of {one['n']} queries' functions in the first"
            f" {options.shown} (plain BM25 {one['plain_bm25']:.3f}), median"
            f" {one['median_ms']:.1f} ms, 95th in 100 {one['p95_ms']:.1f} ms"
        )
    print(f"indexing {result['functions']} functions: {result['index_seconds']:.1f} s")
    print(f"written to {options.out}")
    dev = result["queries"]["dev"]
    raise SystemExit(0 if dev["share"] >= AT_LEAST and dev["median_ms"] <= AT_MOST_MS else 1)


def measure(folder: Path, shown: int) -> dict[str, Any]:
    """Index the functions, search every query."""
    tools = lines(folder / "tool.jsonl.gz")
    with tempfile.TemporaryDirectory(prefix="funcsmith-retrieval-") as home:
        written = Path(home) / "library"
        written.mkdir()
        names = {}
        for tool in tools:
            name = named(tool["api_name"])
            names[tool["api_name"]] = name
            (written / f"{name}.py").write_text(source(tool), "utf-8")
        library = Library.open(dataclasses.replace(settings(), home=Path(home), database_url=None))
        try:
            began = time.perf_counter()
            indexed = library.rebuild()
            index_seconds = time.perf_counter() - began
            assert indexed == len(names), (indexed, len(names))
            plain = bm25([f"{one['api_name']} {said(one)}" for one in tools])
            queries = {
                each: of_queries(
                    lines(folder / f"{each}.jsonl.gz"),
                    names,
                    lambda text: [saved.name for saved, _ in library.search(text, shown)],
                    lambda text: [named(tools[at]["api_name"]) for at in plain(text)[:shown]],
                )
                for each in QUERIES
            }
        finally:
            library.close()
    return {
        "functions": len(tools),
        "shown": shown,
        "queries": queries,
        "index_seconds": round(index_seconds, 2),
        "data": {
            f"{FOLDER}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()
            for path in (folder / f"{one}.jsonl.gz" for one in ("tool", *QUERIES))
        },
        "code": machine.code(),
        "date": machine.now(),
        "machine": machine.machine(),
    }


def of_queries(
    rows: Sequence[dict[str, Any]],
    names: dict[str, str],
    search: Callable[[str], Sequence[str]],
    plain: Callable[[str], Sequence[str]],
) -> dict[str, Any]:
    """The mean share of what each query needs that is found, and how long it took."""
    shares, plainly, seconds = [], [], []
    search(rows[0]["query"])
    for row in rows:
        wanted = {names[call["api"]] for call in row["calling"]}
        began = time.perf_counter()
        found = search(row["query"])
        seconds.append(time.perf_counter() - began)
        shares.append(len(wanted & set(found)) / len(wanted))
        plainly.append(len(wanted & set(plain(row["query"]))) / len(wanted))
    half = 1.96 * statistics.stdev(shares) / math.sqrt(len(shares))
    share = statistics.mean(shares)
    return {
        "n": len(rows),
        "share": round(share, 4),
        "interval": [round(share - half, 4), round(min(1.0, share + half), 4)],
        "plain_bm25": round(statistics.mean(plainly), 4),
        "median_ms": round(1000 * statistics.median(seconds), 2),
        "p95_ms": round(1000 * sorted(seconds)[int(0.95 * len(seconds))], 2),
    }


def bm25(documents: Sequence[str]) -> Callable[[str], list[int]]:
    """Plain Okapi BM25 (k1 1.2, b 0.75) over lower-case words; the places, best first."""
    words = [Counter(tokens(document)) for document in documents]
    usual = statistics.mean(sum(each.values()) for each in words)
    having = Counter(word for each in words for word in each)
    places: dict[str, list[tuple[int, float]]] = {}
    for at, each in enumerate(words):
        norm = 1.2 * (0.25 + 0.75 * sum(each.values()) / usual)
        for word, count in each.items():
            rare = math.log(1 + (len(words) - having[word] + 0.5) / (having[word] + 0.5))
            places.setdefault(word, []).append((at, rare * count * 2.2 / (count + norm)))

    def found(text: str) -> list[int]:
        scores: Counter[int] = Counter()
        for word in set(tokens(text)):
            for at, worth in places.get(word, ()):
                scores[at] += worth
        return sorted(scores, key=lambda at: -scores[at])

    return found


def tokens(text: str) -> list[str]:
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    return re.findall(r"[a-z0-9]+", parted.lower())


def said(tool: dict[str, Any]) -> str:
    parameters = tool["parameters"].items()
    return " ".join(
        [tool["api_description"], *(f"{n} {one.get('description', '')}" for n, one in parameters)]
    )


def named(api: str) -> str:
    """An identifier for a name that may be none.

    >>> named("createIn-AppMessage")
    'createIn_AppMessage'
    """
    name = re.sub(r"\W", "_", api)
    return f"{name}_" if keyword.iskeyword(name) else name


def source(tool: dict[str, Any]) -> str:
    """The function as a file of the library."""
    needed = set(tool.get("required") or ())
    given = sorted(tool["parameters"].items(), key=lambda one: one[0] not in needed)
    parts = [
        f"{named(name)}: {TYPES.get(one.get('type', ''), 'str')}"
        + ("" if name in needed else " = None")
        for name, one in given
    ]
    notes = [f"    {named(name)}: {plainly(one.get('description', ''))}" for name, one in given]
    return "\n".join(
        [
            f"def {named(tool['api_name'])}({', '.join(parts)}) -> dict:",
            f'    """{plainly(tool["api_description"])}',
            "",
            *notes,
            '    """',
            "    return {}",
            "",
        ]
    )


def plainly(text: str) -> str:
    return " ".join(text.replace("\\", " ").replace('"', "'").split())


def lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


if __name__ == "__main__":
    main()
