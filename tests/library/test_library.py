"""The library as its users see it: files, names, texts, search, import and export."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from funcsmith.errors import FunctionInvalid, FunctionNotFound, InputInvalid, RequestInvalid
from funcsmith.library import Library
from funcsmith.settings import Settings

TEXT = "给定一个正整数 n，输出 n 的阶乘。"


def test_function_is_a_plain_file_with_its_record_beside_it(
    library: Library, home: Settings, factorial: str
) -> None:
    """The .py is the source as it is; the .json is sorted, one item a line, readable Chinese."""
    library.add(
        factorial,
        text=TEXT,
        sample={"n": 5},
        verdict="agreed",
        probability=0.9,
        model="qwen",
        evidence=[{"kind": "agreement", "call": "阶乘(5)", "got": "120"}],
    )

    folder = home.home / "library"
    assert (folder / "阶乘.py").read_text(encoding="utf-8") == factorial
    written = (folder / "阶乘.json").read_text(encoding="utf-8")
    record = json.loads(written)
    assert list(record)[:4] == ["aliases", "created", "updated", "evidence"]
    assert (
        '  "evidence": [\n    {"call": "阶乘(5)", "got": "120", "kind": "agreement"}\n  ],\n'
        in written
    )
    assert record["texts"][0]["text"] == TEXT
    assert (record["verdict"], record["language"], record["format"]) == ("agreed", "zh", 2)


def test_saved_function_says_all_that_is_known(library: Library, factorial: str) -> None:
    """What was added comes back, with what the source itself says."""
    library.add(factorial, text=TEXT, verdict="tested", evidence=[{"kind": "example"}])
    saved = library.get("阶乘")

    assert (saved.name, saved.signature, saved.summary) == ("阶乘", "(n: int) -> int", "n 的阶乘。")
    assert saved.parameters["properties"] == {"n": {"type": "integer", "description": "正整数"}}
    assert (saved.verdict, saved.texts, saved.broken) == ("tested", (TEXT,), None)
    assert saved.function().origin == "library"
    assert saved.tool()["function"]["description"] == "n 的阶乘。"


def test_same_code_gains_the_text(library: Library, factorial: str) -> None:
    """Added again under another text and docstring, the code is one function with two texts."""
    library.add(factorial, text=TEXT, verdict="runs")
    again = library.add(factorial.replace("n 的阶乘", "连乘"), text="10 的阶乘", verdict="proven")

    assert again.name == "阶乘"
    assert again.texts == (TEXT, "10 的阶乘")
    assert again.verdict == "proven"
    assert len(library.list()) == 1


def test_other_code_of_the_same_name_gets_a_number(library: Library, factorial: str) -> None:
    """A name that is taken becomes name_2 in the source too, then name_3."""
    library.add(factorial)
    second = library.add("def 阶乘(n):\n    return n and 阶乘(n - 2)\n")
    third = library.add("def 阶乘(n):\n    return 3\n")
    again = library.add("def 阶乘(n):\n    return n and 阶乘(n - 2)\n", text="x")

    assert (second.name, third.name, again.name) == ("阶乘_2", "阶乘_3", "阶乘_2")
    assert second.source == "def 阶乘_2(n):\n    return n and 阶乘_2(n - 2)\n"


def test_replacing_keeps_the_old_files(library: Library, home: Settings, factorial: str) -> None:
    """replace=True puts new code in the old one's place; the old one stays a version."""
    library.add(factorial, text=TEXT)
    new = library.add("def 阶乘(n):\n    return 7\n", replace=True)

    assert new.name == "阶乘"
    assert library.find_text(TEXT) is None
    assert [version.source for version in library.history("阶乘")] == [factorial, new.source]
    assert not (home.home / "library/.removed").exists()


def test_replaced_function_killed_half_way_keeps_its_record(
    library: Library, home: Settings, factorial: str
) -> None:
    """The .json of new code beside the old .py still tells what was known of the old."""
    library.add(factorial, text=TEXT, verdict="proven")
    library.add("def 阶乘(n):\n    return 7\n", replace=True)
    (home.home / "library/阶乘.py").write_text(factorial, encoding="utf-8")

    saved = library.get("阶乘")
    assert (saved.verdict, saved.texts, saved.edited) == ("proven", (TEXT,), False)


def test_removed_function_can_be_had_back(library: Library, home: Settings, factorial: str) -> None:
    """remove moves the files aside; nothing is destroyed."""
    library.add(factorial, text=TEXT)
    moved = library.remove("阶乘")

    assert moved.read_text(encoding="utf-8") == factorial
    assert library.list() == []
    assert library.find_text(TEXT) is None
    with pytest.raises(FunctionNotFound):
        library.remove("阶乘")


def test_missing_function_names_what_looks_like_it(library: Library) -> None:
    """FunctionNotFound suggests close names."""
    library.add("def monthly_payment(): ...\n", aliases=["月供"])

    with pytest.raises(FunctionNotFound) as caught:
        library.get("monthly_payments")
    assert "monthly_payment?" in caught.value.hint("en")
    assert library.get("月供").name == "monthly_payment"


def test_find_text(library: Library, factorial: str) -> None:
    """The same text in another dress finds the function and the arguments of the text."""
    library.add(factorial, text=TEXT, sample={"n": 5})

    found = library.find_text("请给定一个正整数n，输出n的阶乘")
    assert found is not None
    assert (found[0].name, found[1]) == ("阶乘", {"n": 5})
    assert library.find_text("给定一个正整数 n，输出 n 的阶乘的平方。") is None


def test_find_text_minds_text_values(library: Library) -> None:
    """A text whose value differs in case is another text."""
    library.add("def reverse(s: str): ...\n", text="reverse Hello", sample={"s": "Hello"})

    assert library.find_text("Please reverse  Hello") is not None
    assert library.find_text("reverse hello") is None


def test_last_function_saved_for_a_text_is_found(library: Library) -> None:
    """Of two functions saved for one text the later answers."""
    library.add("def f(): return 1\n", text="给我一个数")
    library.add("def g(): return 2\n", text="给我一个数")

    assert library.find_text("给我一个数")[0].name == "g"  # type: ignore[index]


def test_text_no_longer_fits_an_edited_function(
    library: Library, home: Settings, factorial: str
) -> None:
    """Arguments that an edited function no longer takes are not handed to it."""
    library.add(factorial, text=TEXT, sample={"n": 5})
    (home.home / "library/阶乘.py").write_text("def 阶乘(m): return m\n", encoding="utf-8")

    assert library.find_text(TEXT) is None


def test_match_template(library: Library) -> None:
    """A text with other values finds the function, the raw values and their places."""
    library.add(
        "def salt(volume: float, percent: float): ...\n",
        text="500 毫升的 4% 盐水里有多少克盐？",
        template="{volume} 毫升的 {percent}% 盐水里有多少克盐？",
        sample={"volume": 500, "percent": 4},
    )

    found = library.match_template("请问 250 毫升的 1.5% 盐水里有多少克盐")
    assert found is not None
    assert (found[0].name, found[1]) == ("salt", {"volume": "250", "percent": "1.5"})
    assert found[2] == {"volume": (3, 6), "percent": (11, 14)}
    assert library.match_template("250 毫升的 1.5% 糖水里有多少克盐") is None


def test_add_text_and_verdict(library: Library, home: Settings, factorial: str) -> None:
    """A user's own file gains texts and a verdict; keys of others in its .json stay."""
    folder = home.home / "library"
    folder.mkdir(parents=True)
    (folder / "阶乘.py").write_text(factorial, encoding="utf-8")
    (folder / "阶乘.json").write_text('{"format": 1, "stars": ["none"]}', encoding="utf-8")
    library.add_text("阶乘", "6 的阶乘", sample={"n": 6}, template="{n} 的阶乘")
    library.set_verdict("阶乘", "tested", evidence=[{"kind": "example", "passed": True}])

    saved = library.get("阶乘")
    assert (saved.origin, saved.verdict, saved.edited) == ("given", "tested", False)
    assert json.loads((folder / "阶乘.json").read_text())["stars"] == ["none"]
    assert library.match_template("9 的阶乘") is not None


def test_search_leaves_room_for_the_second_thing_asked_for(library: Library) -> None:
    """Five functions share most of the text; of three shown one is for what they do not do."""
    for name, what in (
        ("convert_currency", "Convert dollars into euros."),
        ("exchange_rate", "Today's exchange rate of dollars and euros."),
        ("convert_at_rate", "Convert dollars at an exchange rate."),
        ("euros_for_dollars", "Euros for dollars at a rate."),
        ("dollar_rate_today", "The dollar's exchange rate today."),
        ("send_email", "Send an e-mail to someone."),
    ):
        library.add(f'def {name}(a: str) -> str:\n    """{what}"""\n    return a + {name!r}\n')

    text = "Convert 100 dollars into euros at today's exchange rate and send an e-mail to Ann"
    found = [saved.name for saved, _ in library.search(text, 3)]

    assert found[0] != "send_email"
    assert "send_email" in found


def test_search_finds_chinese_and_english(library: Library, factorial: str) -> None:
    """Words of name, docstring, parameters and texts are found; 1 means all of them."""
    library.add(factorial, text=TEXT)
    library.add('def monthlyPayment(loan, rate):\n    """Payments of a loan."""\n')
    library.add('def days_between(a, b):\n    """两个日期之间的天数。"""\n')

    def best(text: str) -> tuple[str, float]:
        saved, score = library.search(text)[0]
        return saved.name, round(score, 2)

    assert best("求 7 的阶乘") == ("阶乘", 1.0)
    assert best("monthly payments for loans") == ("monthlyPayment", 1.0)
    assert best("日期相差天数")[0] == "days_between"
    assert 0.2 < best("loan zebra")[1] < 0.6
    assert library.search("") == []
    assert library.search("zebra") == []


def test_users_own_file_is_accepted_as_it_is(library: Library, home: Settings) -> None:
    """A .py without .json is a function without verdict; names with dashes do not matter."""
    folder = home.home / "library"
    folder.mkdir(parents=True)
    (folder / "my-tools.py").write_text("def _h(): ...\ndef area(w: float): return w\n")

    saved = library.get("area")
    assert (saved.origin, saved.verdict, saved.file) == ("given", "unverified", "my-tools")
    assert list(folder.iterdir()) == [folder / "my-tools.py"]


def test_two_files_cannot_give_one_name(library: Library, home: Settings) -> None:
    """The file that is called like its function has the name; the other is reported."""
    folder = home.home / "library"
    folder.mkdir(parents=True)
    (folder / "area.py").write_text("def area(): return 1\n")
    (folder / "other.py").write_text("def area(): return 2\n")

    assert library.get("area").file == "area"
    assert {s.name: bool(s.broken) for s in library.list()} == {"area": False, "other": True}


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "_private"])
def test_awkward_names_get_safe_files(library: Library, name: str) -> None:
    """Names that Windows or the folder cannot hold live in a file with another name."""
    saved = library.add(f"def {name}(): return 1\n", name=name)

    assert saved.name == name
    assert saved.file == f"{name.lstrip('_')}_"
    assert library.get(name).source == f"def {name}(): return 1\n"


def test_names_are_composed(library: Library, home: Settings) -> None:
    """A name written with combining marks is one function with one file."""
    loose = unicodedata.normalize("NFD", "été")
    saved = library.add(f"def {loose}(): return 1\n")

    assert saved.name == "été"
    assert (home.home / "library/été.py").exists()
    assert library.get(loose).name == "été"


@pytest.mark.parametrize("name", ["a" * 300, "甲" * 61])
def test_names_too_long_for_a_file_are_refused(library: Library, name: str) -> None:
    """A name that no file can bear is refused in words."""
    with pytest.raises(FunctionInvalid, match="cannot be the name"):
        library.add(f"def {name}(): return 1\n")


def test_module_is_taken_apart(library: Library, tmp_path: Path) -> None:
    """Every public function of a file comes with the imports, constants and helpers it needs."""
    path = tmp_path / "bank.py"
    path.write_text(
        '"""Bank."""\nfrom __future__ import annotations\nimport math, os\nprint("ran")\n'
        "RATE = 0.5  # yearly\n\n# rounds\ndef _round(x): return math.floor(x)\n\n"
        'def interest(x: float) -> float:\n    """Interest."""\n    return _round(x * RATE)\n\n'
        "def plain(x): return x\n\nif __name__ == '__main__':\n    raise SystemExit\n"
    )

    assert [s.name for s in library.add_path(path)] == ["interest", "plain"]
    assert library.get("plain").source == (
        "from __future__ import annotations\n\ndef plain(x): return x\n"
    )
    saved = library.get("interest")
    assert (saved.origin, saved.summary) == ("given", "Interest.")
    assert "# rounds\ndef _round" in saved.source and "print" not in saved.source
    done = subprocess.run(
        [sys.executable, "-c", saved.source + "print(interest(5))"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "2\n"


def test_folder_is_read_and_adding_twice_changes_nothing(library: Library, tmp_path: Path) -> None:
    """All .py files under a folder are added; the second time there is nothing new."""
    (tmp_path / "src/deep").mkdir(parents=True)
    (tmp_path / "src/a.py").write_text('def a():\n    """A."""\n')
    (tmp_path / "src/deep/b.py").write_text("def b(): ...\n")
    (tmp_path / "src/.hidden.py").write_text("def c(): ...\n")

    assert [s.name for s in library.add_path(tmp_path / "src")] == ["a", "b"]
    assert [s.name for s in library.add_path(tmp_path / "src")] == ["a", "b"]
    assert len(library.list()) == 2
    with pytest.raises(InputInvalid):
        library.add_path(tmp_path / "nowhere")


def test_file_that_is_not_utf8_is_refused(library: Library, tmp_path: Path) -> None:
    """Adding a file in another encoding says so."""
    (tmp_path / "gbk.py").write_bytes("def f(): return '中'".encode("gbk"))

    with pytest.raises(FunctionInvalid, match="not UTF-8"):
        library.add_path(tmp_path / "gbk.py")


def test_export_as_module(library: Library, tmp_path: Path, factorial: str) -> None:
    """An exported module is imported without Funcsmith and holds the chosen functions."""
    library.add(factorial)
    library.add("import math\ndef half(x: float):\n    return math.sqrt(x) / 2\n")
    library.add("import math\ndef third(x: float):\n    return math.sqrt(x) / 3\n")
    path = library.export(["阶乘", "half", "third"], tmp_path / "mine.py")

    spec = importlib.util.spec_from_file_location("mine", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (module.阶乘(5), module.half(16), module.third(9)) == (120, 2.0, 1.0)
    assert module.__all__ == ["阶乘", "half", "third"]
    assert path.read_text().count("import math") == 1


def test_export_refuses_helpers_that_clash(library: Library, tmp_path: Path) -> None:
    """Two different helpers of one name cannot stand in one module."""
    library.add("def _h(): return 1\ndef a(): return _h()\n", name="a")
    library.add("def _h(): return 2\ndef b(): return _h()\n", name="b")

    with pytest.raises(FunctionInvalid, match="different _h"):
        library.export(["a", "b"], tmp_path / "mine.py")
    with pytest.raises(RequestInvalid, match="not an export format"):
        library.export(["a"], tmp_path / "mine.py", format="exe")


def test_export_as_openai_tools(library: Library, tmp_path: Path, factorial: str) -> None:
    """The tools file is what OpenAI-compatible servers take."""
    library.add(factorial)
    tools = json.loads(library.export([], tmp_path / "t.json", format="openai").read_text())

    assert tools[0]["type"] == "function"
    assert tools[0]["function"]["parameters"]["required"] == ["n"]


def test_runs_are_remembered_up_to_a_bound(library: Library) -> None:
    """The newest runs are kept; the totals count all of them."""
    for number in range(105):
        outcome = {
            "kind": "function",
            "function": {"name": "f"},
            "result": {"status": "ok"},
            "seconds": {"detect": 0.5, "generate": 1.0, "execute": 0.0},
            "tokens": {"prompt": 7, "generated": 3},
            "cost": {"model_calls_avoided": 2},
        }
        library.remember_run(json.dumps(outcome), f"文本 {number} \ud800")

    runs = library.runs(200)
    assert len(runs) == 100
    assert runs[0].text == "文本 104 \\ud800"
    assert (runs[0].function, runs[0].status, runs[0].seconds) == ("f", "ok", 1.5)
    assert library.stats()["runs"] == 105
    assert library.stats()["model_calls_avoided"] == 210


@given(st.text(st.characters(), max_size=80))
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_can_be_saved_found_and_searched(library: Library, text: str) -> None:
    """Lone surrogates, control characters and null included, a text finds its function again."""
    library.add("def f(): return 1\n", text=text, template=text + "{x}", aliases=[text])

    found = library.find_text(text)
    assert found is not None and found[0].name == "f"
    library.match_template(text)
    library.search(text)
    library.remember_run("{}", text)
