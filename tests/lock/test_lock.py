"""Bodies are made once, locked by hash, and checked without a model."""

from __future__ import annotations

import doctest
import inspect
import os
import pickle
import subprocess
import sys
import threading
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import funcsmith
from funcsmith import smith
from funcsmith.errors import FunctionFailed, FunctionInvalid, FunctionNotLocked
from funcsmith.execute import default_sandbox
from funcsmith.library.saved import hashed
from funcsmith.lock.declaration import declared_in
from funcsmith.lock.lockfile import FOLDER, NAME, Entry, Lock, _line, _read
from funcsmith.lock.making import accept, make
from funcsmith.lock.state import Function

from .conftest import GOOD, PRICES, WRONG

CALL = 'import funcsmith\n@funcsmith.smith({})\ndef f({}) -> {}:\n    """Does it."""\n'


def locked(tmp_path: Path, source: str, body: str, name: str = "m", verdict: str = "runs") -> None:
    """Lock this body for the one function of a module, as `make` would."""
    path = tmp_path / f"{name}.py"
    path.write_text(source, "utf-8")
    (declaration,) = declared_in(path)
    one = Function.of(declaration)
    text = declaration.header.rpartition('"""')[0].rpartition('"""')[0].rstrip() + f"\n{body}"
    one.lock.keep(one.key, Entry(declaration.asked, hashed(text), verdict), text)


def function(tmp_path: Path, name: str = "prices") -> Function:
    (declaration,) = declared_in(tmp_path / f"{name}.py")
    return Function.of(declaration)


def test_first_call_makes_the_body_once(tmp_path, module, engine, pipeline, capsys) -> None:
    """Importing asks nobody; the first call has it written; a new process calls without a model."""
    engine.enqueue(GOOD)
    prices = module()
    assert engine.prompts == []

    assert prices.含税价(100.0) == 113.0
    assert prices.含税价(200, rate=0.06) == 212.0
    assert len(engine.prompts) == 1
    assert capsys.readouterr().err == "funcsmith：正在为 含税价 编写函数体，之后不再需要模型\n"

    assert module().含税价(10.0) == 11.3
    assert len(engine.prompts) == 1

    folder = tmp_path / FOLDER
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        ".gitattributes",
        NAME,
        "prices/含税价.py",
    ]
    body = (folder / "prices" / "含税价.py").read_text("utf-8")
    assert body.endswith("def 含税价(price: float, rate: float = 0.13) -> float:\n" + GOOD)
    assert "# example: 含税价(100.0) gives 113.0\n" in body
    assert '"""' not in body


@pytest.mark.parametrize("variable", ["CI", "FUNCSMITH_LOCKED"])
def test_locked_never_asks_a_model(variable, module, engine, pipeline, monkeypatch) -> None:
    """In continuous integration a missing body is an error that names the command."""
    monkeypatch.setenv(variable, "1")
    prices = module()

    with pytest.raises(FunctionNotLocked, match=r"含税价 has no body .* missing") as failed:
        prices.含税价(100.0)

    assert failed.value.hint("zh") == "请运行：funcsmith lock prices.py"
    assert engine.prompts == []


def test_word_of_the_owner_is_above_ci(module, engine, pipeline, monkeypatch) -> None:
    """FUNCSMITH_LOCKED=0 allows what CI=true would forbid."""
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("FUNCSMITH_LOCKED", "0")
    engine.enqueue(GOOD)

    assert module().含税价(100.0) == 113.0


def test_body_below_what_is_wanted_is_not_locked(tmp_path, module, engine, pipeline) -> None:
    """The error says why, and what the best version got wrong."""
    engine.enqueue(*[WRONG] * 20)

    with pytest.raises(FunctionNotLocked) as failed:
        module().含税价(100.0)

    said = failed.value.message("en")
    assert "the best version is unverified, and tested is wanted" in said
    assert "含税价(100.0) should give 113.0" in said
    assert not (tmp_path / FOLDER / NAME).exists()


def test_wanted_verdict_is_held(tmp_path, module, engine, pipeline) -> None:
    """One version that passes is `tested`: not enough where `proven` is wanted."""
    engine.enqueue(*[GOOD] * 20)
    module(PRICES.replace(".smith\n", '.smith(verdict="proven")\n', 1))
    one = function(tmp_path)
    entry = Entry(one.declaration.asked, hashed(GOOD), "tested")
    one.lock.keep(one.key, entry, GOOD)

    assert one.stand()[0] == "below"


@pytest.mark.parametrize(
    ("change", "stand"),
    [
        (lambda text: text, "locked"),
        (lambda text: text.replace("格，四", "格，\n    四"), "locked"),
        (lambda text: text.replace("四舍五入", "向上取整"), "stale"),
        (lambda text: text.replace("113.0", "114.0"), "stale"),
        (lambda text: text.replace("0.13", "0.06"), "stale"),
        (lambda text: text.replace(".smith\n", '.smith(verdict="proven")\n', 1), "below"),
        (lambda text: text.replace("def 含税价", "async def 含税价"), "refused"),
    ],
)
def test_stand_by_what_changed(tmp_path, module, engine, pipeline, change, stand) -> None:
    """What asks for a new body does, what does not does not."""
    engine.enqueue(GOOD)
    module().含税价(100.0)
    (tmp_path / "prices.py").write_text(change(PRICES), "utf-8")

    assert function(tmp_path).stand()[0] == stand


def test_body_altered_by_hand_is_not_run(tmp_path, module, engine, pipeline) -> None:
    """Neither run nor overwritten: the hash differs."""
    engine.enqueue(GOOD)
    module().含税价(100.0)
    body = tmp_path / FOLDER / "prices" / "含税价.py"
    body.write_text(body.read_text("utf-8").replace("1 + rate", "1 - rate"), "utf-8")

    with pytest.raises(FunctionNotLocked, match="altered"):
        module().含税价(100.0)

    assert "1 - rate" in body.read_text("utf-8")
    assert function(tmp_path).stand()[0] == "altered"


def test_line_ends_of_git_alter_nothing(tmp_path, module, engine, pipeline) -> None:
    """A body that git checked out with \\r\\n is the same body."""
    engine.enqueue(GOOD)
    module().含税价(100.0)
    body = tmp_path / FOLDER / "prices" / "含税价.py"
    body.write_bytes(body.read_bytes().replace(b"\n", b"\r\n"))

    assert module().含税价(100.0) == 113.0


def test_altered_body_is_locked_where_examples_hold(tmp_path, module, engine, pipeline) -> None:
    """`funcsmith lock` takes an edit as it is, if it is right; a wrong one it does not."""
    engine.enqueue(GOOD)
    module().含税价(100.0)
    body = tmp_path / FOLDER / "prices" / "含税价.py"
    good = body.read_text("utf-8")
    body.write_text(good.replace("1 + rate", "1 - rate"), "utf-8")

    refused = accept(function(tmp_path), default_sandbox())
    assert not refused.locked
    assert refused.failures[0]["en"] == "含税价(100.0) gives 87.0, not 113.0"

    body.write_text(good.replace("price * (1 + rate)", "price + price * rate"), "utf-8")
    assert accept(function(tmp_path), default_sandbox()).locked
    one = function(tmp_path)
    assert one.stand()[0] == "locked"
    assert one.entry is not None
    assert (one.entry.verdict, one.entry.model) == ("tested", None)


def test_evidence_is_run_again(tmp_path, module) -> None:
    """Hashes that fit do not help a body whose examples or facts do not hold."""
    module()
    one = function(tmp_path)
    text = "def 含税价(price: float, rate: float = 0.13) -> float:\n" + WRONG
    one.lock.keep(one.key, Entry(one.declaration.asked, hashed(text), "proven"), text)
    assert one.stand()[0] == "locked"
    assert one.checked(default_sandbox()) == (
        "failing",
        {
            "en": "含税价(100.0) gives 100.0, not 113.0",
            "zh": "含税价(100.0) 得到 100.0，应为 113.0",
        },
    )

    good = text.replace(WRONG, GOOD)
    fact = {"kind": "agreement", "call": "含税价(2.0, 0.5)", "got": "3.5"}
    one.lock.keep(one.key, Entry(one.declaration.asked, hashed(good), "proven", "m", (fact,)), good)
    assert function(tmp_path).checked(default_sandbox())[1]["en"] == (
        "含税价(2.0, 0.5) gives 3.0, not 3.5"
    )


def test_agreement_is_locked_as_evidence(tmp_path, engine, pipeline) -> None:
    """What further versions agreed on is a fact that can be run again."""
    engine._logprob = -0.5
    engine.enqueue(*["    return 2 * n\n", "    return n + n\n"] * 10)
    (tmp_path / "m.py").write_text(
        'import funcsmith\n@funcsmith.smith\ndef double(n: int) -> int:\n    """Twice the number."""\n'
    )
    one = function(tmp_path, "m")

    assert make(one, pipeline).locked
    entry = function(tmp_path, "m").entry
    assert entry is not None and entry.verdict == "agreed"
    assert entry.evidence and all(fact["kind"] == "agreement" for fact in entry.evidence)
    assert function(tmp_path, "m").checked(default_sandbox())[0] == "locked"


# What a decorated function is to the program that has it


def test_function_looks_like_itself(module) -> None:
    """Name, docstring, signature and module are those of what was decorated."""
    f = module().含税价

    assert (f.__name__, f.__module__, f.__doc__[:4]) == ("含税价", "prices", "含税价格")
    assert (
        str(inspect.signature(f)) == "(price: 'float', rate: 'float' = 0.13) -> 'float'"
        or str(inspect.signature(f)) == "(price: float, rate: float = 0.13) -> float"
    )
    assert f.__wrapped__(1.0) is None
    assert pickle.loads(pickle.dumps(f)) is f


def test_doctests_run_on_it(module, engine, pipeline) -> None:
    """The examples in the docstring are found by doctest, and pass."""
    engine.enqueue(GOOD)

    assert doctest.testmod(module()) == doctest.TestResults(failed=0, attempted=1)


def test_threads_make_one_body(module, engine, pipeline) -> None:
    """Twenty first calls at once are one body."""
    engine.enqueue(GOOD)
    f = module().含税价
    got: list[float] = []
    threads = [threading.Thread(target=lambda: got.append(f(100.0))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert got == [113.0] * 20
    assert len(engine.prompts) == 1


def test_wrong_arguments_are_pythons_error(module, engine, pipeline) -> None:
    """As for any function."""
    engine.enqueue(GOOD)
    f = module().含税价

    with pytest.raises(TypeError, match="missing a required argument: 'price'"):
        f()
    with pytest.raises(TypeError, match="unexpected keyword argument 'x'"):
        f(1.0, x=2)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", 7),
        ("str", "深圳"),
        ("tuple[int, str]", (1, "a")),
        ("set[int]", {1, 2}),
        ("bytes", b"\x00\xff"),
        ("dict[str, list[int]]", {"a": [1]}),
        ("date", date(2026, 2, 28)),
        ("Decimal", Decimal("0.10")),
        ("timedelta", timedelta(minutes=90)),
        ("list[date]", [date(2026, 1, 1)]),
        ("float | None", None),
    ],
)
def test_values_cross_the_fence_whole(tmp_path, module, kind, value) -> None:
    """What goes in comes out, of the same type."""
    head = "from datetime import date, timedelta\nfrom decimal import Decimal\n"
    source = head + CALL.format("", f"value: {kind}", kind)
    locked(tmp_path, source, "    return value\n")

    got = module(source, "m").f(value)

    assert (got, type(got)) == (value, type(value))


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        ("    raise ValueError('no: n')\n", ValueError, "no: n"),
        ("    return 1 // 0\n", ZeroDivisionError, "integer division or modulo by zero|division by zero"),
        ("    return {}['x']\n", KeyError, "x"),
        ("    while True: pass\n", FunctionFailed, "timeout"),
        ("    class Own(Exception): pass\n    raise Own('mine')\n", FunctionFailed, "Own: mine"),
        ("    raise SystemExit(3)\n", FunctionFailed, "SystemExit"),
        ("    b'\\xff'.decode()\n", FunctionFailed, "UnicodeDecodeError"),
    ],
)  # fmt: skip
def test_errors_of_the_body_are_raised(tmp_path, module, body, error, words) -> None:
    """Python's own errors as themselves; what Python has no error for as FunctionFailed."""
    source = CALL.format("", "n: int", "int")
    locked(tmp_path, source, body)

    with pytest.raises(error, match=words):
        module(source, "m").f(1)


def test_body_runs_in_the_fence(tmp_path, module) -> None:
    """Locked or not, it opens no file; by its owner's word it runs here, if the hash fits."""
    secret = tmp_path / "secret"
    secret.write_text("s")
    body = f"    return open({str(secret)!r}).read()\n"
    source = CALL.format("", "n: int", "str")
    locked(tmp_path, source, body)
    with pytest.raises(FunctionNotLocked, match="open"):
        module(source, "m").f(1)

    plain = CALL.format("plain=True", "n: int", "str")
    locked(tmp_path, plain, body)
    assert module(plain, "m").f(1) == "s"

    path = tmp_path / FOLDER / "m" / "f.py"
    path.write_text(path.read_text() + "#\n")
    with pytest.raises(FunctionNotLocked, match="altered"):
        module(plain, "m").f(1)


def test_what_cannot_be_decorated_is_refused_at_once() -> None:
    """A method and a coroutine say so when they are decorated."""

    async def later() -> int:
        """Some day."""

    with pytest.raises(FunctionInvalid, match="async"):
        smith(later)
    with pytest.raises(FunctionInvalid, match="'sure'"):
        smith(verdict="sure")(test_import_is_quick_and_light)
    with pytest.raises(FunctionInvalid, match="class or a function"):

        class _C:
            @smith
            def method(self) -> int:
                """Is one."""


def test_import_is_quick_and_light(tmp_path) -> None:
    """A module with a decorated function loads no parser, contract or engine."""
    (tmp_path / "prices.py").write_text(PRICES, "utf-8")
    loaded = subprocess.run(
        [sys.executable, "-c", "import prices, sys; print(*sys.modules)"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(funcsmith.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert {"funcsmith.lock.decorator", "prices"} <= set(loaded)
    assert not {"ast", "inspect", "pydantic", "funcsmith.contract", "asyncio"} & set(loaded)


# The lock itself

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@given(
    st.builds(
        Entry,
        WORDS,
        WORDS,
        st.sampled_from(["runs", "tested", "proven"]),
        st.none() | WORDS,
        st.lists(st.fixed_dictionaries({"kind": WORDS, "call": WORDS, "got": WORDS})).map(tuple),
    )
)
def test_entry_is_read_as_it_was_written(entry: Entry) -> None:
    """Whatever stands in it, it is one line, and reading gives it back."""
    line = _line("包/m.py::函数", entry)

    assert len(line.splitlines()) == 1
    assert _read(line, Path("lock"), 1) == ("包/m.py::函数", entry)


@pytest.mark.parametrize(
    "key", ["../m.py::f", "/etc/m.py::f", "a/../../m.py::f", "m.py::../f", "m.py"]
)
def test_key_leads_nowhere_else(tmp_path, key) -> None:
    """A lock that came with a branch names no file outside its folder."""
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / NAME).write_text(f"{_line(key, Entry('a', 'b', 'runs'))}\n")

    with pytest.raises(FunctionNotLocked):
        Lock(tmp_path).entries  # noqa: B018


def test_lock_belongs_to_the_outermost_package(tmp_path) -> None:
    """So that an installed package has it; a module of no package has it beside itself."""
    inner = tmp_path / "src" / "shop" / "tax"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").touch()

    lock = Lock.of(inner / "prices.py")
    assert lock.root == inner.parent
    assert lock.key(inner / "prices.py", "f") == "tax/prices.py::f"
    assert lock.body("tax/prices.py::f") == inner.parent / FOLDER / "tax" / "prices" / "f.py"
    assert Lock.of(tmp_path / "script.py").root == tmp_path


def test_branches_merge_without_conflict(tmp_path) -> None:
    """Two branches that each lock a function, next to each other in the lock, merge in git."""

    def git(*words: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        ran = subprocess.run(
            ["git", *identity, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    lock = Lock(tmp_path)
    lock.keep("m.py::a", Entry("1", hashed("a\n"), "runs"), "a\n")
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "a")
    for name in ("b", "c"):
        git("checkout", "-q", "-b", name, "main")
        Lock(tmp_path).keep(f"m.py::{name}", Entry("1", hashed(f"{name}\n"), "runs"), f"{name}\n")
        git("add", ".")
        git("commit", "-qm", name)
    git("merge", "-q", "b")

    merged = Lock(tmp_path).entries
    assert sorted(merged) == ["m.py::a", "m.py::b", "m.py::c"]

    # One function locked on both sides: two lines, and the body that is there says which holds.
    for name in ("d", "e"):
        git("checkout", "-q", "-b", name, "c")
        Lock(tmp_path).keep("m.py::f", Entry(name, hashed(f"{name}\n"), "runs"), f"{name}\n")
        git("add", ".")
        git("commit", "-qm", name)
    git("merge", "-q", "-X", "theirs", "d")
    assert Lock(tmp_path).entries["m.py::f"].asked == "d"


def test_many_writers_lose_nothing(tmp_path) -> None:
    """Processes and threads that lock at once all have their line."""
    code = (
        "import sys; from pathlib import Path; from funcsmith.lock.lockfile import Lock, Entry\n"
        "for n in range(5): Lock(Path(sys.argv[1])).keep(f'm.py::f{sys.argv[2]}_{n}',"
        " Entry('a', 'b', 'runs'), 'x')"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(n)]) for n in range(4)
    ]

    assert [one.wait() for one in running] == [0] * 4
    assert len(Lock(tmp_path).entries) == 20
