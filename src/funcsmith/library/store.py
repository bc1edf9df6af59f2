"""The index: what the files say, arranged so that a text finds its function; and the runs.

Everything but the runs and the counters can be made again from the files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from .database import Door, Row
from .saved import VERDICTS, Saved, dumps, now
from .sentences import Template, anchors, normalised, same_values, template
from .terms import TRANSLATED, terms, weighted

ARRANGEMENT = "5"
"""Raised when texts, templates or terms are indexed in another way: the index is then remade."""
_OF_FILES = ("functions", "texts", "templates", "terms", "marks")
"""The tables that say what the files say."""
OUTCOME_LIMIT = 1_000_000
TEXT_LIMIT = 10_000

_CHUNK = 400
_ENOUGH = 6_000
_CANDIDATES = 120
_ASKED = 1_000
_PRIOR = 100
"""So many functions are imagined beside the real ones, so that a small library's rare words do not
all look common."""
PARAMETER = 0.7
"""What a term of a parameter counts beside one of the name or the summary: more than a translated
one, so that a function in the text's own language comes first."""

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """A text that was answered, and what came of it."""

    id: int
    at: str
    text: str
    function: str | None
    kind: str | None
    status: str | None
    seconds: float | None
    prompt_tokens: int | None
    generated_tokens: int | None
    model_calls_avoided: int | None
    outcome: str | None
    """The outcome's JSON; None if it was too large to keep."""
    detect_seconds: float | None = None
    generate_seconds: float | None = None
    execute_seconds: float | None = None
    isolation: str | None = None
    """The kind of fence that the last call ran in."""
    model: str | None = None


class Store:
    """The queries, one method each."""

    def __init__(self, door: Door, folder: Path) -> None:
        self.door = door
        self._folder = folder

    def stamps(self) -> dict[str, str]:
        """Every indexed file with the stamp it had."""
        return {str(f): str(s) for f, s in self.door.rows("SELECT file, stamp FROM functions")}

    def put(self, functions: Iterable[tuple[Saved, str]], gone: Iterable[str] = ()) -> None:
        """Index functions with their stamps, and forget those that are gone."""
        with self.door.writing():
            for file in gone:
                self._forget(file)
            for saved, stamp in functions:
                self._forget(saved.file)
                self._insert(saved, stamp)

    def clear(self) -> None:
        """Forget every function."""
        with self.door.writing():
            for table in _OF_FILES:
                self.door.execute(f"DELETE FROM {table}")
            self.set("arrangement", ARRANGEMENT)

    def renew(self, functions: Sequence[tuple[Saved, str]]) -> None:
        """The whole index anew, in one transaction: nobody sees a part of it."""
        with self.door.writing():
            self.clear()
            for saved, stamp in functions:
                self._insert(saved, stamp)

    def by_name(self, name: str) -> list[Saved]:
        found = self._saved("WHERE name = :name", {"name": storable(name)})
        return sorted(found, key=lambda saved: saved.file)

    def by_file(self, file: str) -> Saved | None:
        return next(iter(self._saved("WHERE file = :file", {"file": file})), None)

    def all(self) -> list[Saved]:
        # Sorted here: databases differ in how they order characters.
        return sorted(self._saved("", {}), key=lambda saved: (saved.name, saved.file))

    def names(self) -> list[str]:
        return sorted(str(name) for (name,) in self.door.rows("SELECT name FROM functions"))

    def by_text(self, text: str) -> tuple[Saved, str, dict[str, Any] | None] | None:
        """The function that was saved for this text last, its stamp and its arguments."""
        found = self.door.rows(
            "SELECT f.saved, f.stamp, t.text, t.arguments FROM texts t "
            "JOIN functions f ON f.file = t.file "
            "WHERE t.digest = :digest AND f.broken IS NULL ORDER BY t.at DESC",
            {"digest": digest(normalised(text))},
        )
        for saved, stamp, old, written in found:
            arguments = json.loads(written) if written else None
            if same_values(old, storable(text), arguments):
                return Saved.from_row(saved, self._folder), str(stamp), arguments
        return None

    def by_template(self, text: str) -> list[tuple[str, dict[str, tuple[int, int]]]]:
        """The files whose templates fit the text, the most telling and newest first."""
        found: list[tuple[int, str, str, dict[str, tuple[int, int]]]] = []
        for file, at, written in self._in(
            "SELECT t.file, t.at, t.template FROM templates t "
            "JOIN functions f ON f.file = t.file WHERE f.broken IS NULL AND t.anchor IN",
            sorted(map(storable, anchors(text))),
        ):
            names, fixed = json.loads(written)
            wanted = Template(tuple(names), tuple(fixed))
            spans = wanted.match(text)
            if spans:
                found.append((wanted.weight, str(at), str(file), spans))
        found.sort(key=lambda item: item[:3], reverse=True)
        return [(file, spans) for _, _, file, spans in found]

    def search(self, text: str, limit: int) -> list[tuple[Saved, float]]:
        """The functions that share the text's informative terms; 1 means all of them.

        A term counts by its rarity, and less where a function has it only in a parameter or in the
        other language. Of equal ones the better verdict and the fewer other words win. A text may
        need several functions: behind the first, terms that one before had count less.
        """
        wanted = dict(sorted(terms(text[:TEXT_LIMIT]).items())[:300])
        if not wanted:
            return []
        # Not at import: a text that is known needs neither.
        from .lexicon import meanings
        from .ranking import had_of, rarities, spread

        known = [meaning for meaning in meanings(text[:TEXT_LIMIT]) if meaning.own & wanted.keys()]
        asked = dict.fromkeys(wanted)
        for meaning in known:
            asked |= dict.fromkeys(term for other in meaning.others for term in other)
        total = int(self.door.rows("SELECT COUNT(*) FROM functions")[0][0]) + _PRIOR
        counted = "SELECT term, COUNT(*) FROM terms WHERE term IN"
        common = {
            str(t): int(n) for t, n in self._in(counted, list(asked)[:_ASKED], " GROUP BY term")
        }
        rarity = rarities(wanted, known, common, total)
        reaching = {term: rarity[term] for term in common if term in rarity}
        for meaning in known:
            worth = TRANSLATED * sum(rarity.get(term, 0.0) for term in meaning.own)
            for other in meaning.others:
                for term in other:
                    if term in common:
                        reaching[term] = max(reaching.get(term, 0.0), worth / len(other))
        files = self._candidates(common, reaching)
        if not files:
            return []
        there: dict[str, dict[str, float]] = {file: {} for file in files}
        for file, term, counts in self._both_in(files, list(common)):
            there[file][term] = counts
        whole = sum(rarity.values())
        # Most words of the other language stand in no function at all.
        known = [
            meaning._replace(others=others)
            for meaning in known
            if (others := tuple(o for o in meaning.others if not common.keys().isdisjoint(o)))
        ]
        had = {file: had_of(there[file], rarity, known) for file in files}
        score = {
            file: sum(rarity[term] * weight for term, weight in had[file].items()) / whole
            for file in files
        }
        about = {
            str(file): (int(words), VERDICTS.index(verdict))
            for file, words, verdict in self._in(
                "SELECT file, words, verdict FROM functions WHERE file IN", files
            )
        }
        said = {
            f: (1 + 0.01 * verdict) / (1 + 0.005 * words) for f, (words, verdict) in about.items()
        }
        order = sorted(files, key=lambda f: (round(-score[f], 2), -score[f] * said[f], f))
        words = {file: about[file][0] for file in files}
        chosen = spread(order, had, rarity, words, limit)
        order = [file for file in order if file in chosen]
        rows = self._in("SELECT file, saved FROM functions WHERE file IN", order)
        saved = {str(file): Saved.from_row(row, self._folder) for file, row in rows}
        return [(saved[file], min(1.0, score[file])) for file in order]

    def by_meaning(self, key: str) -> list[Saved]:
        """Functions with a text of the same concepts; at most 50."""
        return self._marked("means", digest(key), limit=50)

    def using(self, name: str) -> list[Saved]:
        """The functions whose source uses a name that it does not define."""
        return self._marked("needs", digest(name))

    def behaving(self, key: str) -> list[Saved]:
        """The functions whose fingerprint is this one."""
        return self._marked("does", key)

    def mark_behaviour(self, file: str, key: str) -> None:
        """Find a function by its fingerprint from now on, until its files change."""
        with self.door.writing():
            self.door.execute(
                "INSERT INTO marks (kind, key, file) VALUES ('does', :key, :file) "
                "ON CONFLICT (kind, key, file) DO NOTHING",
                {"key": key, "file": file},
            )

    def shared_behaviours(self) -> list[list[Saved]]:
        """The functions that share a fingerprint, those of each together."""
        rows = self.door.rows(
            "SELECT key FROM marks WHERE kind = 'does' GROUP BY key HAVING COUNT(*) > 1"
        )
        return [self._marked("does", key) for key in sorted(str(key) for (key,) in rows)]

    def remember_run(self, run: Run, kept: int, most_bytes: int) -> None:
        """Keep a run, and let go of the oldest beyond so many runs or bytes of text and outcome."""
        size = len(run.text.encode()) + len((run.outcome or "").encode())
        if size > most_bytes:
            run, size = replace(run, outcome=None), len(run.text.encode())
        names = [key for key in vars(run) if key != "id"]
        with self.door.writing():
            self.door.execute(
                f"INSERT INTO runs ({', '.join(names)}, bytes) "
                f"VALUES ({', '.join(f':{name}' for name in names)}, :bytes)",
                {**{name: getattr(run, name) for name in names}, "bytes": size},
            )
            self._count("run_bytes", size)
            over = int(self.get("run_bytes") or 0) - most_bytes
            [(newest, oldest)] = self.door.rows("SELECT MAX(id), MIN(id) FROM runs")
            if newest - oldest >= kept or over > 0:
                self._let_go(int(newest) - kept, over, int(newest))
            self._count("runs", 1)
            self._count("model_calls_avoided", run.model_calls_avoided or 0)

    def runs(self, limit: int) -> list[Run]:
        """The latest runs, newest first."""
        names = ", ".join(Run.__dataclass_fields__)
        rows = self.door.rows(
            f"SELECT {names} FROM runs ORDER BY id DESC LIMIT :limit", {"limit": limit}
        )
        return [Run(*row) for row in rows]

    def _let_go(self, last: int, over: int, newest: int) -> None:
        """Forget the oldest runs: those up to `last`, and more until so many bytes are free."""
        freed = 0
        gone: list[Row] = [(0, 0)]
        while gone:
            oldest = self.door.rows(
                "SELECT id, bytes FROM runs WHERE id < :newest ORDER BY id LIMIT 50",
                {"newest": newest},
            )
            gone = []
            for each, size in oldest:
                if each > last and freed >= over:
                    break
                gone.append((each, size))
                freed += int(size or 0)
            if gone:
                self.door.execute("DELETE FROM runs WHERE id <= :id", {"id": gone[-1][0]})
        self._count("run_bytes", -freed)

    def stats(self) -> dict[str, int]:
        """How many functions, runs and model calls avoided there are in all."""
        functions = self.door.rows("SELECT COUNT(*), COUNT(broken) FROM functions")[0]
        return {
            "functions": int(functions[0]) - int(functions[1]),
            "broken": int(functions[1]),
            "texts": int(self.door.rows("SELECT COUNT(*) FROM texts")[0][0]),
            "runs": int(self.get("runs") or 0),
            "model_calls_avoided": int(self.get("model_calls_avoided") or 0),
        }

    def get(self, key: str) -> str | None:
        found = self.door.rows("SELECT value FROM meta WHERE key = :key", {"key": key})
        return str(found[0][0]) if found else None

    def set(self, key: str, value: str) -> None:
        self.door.execute(
            "INSERT INTO meta (key, value) VALUES (:key, :value) "
            "ON CONFLICT (key) DO UPDATE SET value = :value",
            {"key": key, "value": value},
        )

    def _count(self, key: str, more: int) -> None:
        self.door.execute(
            "INSERT INTO meta (key, value) VALUES (:key, :first) ON CONFLICT (key) DO UPDATE "
            "SET value = CAST(CAST(meta.value AS INTEGER) + :more AS VARCHAR(40))",
            {"key": key, "first": str(more), "more": more},
        )

    def _insert(self, saved: Saved, stamp: str) -> None:
        found = {} if saved.broken else weighted(_fields(saved))
        self.door.execute(
            "INSERT INTO functions (file, name, stamp, words, verdict, broken, saved) "
            "VALUES (:file, :name, :stamp, :words, :verdict, :broken, :saved)",
            {
                "file": saved.file,
                "name": saved.name,
                "stamp": stamp,
                "words": len(found),
                "verdict": saved.verdict,
                "broken": storable(saved.broken) if saved.broken else None,
                "saved": saved.to_row(),
            },
        )
        if saved.broken:
            return
        texts: dict[str, dict[str, Any]] = {}
        templates: dict[str, dict[str, Any]] = {}
        for origin in sorted(saved.origins, key=lambda o: o.at):
            arguments = dumps(origin.arguments) if origin.arguments is not None else None
            key = digest(normalised(origin.text))
            texts[key] = {
                "digest": key,
                "file": saved.file,
                "at": origin.at[:40],
                "text": storable(origin.text),
                "arguments": arguments,
            }
            wanted = template(origin.template) if origin.template else None
            if origin.template and wanted:
                key = digest("\0".join((*wanted.fixed, *wanted.names)))
                templates[key] = {
                    "digest": key,
                    "file": saved.file,
                    "anchor": storable(wanted.anchor),
                    "at": origin.at[:40],
                    "template": dumps([wanted.names, wanted.fixed]),
                }
        if texts:
            self.door.execute_many(
                "INSERT INTO texts (digest, file, at, text, arguments) "
                "VALUES (:digest, :file, :at, :text, :arguments)",
                list(texts.values()),
            )
        if templates:
            self.door.execute_many(
                "INSERT INTO templates (digest, file, anchor, at, template) "
                "VALUES (:digest, :file, :anchor, :at, :template)",
                list(templates.values()),
            )
        if marks := _marks(saved):
            self.door.execute_many(
                "INSERT INTO marks (kind, key, file) VALUES (:kind, :key, :file)",
                [{"kind": kind, "key": key, "file": saved.file} for kind, key in marks],
            )
        if found:
            self.door.execute_many(
                "INSERT INTO terms (term, file, weight) VALUES (:term, :file, :weight)",
                [
                    {"term": term, "file": saved.file, "weight": weight}
                    for term, weight in found.items()
                    if len(term) <= 60
                ],
            )

    def _forget(self, file: str) -> None:
        for table in _OF_FILES:
            self.door.execute(f"DELETE FROM {table} WHERE file = :file", {"file": file})

    def _marked(self, kind: str, key: str, limit: int = 10_000) -> list[Saved]:
        """The usable functions with a mark, by their names; of more than `limit` the first files."""
        found = self._saved(
            "WHERE broken IS NULL AND file IN (SELECT file FROM marks "
            "WHERE kind = :kind AND key = :key ORDER BY file LIMIT :limit)",
            {"kind": kind, "key": key, "limit": limit},
        )
        return sorted(found, key=lambda saved: (saved.name, saved.file))

    def _saved(self, where: str, parameters: dict[str, Any]) -> list[Saved]:
        rows = self.door.rows(f"SELECT saved FROM functions {where}", parameters)
        return [Saved.from_row(row, self._folder) for (row,) in rows]

    def _candidates(self, common: dict[str, int], worth: dict[str, float]) -> list[str]:
        """The functions worth scoring, found by their rarest terms first."""
        reached: dict[str, float] = {}
        seen = 0
        for term in sorted(common, key=lambda term: (common[term], -worth[term])):
            if seen and seen + common[term] > _ENOUGH:
                break
            seen += common[term]
            for (file,) in self.door.rows(
                "SELECT file FROM terms WHERE term = :t LIMIT 20000", {"t": term}
            ):
                reached[file] = reached.get(file, 0.0) + worth[term]
        return sorted(reached, key=lambda f: -reached[f])[:_CANDIDATES]

    def _both_in(self, files: Sequence[str], wanted: Sequence[str]) -> list[Row]:
        named = {f"f{i}": file for i, file in enumerate(files)}
        listed = ", ".join(f":{key}" for key in named)
        return [
            row
            for start in range(0, len(wanted), _CHUNK)
            for row in self.door.rows(
                f"SELECT file, term, weight FROM terms WHERE file IN ({listed}) AND term IN ("
                + ", ".join(f":t{i}" for i in range(len(wanted[start : start + _CHUNK])))
                + ")",
                named | {f"t{i}": t for i, t in enumerate(wanted[start : start + _CHUNK])},
            )
        ]

    def _in(self, sql: str, values: Sequence[str], after: str = "") -> list[Row]:
        """Rows of a query that ends in `IN`, however many values there are."""
        found: list[Row] = []
        for start in range(0, len(values), _CHUNK):
            named = {f"v{i}": value for i, value in enumerate(values[start : start + _CHUNK])}
            listed = ", ".join(f":{key}" for key in named)
            found += self.door.rows(f"{sql} ({listed}){after}", named)
        return found


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def storable(text: str) -> str:
    """Text that every database can hold: lone surrogates and null characters written out."""
    if text.isascii() and "\0" not in text:
        return text
    return "".join(
        f"\\u{ord(c):04x}" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text
    )


def run_of(outcome_json: str, text: str) -> Run:
    """A run as it is kept, read from the outcome's JSON."""
    try:
        outcome = json.loads(outcome_json)
    except ValueError:
        outcome = {}
    outcome = outcome if isinstance(outcome, dict) else {}
    calls = [call for call in outcome.get("calls") or [] if isinstance(call, dict)]
    called = calls[-1].get("function") if calls else None
    name = _at(outcome, "function", "name", str) or called
    seconds = outcome.get("seconds")
    took = seconds if isinstance(seconds, dict) else {}
    result = outcome.get("result")
    fence = result if isinstance(result, dict) else {}
    return Run(
        id=0,
        at=now(),
        text=storable(text[:TEXT_LIMIT]),
        function=storable(name) if isinstance(name, str) else None,
        kind=_at({"": outcome}, "", "kind", str),
        status=_at(outcome, "result", "status", str),
        seconds=sum(map(float, took.values())) if isinstance(seconds, dict) else None,
        detect_seconds=_at({"": took}, "", "detect", float),
        generate_seconds=_at({"": took}, "", "generate", float),
        execute_seconds=_at({"": took}, "", "execute", float),
        isolation=_at(fence, "isolation", "kind", str),
        model=_at({"": outcome}, "", "model", str),
        prompt_tokens=_at(outcome, "tokens", "prompt", int),
        generated_tokens=_at(outcome, "tokens", "generated", int),
        model_calls_avoided=_at(outcome, "cost", "model_calls_avoided", int),
        outcome=storable(outcome_json) if len(outcome_json) <= OUTCOME_LIMIT else None,
    )


def _marks(saved: Saved) -> list[tuple[str, str]]:
    """What a function is found by that is no word: what its texts mean, and what it calls."""
    from .graph import needs
    from .meaning import meaning_of

    texts = [*(origin.template or origin.text for origin in saved.origins), saved.summary]
    keys = {meaning_of(text[:TEXT_LIMIT]).key for text in texts if text}
    means = [("means", digest(key)) for key in sorted(keys) if key]
    return [*means, *(("needs", digest(name)) for name in needs(saved.source))]


def _at(outcome: dict[str, Any], outer: str, inner: str, kind: type[T]) -> T | None:
    value = outcome.get(outer)
    found = value.get(inner) if isinstance(value, dict) else None
    return found if isinstance(found, kind) else None


def _fields(saved: Saved) -> list[tuple[str, float]]:
    """What a function is found by, and how much each part counts."""
    properties: dict[str, Any] = saved.parameters.get("properties", {})
    said = " ; ".join(str(schema.get("description", "")) for schema in properties.values())
    return [
        (saved.name.replace("_", " "), 1.0),
        *((alias, 1.0) for alias in saved.aliases),
        *((text[:TEXT_LIMIT], 1.0) for text in saved.texts),
        (saved.summary, 1.0),
        (saved.description, 0.9),
        (" ".join(properties).replace("_", " "), PARAMETER),
        (said, PARAMETER),
    ]
