"""Make texts over files for choosing between ways of doing things; no figure of theirs is published.

    python benchmarks/development/data/make.py     writes files/ and texts.jsonl beside it

They are in the form of `benchmarks/data`, with other files and other questions:
`FUNCSMITH_TEXTS=benchmarks/development/data funcsmith evaluate data --out …` runs them.
"""

from __future__ import annotations

import csv
import json
import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any

HERE = Path(__file__).parent
Rows = list[dict[str, Any]]


def rentals() -> Rows:
    draw = random.Random(3)
    rows = []
    for number in range(70):
        start = date(2023, 9, 1) + timedelta(days=draw.randrange(150))
        rows.append(
            {
                "rental": f"R{number:03}",
                "station": draw.choice(["Harbour", "Museum", "North Gate", "Park"]),
                "bike": draw.choice(["city", "cargo", "electric"]),
                "start": start.isoformat(),
                "minutes": draw.choice([None, *range(5, 180, 5)]),
                "fee": draw.choice([2.5, 4.0, 6.5, 9.0]),
                "member": draw.choice(["yes", "no"]),
            }
        )
    return rows


def clinic() -> Rows:
    draw = random.Random(4)
    rows = []
    for number in range(64):
        day = date(2024, 1, 2) + timedelta(days=draw.randrange(150))
        rows.append(
            {
                "病历号": f"B{number:03}",
                "科室": draw.choice(["内科", "外科", "眼科", "儿科"]),
                "医生": draw.choice(["吴桐", "沈遥", "郑一鸣", "方晴"]),
                "就诊日期": day.isoformat(),
                "年龄": draw.randint(2, 88),
                "费用": draw.choice([None, *[float(n) for n in range(40, 900, 35)]]),
                "复诊": draw.choice(["是", "否"]),
            }
        )
    return rows


def harvest() -> Rows:
    draw = random.Random(5)
    return [
        {
            "农场": farm,
            "作物": crop,
            "年份": year,
            "面积亩": draw.randint(20, 200),
            "产量吨": round(draw.uniform(5, 90), 1),
        }
        for farm in ("青禾", "长丰", "北坡")
        for crop in ("小麦", "玉米", "大豆")
        for year in (2021, 2022, 2023)
    ]


def flights() -> Rows:
    draw = random.Random(6)
    return [
        {
            "flight": f"KX{number}",
            "from": draw.choice(["OSL", "CPH", "HEL"]),
            "to": draw.choice(["LIS", "ROM", "VIE", "ATH"]),
            "date": (date(2024, 2, 1) + timedelta(days=draw.randrange(90))).isoformat(),
            "seats": draw.choice([120, 150, 180]),
            "sold": draw.randint(40, 120),
            "delay_min": draw.choice([None, 0, 0, 5, 12, 20, 45, 90]),
        }
        for number in range(100, 160)
    ]


def library() -> dict[str, Any]:
    draw = random.Random(7)
    shelves = []
    for name in ("history", "science", "travel"):
        titles = [
            {
                "title": f"{name.title()} {letter}",
                "year": draw.randint(1980, 2023),
                "copies": draw.randint(1, 6),
                "languages": draw.sample(["en", "fr", "de", "es"], draw.randint(1, 3)),
            }
            for letter in "ABCDEF"
        ]
        shelves.append({"shelf": name, "books": titles})
    return {"branch": "Central", "shelves": shelves}


def channels() -> Rows:
    draw = random.Random(8)
    return [
        {
            "渠道": channel,
            "月份": f"2024-{month:02}",
            "访客": draw.randint(800, 9000),
            "订单": draw.randint(20, 400),
            "广告费": draw.randint(500, 6000),
        }
        for channel in ("搜索", "短视频", "社群", "线下")
        for month in range(1, 7)
    ]


RENTALS, CLINIC, HARVEST, FLIGHTS, LIBRARY, CHANNELS = (
    rentals(), clinic(), harvest(), flights(), library(), channels(),
)  # fmt: skip


def total(rows: Rows, by: str, what: str) -> dict[str, Any]:
    found: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        found[row[by]] += row[what] or 0
    return dict(found)


def mean(rows: Rows, by: str, what: str) -> dict[str, float]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        if row[what] is not None:
            found[row[by]].append(row[what])
    return {key: fmean(values) for key, values in found.items()}


def falling(found: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def texts() -> Rows:
    r, c, h, f, k = RENTALS, CLINIC, HARVEST, FLIGHTS, CHANNELS
    books = [{**b, "shelf": s["shelf"]} for s in LIBRARY["shelves"] for b in s["books"]]
    filled = [row for row in c if row["费用"] is not None]
    timed = [row for row in r if row["minutes"] is not None]
    visitors, ordered = total(k, "渠道", "访客"), total(k, "渠道", "订单")
    english = [
        (
            "rentals.csv",
            "Which station earned the most fees, and how much?",
            list(max(total(r, "station", "fee").items(), key=lambda p: p[1])),
            False,
        ),
        (
            "rentals.csv",
            "Average length in minutes of electric bike rentals by members, to one decimal",
            round(
                fmean(
                    x["minutes"] for x in timed if x["bike"] == "electric" and x["member"] == "yes"
                ),
                1,
            ),
            False,
        ),
        (
            "rentals.csv",
            "Number of rentals in each month",
            dict(Counter(x["start"][:7] for x in r)),
            False,
        ),
        (
            "rentals.csv",
            "List the ids of rentals over two and a half hours, longest first",
            [x["rental"] for x in sorted(timed, key=lambda x: -x["minutes"]) if x["minutes"] > 150],
            False,
        ),
        (
            "rentals.csv",
            "What percentage of the rentals at Park was made by non-members?",
            100
            * sum(x["member"] == "no" for x in r if x["station"] == "Park")
            / sum(x["station"] == "Park" for x in r),
            False,
        ),
        (
            "rentals.csv",
            "The median fee per bike type",
            {
                b: median(x["fee"] for x in r if x["bike"] == b)
                for b in sorted({x["bike"] for x in r})
            },
            False,
        ),
        (
            "flights.jsonl",
            "How full were the flights to Lisbon (LIS), as sold seats over all seats in percent?",
            100
            * sum(x["sold"] for x in f if x["to"] == "LIS")
            / sum(x["seats"] for x in f if x["to"] == "LIS"),
            False,
        ),
        (
            "flights.jsonl",
            "Destinations by average delay, worst first; flights without a delay value don't count",
            falling(mean(f, "to", "delay_min")),
            True,
        ),
        (
            "flights.jsonl",
            "How many flights in March left more than 30 seats empty?",
            sum(x["date"][5:7] == "03" and x["seats"] - x["sold"] > 30 for x in f),
            False,
        ),
        (
            "flights.jsonl",
            "Which routes (from and to) were flown more than 6 times?",
            [list(p) for p, n in Counter((x["from"], x["to"]) for x in f).items() if n > 6],
            False,
        ),
        (
            "library.json",
            "How many copies does each shelf hold in all?",
            total(books, "shelf", "copies"),
            False,
        ),
        (
            "library.json",
            "Titles available in both English and French",
            [b["title"] for b in books if {"en", "fr"} <= set(b["languages"])],
            False,
        ),
        (
            "library.json",
            "The oldest book and its year",
            [(b := min(books, key=lambda b: b["year"]))["title"], b["year"]],
            False,
        ),
    ]
    chinese = [
        (
            "clinic.csv",
            "各科室看诊人次，从多到少",
            falling(dict(Counter(x["科室"] for x in c))),
            True,
        ),
        (
            "clinic.csv",
            "六十岁以上（含）病人的平均费用是多少？没有费用的不算",
            fmean(x["费用"] for x in filled if x["年龄"] >= 60),
            False,
        ),
        (
            "clinic.csv",
            "费用最高的五次就诊的病历号和费用",
            [[x["病历号"], x["费用"]] for x in sorted(filled, key=lambda x: -x["费用"])[:5]],
            False,
        ),
        (
            "clinic.csv",
            "每位医生的复诊占比，用百分数表示，保留一位小数",
            {
                d: round(
                    100
                    * sum(x["复诊"] == "是" for x in c if x["医生"] == d)
                    / sum(x["医生"] == d for x in c),
                    1,
                )
                for d in sorted({x["医生"] for x in c})
            },
            False,
        ),
        (
            "clinic.csv",
            "二月儿科一共收了多少费用？",
            sum(x["费用"] for x in filled if x["科室"] == "儿科" and x["就诊日期"][5:7] == "02"),
            False,
        ),
        (
            "clinic.csv",
            "哪个月就诊的人最多？",
            Counter(x["就诊日期"][:7] for x in c).most_common(1)[0][0],
            False,
        ),
        (
            "harvest.csv",
            "2023年各农场的总产量比2022年多了多少吨？",
            {
                a: total([x for x in h if x["年份"] == 2023], "农场", "产量吨")[a]
                - total([x for x in h if x["年份"] == 2022], "农场", "产量吨")[a]
                for a in sorted({x["农场"] for x in h})
            },
            False,
        ),
        (
            "harvest.csv",
            "亩产最高的是哪个农场哪一年的什么作物",
            [(b := max(h, key=lambda x: x["产量吨"] / x["面积亩"]))["农场"], b["年份"], b["作物"]],
            False,
        ),
        (
            "harvest.csv",
            "小麦每年的总面积",
            total([x for x in h if x["作物"] == "小麦"], "年份", "面积亩"),
            False,
        ),
        ("harvest.csv", "产量不到20吨的记录有几条？", sum(x["产量吨"] < 20 for x in h), False),
        (
            "channels.csv",
            "各渠道的转化率（订单除以访客），由高到低",
            falling({a: ordered[a] / visitors[a] for a in visitors}),
            True,
        ),
        (
            "channels.csv",
            "平均每单广告费最低的渠道是哪个",
            min(ordered, key=lambda a: total(k, "渠道", "广告费")[a] / ordered[a]),
            False,
        ),
        (
            "channels.csv",
            "第二季度的广告费合计",
            sum(x["广告费"] for x in k if x["月份"] >= "2024-04"),
            False,
        ),
    ]
    return [
        {"id": f"dev-{language}-{at:02}", "part": "development", "language": language,
         "files": {"data": file}, "text": text, "expected": expected, "ordered": ordered}
        for language, rows in (("en", english), ("zh", chinese))
        for at, (file, text, expected, ordered) in enumerate(rows, 1)
    ]  # fmt: skip


def main() -> None:
    files = HERE / "files"
    files.mkdir(exist_ok=True)
    tables = {"rentals": RENTALS, "clinic": CLINIC, "harvest": HARVEST, "channels": CHANNELS}
    for name, rows in tables.items():
        with (files / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    lines = "".join(json.dumps(row) + "\n" for row in FLIGHTS)
    (files / "flights.jsonl").write_text(lines, "utf-8")
    (files / "library.json").write_text(json.dumps(LIBRARY, indent=1), "utf-8")
    said = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in texts())
    (HERE / "texts.jsonl").write_text(said, "utf-8")


if __name__ == "__main__":
    main()
