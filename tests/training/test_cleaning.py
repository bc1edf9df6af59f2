"""Doubles, evaluation sets, the split by function, and the balance."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.contract import Tool
from funcsmith.errors import InputInvalid
from funcsmith.evaluate import call_problems, problems
from funcsmith.training.balancing import NEGATIVE, Balance, balanced, tokens_of
from funcsmith.training.decontamination import FILES, decontaminated, evaluation_sets, report
from funcsmith.training.deduplication import shingles_of, similarity, without_doubles
from funcsmith.training.offering import Pool, on_one_side, pools, side_of
from funcsmith.training.record import Record, group_of

from .records import FEED, RENT, doubled, feed, rent

LONG = "Please tell me how many litres of water the garden of my uncle needs in a dry summer week"


def idle(text: str) -> Record:
    return Record.of(text=text, kind="none", group=f"none {text}")


def test_equal_and_nearly_equal() -> None:
    """The first stays; another value or another function is another record."""
    records = [
        idle(LONG),
        idle(LONG),
        idle(LONG + "!"),
        idle(LONG.replace("Please tell", "tell")),
        idle(LONG.replace("garden", "vineyard").replace("dry", "hot")),
        feed(text=f"{LONG} 2.5 kilograms Lotte"),
        feed(text=f"{LONG} 3.5 kilograms Lotte", arguments={"horse": "Lotte", "kilograms": 3.5}),
    ]
    kept, doubles = without_doubles(records)
    assert kept == [records[0], records[4], records[5], records[6]]
    assert (doubles.exact, doubles.near) == (1, 2)


def test_every_suite_is_held_against() -> None:
    """No file that `funcsmith evaluate` reads is left out, but MBPP's rows that are for training."""
    suites = {**problems._FILES, **call_problems._FILES}
    read = {name for files in suites.values() for file in files for name in file.names}
    held = {name for name in read if any(Path(name).match(pattern) for pattern in FILES)}

    assert read - held == {"mbpp/mbpp_train_clean.jsonl"}


@given(st.text(max_size=60))
def test_a_text_is_its_own_double(text: str) -> None:
    """Similarity is 1 with itself, however short."""
    assert similarity(shingles_of(text), shingles_of(text)) == 1.0


def test_minhash_finds_what_is_near() -> None:
    """Of texts that differ in one word of forty, nearly none is missed."""
    draw = random.Random(1)
    words = [f"word{at}" for at in range(500)]
    texts = [draw.sample(words, 60) for _ in range(100)]
    changed = [[*one[:-1], "other"] for one in texts]
    records = [idle(" ".join(one)) for one in [*texts, *changed]]
    _, doubles = without_doubles(records)
    assert doubles.near >= 98


def data_folder(path: Path, **files: object) -> Path:
    for name, rows in files.items():
        file = path / name.replace("__", "/").replace("_jsonl", ".jsonl")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")  # type: ignore[attr-defined]
    return path


def test_rows_of_evaluation_sets_are_taken_out(tmp_path: Path) -> None:
    """By ten words in a row, by a short text as a whole, by a docstring, and by equal code."""
    header = 'def thrice(n):\n    """Return three times the number n, whatever number it may be, also zero."""\n'
    code = "def triple(x):\n    y = x * 3\n    return y\n"
    data = data_folder(
        tmp_path,
        mbpp__sanitized_mbpp_jsonl=[],
        tool_eval__mine_jsonl=[],
    )
    (data / "mbpp/sanitized-mbpp.jsonl").write_text(
        json.dumps({"task_id": 7, "prompt": "Short words stand here", "code": code})
    )
    (data / "humaneval_xl").mkdir()
    (data / "humaneval_xl/python_English.jsonl").write_text(
        json.dumps({"prompt": header, "canonical_solution": "    return 3 * n\n"})
    )
    (data / "tool_eval/mine.jsonl").unlink()
    import gzip

    row = {"query": [{"role": "user", "content": LONG}, {"role": "agent", "content": "ok"}]}
    (data / "tool_eval/mine.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    sets = evaluation_sets(data)
    rows = [
        idle("Hello, " + LONG.lower()),
        idle("short WORDS, stand here."),
        idle("Other words stand here"),
        doubled(source=code.replace("triple", "doubled").replace("    y", "\n    y"), tests=[]),
        doubled(text="Return three times the number n, whatever number it may be"),
        doubled(),
    ]
    kept, out = decontaminated(rows, sets)
    assert kept == [rows[2], rows[5]]
    assert out == {"tool_eval/mine": 1, "mbpp/sanitized-mbpp": 2, "humaneval_xl/python_English": 1}
    told = report(kept, sets)
    assert told["rows"] == 0
    assert told["sets"]["tool_eval/mine"] == {"texts": 1, "rows": 0}
    assert report(rows, sets)["rows"] == 4


def test_our_own_benchmarks_are_held_against() -> None:
    """The texts of benchmarks/ count as evaluation sets where this is a checkout."""
    sets = evaluation_sets(None)
    assert sets.rows["benchmarks/texts"] > 200
    text = json.loads(
        (Path(__file__).parents[2] / "benchmarks/texts/function.jsonl")
        .open(encoding="utf-8")
        .readline()
    )
    assert sets.of(idle(text["text"])) == "benchmarks/texts"


def test_an_unreadable_set_stops_everything(tmp_path: Path) -> None:
    """Nobody can say that data are clean of what could not be read."""
    (tmp_path / "tool_eval").mkdir()
    (tmp_path / "tool_eval/x.jsonl.gz").write_bytes(b"\x1f\x8bnonsense")
    with pytest.raises(InputInvalid, match="cannot be read"):
        evaluation_sets(tmp_path)


@given(st.text(min_size=1), st.integers(0, 5))
def test_a_side_is_told_by_the_name_alone(name: str, seed: int) -> None:
    """The same function is always on the same side, however its name is written."""
    assert side_of(group_of(name), seed=seed) == side_of(group_of(name.upper().lower()), seed=seed)


def test_sides_have_their_shares() -> None:
    """Of many functions about 5 % are dev and 8 % test."""
    sides = [side_of(f"function{at}") for at in range(4000)]
    assert 0.03 < sides.count("dev") / 4000 < 0.07
    assert 0.06 < sides.count("test") / 4000 < 0.10


def test_no_function_is_offered_on_another_side() -> None:
    """Functions of the test side are not even seen beside others in training."""
    tools = [Tool(name=f"tool_number_{at}") for at in range(300)]
    train = [one for one in tools if side_of(group_of(one.name)) == "train"]
    held = [one for one in tools if side_of(group_of(one.name)) != "train"]
    group = train[5]
    record = Record.of(
        text="do it now",
        kind="parameters",
        tools=[*held[:5], group, *train[:2]],
        function=group.name,
        group=group_of(group.name),
    )
    kept = on_one_side(record)
    assert {one.name for one in kept.tools} <= {one.name for one in train}
    assert kept.tool == group
    pool = pools([record])["train"]
    assert not {one.name for one in pool.tools} & {one.name for one in held}


def test_others_are_offered_beside_the_right_one() -> None:
    """Up to four more, each once, in no order that tells; the same every time."""
    tools = [Tool(name=f"rent_thing_{at}") for at in range(20)]
    offered = [
        Pool(tools).offered(
            rent(text=f"在千岛湖租船，{n}小时", arguments={"lake": "千岛湖", "hours": n}, spans={})
        )
        for n in range(1, 60)
    ]
    counts = {len(one.tools) for one in offered}
    assert counts == {1, 2, 3, 4, 5}
    places = {one.tools.index(RENT) for one in offered if len(one.tools) == 5}
    assert len(places) > 1
    again = Pool(reversed(tools)).offered(
        rent(text="在千岛湖租船，9小时", arguments={"lake": "千岛湖", "hours": 9}, spans={})
    )
    assert again in offered


def many() -> list[Record]:
    texts = [f"Give Lotte {n} kilograms of hay" for n in range(1, 101)]
    english = [
        feed(text=text, arguments={"horse": "Lotte", "kilograms": n}, group=f"g{n % 10}")
        for n, text in enumerate(texts, 1)
    ]
    chinese = [
        rent(
            text=f"在千岛湖租船，{n}小时",
            arguments={"lake": "千岛湖", "hours": n},
            spans={},
            group=f"h{n % 5}",
        )
        for n in range(1, 31)
    ]
    none = [idle(f"Nothing to do today {n}") for n in range(60)]
    return [*english, *chinese, *none]


def test_the_balance_is_kept() -> None:
    """Chinese and negatives have their shares, no function has more than its rows, limits hold."""
    taken = balanced(many(), Balance(per_group=8, negatives=0.2, chinese=0.36))
    chinese = sum(one.language == "zh" for one in taken) / len(taken)
    negative = sum(one.kind in NEGATIVE for one in taken) / len(taken)
    assert chinese >= 0.36
    assert 0.14 <= negative <= 0.26
    assert (
        max(sum(one.group == group for one in taken) for group in {one.group for one in taken}) <= 8
    )
    fewer = balanced(many(), Balance(per_group=8, limit=30))
    assert len(fewer) == 30
    assert {one.id for one in fewer} <= {one.id for one in balanced(many(), Balance(per_group=8))}
    cheap = balanced(many(), Balance(per_group=8, tokens=2000))
    assert sum(map(tokens_of, cheap)) == pytest.approx(2000, rel=0.15)
    assert FEED.name == "feed_horse"
