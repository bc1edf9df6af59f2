"""The library under `kill -9`, and under a hundred processes at once, on each database.

    python benchmarks/crash.py [--databases sqlite postgresql] [--kills 200] [--processes 100]

Kills: a writer opens one home, adds, changes, rolls back and removes functions and remembers runs.
It says what it begins and, once the library has returned, that it is done. After a random number of
answers and a random moment more it is killed with SIGKILL; the next writer opens the same home.
After each kill another process opens the library and holds it against what was said: what was done is
there, what was begun is there wholly or not at all. At the end every file is read, and the index is
made again and compared.

At once: so many processes open one home together, each adds functions, finds its own again by their
texts, reads those of others and remembers runs. None may fail, none may miss anything.

Writers are forked from this process after it has imported what they need: that costs no start-up, and
takes nothing of the home along. The kills are of the writer alone; the server of PostgreSQL, started
by postgres.py with its usual settings, lives on.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import random
import signal
import statistics
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import postgres

from funcsmith.evaluate import machine, report
from funcsmith.library import Library, database, files, schema, server  # noqa: F401 - before forks
from funcsmith.settings import Settings, settings

RESULT = Path(__file__).parent / "results" / "crash.json"
ACTS = ("add", "text", "replace", "rollback", "remove", "run")
EACH = 3
"""Functions that each of the processes at once adds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--processes", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop the kills then")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULT)
    chosen = parser.parse_args()
    result: dict[str, Any] = {"databases": {}}
    code = machine.code()
    for name in chosen.databases:
        with ExitStack() as held:
            url = None
            if name == "postgresql":
                url = held.enter_context(postgres.running("")).url
            one = result["databases"][name] = {}
            for what, measure, count in (
                ("kills", killed, chosen.kills),
                ("at_once", at_once, chosen.processes),
            ):
                home = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="crash-")))
                own = dataclasses.replace(settings(), home=home, database_url=url, runs_kept=10**6)
                one[what] = measure(own, count, chosen.seed, chosen.seconds)
                print(f"{name} {what}: {json.dumps(one[what], ensure_ascii=False)}", flush=True)
                # After each part: what was measured stays, whatever comes of the next.
                result |= {"code": code, "date": machine.now(), "machine": machine.machine()}
                report.write(result, chosen.out)
    print(f"written to {chosen.out}")
    raise SystemExit(any(one[w]["wrong"] for one in result["databases"].values() for w in one))


# Kills


def killed(own: Settings, count: int, seed: int, seconds: float) -> dict[str, Any]:
    """Kill so many writers; what was lost, half-written or unreadable afterwards."""
    moments = random.Random(seed)
    done: dict[int, list[str]] = {}
    begun: dict[int, str] = {}
    wrong: list[str] = []
    interrupted: Counter[str] = Counter()
    began = time.perf_counter()
    attempt = 0
    while attempt < count and time.perf_counter() < began + seconds:
        said = _killed_writer(own, attempt * 101, moments)
        for word, act, number in said:
            if word == "done":
                done.setdefault(number, []).append(act)
                begun.pop(number, None)
            else:
                begun[number] = act
        if said and said[-1][0] == "begin":
            interrupted[said[-1][1]] += 1
        numbers = {number for _, _, number in said}
        wrong += _in_child(lambda numbers=numbers: _missing(own, numbers, done, begun))
        attempt += 1
    wrong += _in_child(lambda: _whole(own, done, begun))
    return {
        "kills": attempt,
        "acknowledged": dict(Counter(act for acts in done.values() for act in acts)),
        "killed_within": dict(interrupted),
        "wrong": wrong[:20],
        "seconds": round(time.perf_counter() - began, 1),
    }


def _killed_writer(own: Settings, start: int, moments: random.Random) -> list[tuple[str, str, int]]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _child(lambda: _write(own, start, lambda line: os.write(writing, f"{line}\n".encode())))
    os.close(writing)
    answers, said = moments.randrange(8), b""
    while said.count(b"done") < answers and (block := os.read(reading, 65536)):
        said += block
    time.sleep(moments.uniform(0, 0.05))
    os.kill(pid, signal.SIGKILL)
    while block := os.read(reading, 65536):
        said += block
    os.close(reading)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, f"the writer ended by itself: {status}"
    lines = [line.split() for line in said.decode().splitlines(keepends=True) if line[-1] == "\n"]
    return [(word, act, int(number)) for word, act, number in lines]


def _write(own: Settings, start: int, say: Callable[[str], Any]) -> None:
    library = Library.open(own)
    for number in range(start, start + 100):
        for act in ACTS:
            if _skips(act, number):
                continue
            say(f"begin {act} {number}")
            _act(library, act, number)
            say(f"done {act} {number}")


def _skips(act: str, number: int) -> bool:
    return (
        (act == "text" and number % 2 == 1)
        or (act in ("replace", "rollback") and number % 3 == 2)
        or (act == "rollback" and number % 3 == 1)
        or (act == "remove" and number % 5 != 4)
    )


def _act(library: Library, act: str, number: int) -> None:
    name = f"f{number}"
    fact = [{"kind": "example", "call": f"{name}(1)", "expected": str(number + 1)}]
    if act == "add":
        library.add(
            _source(number, "+"), text=_text(number, "加"), sample={"x": number},
            verdict="tested", evidence=fact,
        )  # fmt: skip
    elif act == "text":
        library.add_text(name, _text(number, "再加"), sample={"x": number})
    elif act == "replace":
        library.add(_source(number, "-"), text=_text(number, "减"), verdict="runs", replace=True)
    elif act == "rollback":
        library.rollback(name)
    elif act == "remove":
        library.remove(name)
    else:
        library.remember_run(json.dumps({"kind": "function"}), f"run {number}")


def _source(number: int, sign: str) -> str:
    return (
        f'def f{number}(x: int) -> int:\n    """第 {number} 个。"""\n    return x {sign} {number}\n'
    )


def _text(number: int, verb: str) -> str:
    return f"把它{verb}上第 {number} 号数"


State = tuple[str, str, int, tuple[str, ...]] | None
"""Source, verdict, facts and texts of a function; None where it is not there."""


def _state(number: int, acts: list[str]) -> State:
    """What the library has to say of a function after these acts."""
    if "add" not in acts or "remove" in acts:
        return None
    if "replace" in acts and "rollback" not in acts:
        return _source(number, "-"), "runs", 0, (_text(number, "减"),)
    more = (_text(number, "再加"),) if "text" in acts else ()
    return _source(number, "+"), "tested", 1, (_text(number, "加"), *more)


def _allowed(number: int, done: dict[int, list[str]], begun: dict[int, str]) -> list[State]:
    acts = done.get(number, [])
    after = [_state(number, acts)]
    if number in begun:
        after.append(_state(number, [*acts, begun[number]]))
    return after


def _missing(
    own: Settings, numbers: set[int], done: dict[int, list[str]], begun: dict[int, str]
) -> list[str]:
    library = Library.open(own)
    library.refresh(now=True)
    there = {saved.name: saved for saved in library.list()}
    wrong = _wrong(there, numbers, done, begun)
    for number in numbers:
        state = _allowed(number, done, begun)
        if len(state) == 1 and state[0] is not None:
            for text in state[0][3]:
                found = library.find_text(text)
                if found is None or found[0].name != f"f{number}":
                    wrong.append(f"{text}: not found")
    runs = {run.text for run in library.runs(3000)}
    for number in numbers:
        if "run" in done.get(number, []) and f"run {number}" not in runs:
            wrong.append(f"run {number}: lost")
    return wrong


def _wrong(
    there: dict[str, Any], numbers: set[int], done: dict[int, list[str]], begun: dict[int, str]
) -> list[str]:
    wrong = []
    for number in numbers:
        saved = there.get(f"f{number}")
        state: State = None
        if saved is not None:
            if saved.broken or saved.edited or saved.warning:
                wrong.append(f"f{number}: half-written: {saved.problem or saved.warning}")
            state = (saved.source, saved.verdict, len(saved.evidence), saved.texts)
        if state not in _allowed(number, done, begun):
            wrong.append(f"f{number}: {state} after {done.get(number)}, begun {begun.get(number)}")
    return wrong


def _whole(own: Settings, done: dict[int, list[str]], begun: dict[int, str]) -> list[str]:
    """Every function, run, record and version, and the index made again."""
    library = Library.open(own)
    library.add("def last() -> int:\n    return 1\n")  # a writer clears what the killed ones left
    library.refresh(now=True)
    before = [saved.record() for saved in library.list()]
    wrong = _wrong({s.name: s for s in library.list()}, {*done, *begun}, done, begun)
    wrong += [] if library.rebuild() == len(before) else ["the index made again has another size"]
    if [saved.record() for saved in library.list()] != before:
        wrong.append("the index made again says something else")
    folder = own.home / "library"
    for path in folder.glob("*.json"):
        json.loads(path.read_text("utf-8"))
        if not path.with_suffix(".py").exists():
            wrong.append(f"{path.name} is alone")
    for path in (folder / ".versions").glob("*/"):
        if path.is_dir() and len(library.folder.versions.all(path.name)) != len(
            list(path.iterdir())
        ):
            wrong.append(f"a version of {path.name} cannot be read")
    if any((folder / ".writing").iterdir()):
        wrong.append("unfinished files are left")
    runs = Counter(run.text for run in library.runs(10**6))
    wrong += [f"{text}: {n} times" for text, n in runs.items() if n > 1]
    wanted = {f"run {number}" for number, acts in done.items() if "run" in acts}
    return wrong + sorted(wanted - set(runs))


# At once


def at_once(own: Settings, count: int, _: int, __: float) -> dict[str, Any]:
    """So many processes on one home; what failed or was lost."""
    ready, go = os.pipe()
    began = time.perf_counter()
    children = []
    for number in range(count):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os.close(go)
            os.read(ready, 1)  # until all are there
            _child(lambda number=number: _join(own, number), writing)
        os.close(writing)
        children.append((pid, reading))
    os.close(go)
    os.close(ready)
    seconds: list[float] = []
    wrong: list[str] = []
    for pid, reading in children:
        with os.fdopen(reading, encoding="utf-8") as file:
            said = file.read()
        _, status = os.waitpid(pid, 0)
        if status or not said:
            wrong.append(f"a process ended with {status}: {said[-300:]}")
        else:
            found = json.loads(said)
            wrong += found["wrong"]
            seconds += found["seconds"]
    wrong += _in_child(lambda: _joined(own, count))
    return {
        "processes": count,
        "functions": count * EACH,
        "wrong": wrong[:20],
        "add_seconds": {
            "median": round(statistics.median(seconds), 3) if seconds else None,
            "longest": round(max(seconds), 3) if seconds else None,
        },
        "seconds": round(time.perf_counter() - began, 1),
    }


def _join(own: Settings, number: int) -> dict[str, Any]:
    library = Library.open(own)
    wrong: list[str] = []
    seconds: list[float] = []
    for which in range(number * EACH, number * EACH + EACH):
        began = time.perf_counter()
        _act(library, "add", which)
        seconds.append(time.perf_counter() - began)
        found = library.find_text(_text(which, "加"))
        if found is None or found[0].name != f"f{which}":
            wrong.append(f"f{which} was not found by who added it")
        for saved, _ in library.search(f"第 {max(0, which - EACH)} 个", 3):
            if saved.broken or saved.verdict != "tested":
                wrong.append(f"{saved.name} was seen half-written")
        _act(library, "run", which)
    library.close()
    return {"wrong": wrong, "seconds": seconds}


def _joined(own: Settings, count: int) -> list[str]:
    library = Library.open(own)
    done = {number: ["add", "run"] for number in range(count * EACH)}
    wrong = _whole(own, done, {})
    if library.stats()["runs"] != count * EACH:
        wrong.append(f"{library.stats()['runs']} runs are counted")
    return wrong


def _child(do: Callable[[], Any], answer: int | None = None) -> None:
    """Do it in this forked process and end: nothing of the parent's is run down."""
    try:
        said = do()
        if answer is not None:
            with os.fdopen(answer, "w", encoding="utf-8") as file:
                json.dump(said, file)
    except BaseException:  # noqa: BLE001 - the parent is told
        if answer is not None:
            os.write(answer, traceback.format_exc().encode())
        else:
            traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _in_child(do: Callable[[], list[str]]) -> list[str]:
    """What a forked process found; its failure is found too."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _child(do, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as file:
        said = file.read()
    _, status = os.waitpid(pid, 0)
    return list(json.loads(said)) if status == 0 else [f"not opened: {said[-400:]}"]


if __name__ == "__main__":
    main()
