"""Make the files and the texts of `funcsmith evaluate data`; the answers are computed here by hand.

    python benchmarks/data/make.py          writes files/ and texts.jsonl
    python benchmarks/data/make.py --check  says whether they are what this makes

The answers come from the values below, never from the files and never through Funcsmith, so that a
reader's mistake cannot make itself right. Values are drawn with a seed. Needs openpyxl.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import random
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any

HERE = Path(__file__).parent
Rows = list[dict[str, Any]]


# The data


def sales() -> Rows:
    draw = random.Random(11)
    price = {"保温杯": 59.0, "台灯": 128.0, "雨伞": 35.5, "背包": 219.0}
    rows = []
    for _ in range(48):
        day = date(2024, 1, 1) + timedelta(days=draw.randrange(182))
        product = draw.choice(list(price))
        count = draw.randint(1, 40)
        rows.append(
            {
                "日期": day,
                "地区": draw.choice(["华东", "华南", "华北", "西南"]),
                "产品": product,
                "数量": count,
                "单价": price[product],
                "销售额": round(count * price[product], 2),
            }
        )
    return sorted(rows, key=lambda row: row["日期"])


def orders() -> Rows:
    draw = random.Random(12)
    rows = []
    for number in range(60):
        day = date(2023, 11, 1) + timedelta(days=draw.randrange(120))
        rows.append(
            {
                "order_id": f"A{1000 + number}",
                "customer_id": f"{draw.choice([1, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15]):04d}",
                "order_date": day,
                "amount": round(draw.uniform(12, 900), 2),
                "status": draw.choice(["paid", "paid", "paid", "refunded", "pending"]),
            }
        )
    return rows


def customers() -> Rows:
    draw = random.Random(13)
    names = ["Ada", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gus", "Hana", "Ivo", "Jo", "Kit", "Lea"]
    return [
        {
            "customer_id": f"{number:04d}",
            "name": name,
            "city": draw.choice(["Leeds", "York", "Bath"]),
            "segment": draw.choice(["private", "business"]),
        }
        for number, name in enumerate(names, 1)
    ]


def staff() -> Rows:
    draw = random.Random(14)
    names = (
        "王芳 李强 张敏 刘洋 陈静 杨帆 赵磊 黄丽 周涛 吴倩 徐明 孙悦 马超 朱琳 胡军 郭雪".split()
    )
    rows = []
    for number, name in enumerate(names, 1):
        rows.append(
            {
                "工号": f"{number:04d}",
                "姓名": name,
                "部门": draw.choice(["研发部", "市场部", "财务部"]),
                "入职日期": date(2016, 1, 1) + timedelta(days=draw.randrange(2900)),
                "月薪": draw.randrange(70, 320) * 100,
                "绩效": draw.choice(["A", "B", "B", "C", None]),
            }
        )
    rows[4]["月薪"] = None
    return rows


def grades() -> Rows:
    draw = random.Random(15)
    names = (
        "丁一 白露 方圆 石头 江流 安然 艾米 陆远 沈清 宋词 唐诗 叶子 林夏 何田 罗马 高兴".split()
    )
    rows = []
    for number, name in enumerate(names, 1):
        scores = {one: draw.randint(48, 100) for one in ("语文", "数学", "英语")}
        rows.append(
            {"学号": f"2024{number:02d}", "姓名": name, "班级": f"{1 + number % 3}班", **scores}
        )
    rows[2]["数学"] = None
    rows[9]["英语"] = None
    return rows


def products() -> Rows:
    draw = random.Random(16)
    names = ["Desk", "Chair", "Lamp", "Shelf", "Rug", "Sofa", "Mirror", "Clock", "Vase", "Stool",
             "Curtain", "Bench"]  # fmt: skip
    return [
        {
            "sku": f"P-{number:03d}",
            "name": name,
            "category": draw.choice(["furniture", "decor", "textile"]),
            "price": round(draw.uniform(9, 480), 2),
            "stock": draw.choice([0, 0, 3, 7, 15, 40]),
            "tags": draw.sample(["new", "sale", "eco", "oak", "blue"], draw.randint(0, 3)),
        }
        for number, name in enumerate(names, 1)
    ]


def company() -> dict[str, Any]:
    draw = random.Random(17)
    skills = ["Python", "SQL", "英语", "设计", "写作"]
    people = iter("钱多 冯唐 褚亮 卫东 蒋欣 韩梅 尤佳 许诺 施然 孔明 曹冲 严明".split())
    teams = []
    for team, size in (("数据组", 4), ("产品组", 3), ("运营组", 5)):
        members = [
            {"姓名": next(people), "年龄": draw.randint(22, 45),
             "技能": draw.sample(skills, draw.randint(1, 3))}
            for _ in range(size)
        ]  # fmt: skip
        teams.append({"名称": team, "成员": members})
    return {"公司": "函匠科技", "成立": 2019, "团队": teams}


def visits() -> Rows:
    draw = random.Random(34)
    rows = []
    moment = datetime(2024, 5, 6, 7, 30)
    for _ in range(70):
        moment += timedelta(minutes=draw.randint(1, 55))
        rows.append(
            {
                "time": moment,
                "user": f"u{draw.randint(1, 12)}",
                "page": draw.choice(["/home", "/pricing", "/docs", "/blog", "/signup"]),
                "seconds": draw.choice([None, *range(2, 300)])
                if draw.random() < 0.1
                else draw.randint(2, 300),
                "device": draw.choice(["mobile", "desktop"]),
            }
        )
    return rows


def expenses() -> Rows:
    draw = random.Random(19)
    rows = []
    for _ in range(40):
        rows.append(
            {
                "日期": date(2024, 3, 1) + timedelta(days=draw.randrange(92)),
                "类别": draw.choice(["餐饮", "交通", "住房", "娱乐", "医疗"]),
                "金额": round(draw.uniform(8, 2600), 2),
                "付款人": draw.choice(["爸爸", "妈妈"]),
                "备注": draw.choice(["", "", "报销", "现金", "信用卡分期"]),
            }
        )
    return sorted(rows, key=lambda row: row["日期"])


def weather() -> Rows:
    draw = random.Random(20)
    rows = []
    for day in range(30):
        for city, base in (("Oslo", 6), ("Porto", 18)):
            high = base + draw.randint(-4, 8)
            rows.append(
                {
                    "date": date(2024, 4, 1) + timedelta(days=day),
                    "city": city,
                    "high_c": high,
                    "low_c": high - draw.randint(3, 11),
                    "rain_mm": None
                    if draw.random() < 0.1
                    else draw.choice([0, 0, 0, 1.5, 4.2, 12.0]),
                }
            )
    return rows


def readings() -> list[list[Any]]:
    draw = random.Random(21)
    return [
        [f"S{draw.randint(1, 4)}", round(draw.uniform(18, 31), 1), draw.randint(30, 80)]
        for _ in range(36)
    ]


def budget() -> Rows:
    draw = random.Random(22)
    rows = []
    for month in ("Jan", "Feb", "Mar", "Apr"):
        for team in ("Sales", "IT", "HR"):
            planned = draw.randrange(20, 90) * 1000
            rows.append(
                {"Month": month, "Team": team, "Budget": planned,
                 "Actual": planned + draw.randrange(-9000, 9000, 250)}
            )  # fmt: skip
    return rows


def feedback() -> Rows:
    draw = random.Random(23)
    said = ["物流很快", "包装破损，需要退款", "质量不错", "客服态度好", "与描述不符，退款太慢",
            "一般般", "尺寸偏小", "下次还会再买", "味道很好", "有划痕，希望退款"]  # fmt: skip
    return [
        {"编号": number, "渠道": draw.choice(["APP", "网页", "电话"]), "评分": draw.randint(1, 5),
         "内容": draw.choice(said)}
        for number in range(1, 41)
    ]  # fmt: skip


def loans() -> Rows:
    draw = random.Random(24)
    titles = ["Dune", "Emma, a novel", 'The "Blue" Book', "Ulysses", "Walden\nor Life in the Woods",
              "Hamlet"]  # fmt: skip
    rows = []
    for _ in range(34):
        out = date(2024, 1, 1) + timedelta(days=draw.randrange(120))
        back = None if draw.random() < 0.3 else out + timedelta(days=draw.randint(2, 40))
        rows.append(
            {"title": draw.choice(titles), "reader": draw.choice(["Mia", "Noa", "Ola", "Pia"]),
             "borrowed": out, "returned": back}
        )  # fmt: skip
    return rows


def stock() -> Rows:
    draw = random.Random(25)
    goods = ["螺丝", "螺母", "垫片", "轴承", "齿轮", "皮带"]
    return [
        {"仓库": house, "商品": item, "库存": draw.randrange(0, 400, 5),
         "安全库存": draw.choice([50, 80, 120])}
        for house in ("一号仓", "二号仓", "三号仓")
        for item in goods
    ]  # fmt: skip


def contacts() -> Rows:
    draw = random.Random(26)
    names = ["Lu Wei", "Kim Roe", "Sam Orr", "Uma Das", "Ben Fox", "Zoe Lin", "Ray Ito"]
    rows = []
    for _ in range(22):
        name = draw.choice(names)
        host = draw.choice(["example.com", "mail.test", "corp.example"])
        rows.append({"name": name, "email": f"{name.replace(' ', '.').lower()}@{host}",
                     "phone": "0151 22334" if "ox" in name else ""})  # fmt: skip
    return rows


MANAGERS = [
    {"region": "华东", "manager": "顾城"},
    {"region": "华南", "manager": "舒婷"},
    {"region": "华北", "manager": "北岛"},
    {"region": "西南", "manager": "顾城"},
]

SALES, ORDERS, CUSTOMERS, STAFF, GRADES = sales(), orders(), customers(), staff(), grades()
PRODUCTS, COMPANY, VISITS, EXPENSES = products(), company(), visits(), expenses()
WEATHER, READINGS, BUDGET, FEEDBACK = weather(), readings(), budget(), feedback()
LOANS, STOCK, CONTACTS = loans(), stock(), contacts()


# The files


def delimited(rows: Rows, encoding: str, mark: str = ",", **shown: Any) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, lineterminator="\r\n")
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(
            [
                shown.get(key, lambda v: v)(value) if value is not None else ""
                for key, value in row.items()
            ]
        )
    return text.getvalue().encode(encoding)


def workbook(sheets: dict[str, list[list[Any]]], merged: Iterable[str] = ()) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    for area in merged:
        book.worksheets[0].merge_cells(area)
    book.properties.created = book.properties.modified = datetime(2024, 1, 1)
    packed = io.BytesIO()
    book.save(packed)
    return _without_times(packed.getvalue())


def _without_times(content: bytes) -> bytes:
    """The same zip with fixed times, so that it is the same bytes each time."""
    again = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist()):
            said = old.read(name)
            if name == "docProps/core.xml":
                said = b'<?xml version="1.0"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
            new.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), said)
    return again.getvalue()


def iso(rows: Rows) -> Rows:
    return [
        {k: v.isoformat() if isinstance(v, (date, datetime)) else v for k, v in row.items()}
        for row in rows
    ]


def files() -> dict[str, bytes]:
    staff_rows: list[list[Any]] = [["2024 年度员工信息表"], [], list(STAFF[0])]
    staff_rows += [list(row.values()) for row in STAFF]
    staff_rows.append(["合计", None, None, None, sum(r["月薪"] or 0 for r in STAFF), None])
    dumped = {"ensure_ascii": False, "indent": 1}
    return {
        "sales.csv": delimited(SALES, "gb18030", 日期=lambda d: f"{d.year}/{d.month}/{d.day}"),
        "orders.csv": delimited(
            ORDERS, "utf-8", ";", amount=lambda a: f"{a:.2f}".replace(".", ",")
        ),
        "customers.csv": delimited(CUSTOMERS, "utf-8-sig"),
        "staff.xlsx": workbook({"员工": staff_rows}, ["A1:F1"]),
        "grades.csv": delimited(GRADES, "utf-16"),
        "products.json": json.dumps(PRODUCTS, **dumped).encode(),
        "company.json": json.dumps(COMPANY, **dumped).encode(),
        "visits.jsonl": "".join(json.dumps(row) + "\n" for row in iso(VISITS)).encode(),
        "expenses.tsv": delimited(
            EXPENSES,
            "utf-8",
            "\t",
            日期=lambda d: f"{d.year}年{d.month}月{d.day}日",
            金额=lambda a: f"￥{a:,.2f}",
        ),
        "weather.csv": delimited(WEATHER, "cp1252", rain_mm=lambda r: r),
        "readings.csv": "".join(f"{a},{b},{c}\n" for a, b, c in READINGS).encode(),
        "budget.xlsx": workbook(
            {
                "2024": [list(BUDGET[0]), *[list(row.values()) for row in BUDGET]],
                "Notes": [["Prepared by", "Finance"], ["Currency", "EUR"]],
            }
        ),
        "feedback.jsonl": "".join(
            json.dumps(r, ensure_ascii=False) + "\n" for r in FEEDBACK
        ).encode(),
        "loans.csv": delimited(LOANS, "utf-8"),
        "stock.csv": delimited(STOCK, "gbk"),
        "contacts.csv": delimited(CONTACTS, "utf-8"),
        "managers.json": json.dumps(MANAGERS, ensure_ascii=False).encode(),
    }


# The texts


def total(rows: Rows, by: str, what: str) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for row in rows:
        found[row[by]] += row[what] or 0
    return {key: round(value, 2) for key, value in found.items()}


def falling(groups: dict[str, float]) -> dict[str, float]:
    return dict(sorted(groups.items(), key=lambda one: -one[1]))


def mean(rows: Rows, by: str, what: str) -> dict[str, float]:
    found = defaultdict(list)
    for row in rows:
        if row[what] is not None:
            found[row[by]].append(row[what])
    return {key: fmean(values) for key, values in found.items()}


def texts() -> Rows:
    made: Rows = []

    def add(part: str, language: str, file: str | dict[str, str], text: str, expected: Any,
            *accept: Any, ordered: bool = False, tolerance: float = 1e-6) -> None:  # fmt: skip
        given = {"data": file} if isinstance(file, str) else file
        row = {
            "id": f"{language}-{sum(one['language'] == language for one in made) + 1:02d}",
            "part": part, "language": language, "files": given, "text": text, "expected": expected,
        }  # fmt: skip
        if accept:
            row["accept"] = list(accept)
        if ordered:
            row["ordered"] = True
        if tolerance != 1e-6:
            row["tolerance"] = tolerance
        made.append(row)

    dev, blind = "development", "blind"
    by_region = total(SALES, "地区", "销售额")
    paid = [row for row in ORDERS if row["status"] == "paid"]

    # Chinese, development
    add(dev, "zh", "sales.csv", "各地区的销售额合计，从高到低", falling(by_region), ordered=True)
    add(dev, "zh", "sales.csv", "三月份一共卖出多少个背包？",
        sum(r["数量"] for r in SALES if r["日期"].month == 3 and r["产品"] == "背包"))  # fmt: skip
    add(
        dev,
        "zh",
        "staff.xlsx",
        "每个部门的平均月薪，没填的不算",
        mean(STAFF, "部门", "月薪"),
        tolerance=0.01,
    )
    add(dev, "zh", "staff.xlsx", "工龄最长的三个人是谁，按入职先后列出姓名",
        [r["姓名"] for r in sorted(STAFF, key=lambda r: r["入职日期"])[:3]], ordered=True)  # fmt: skip
    add(dev, "zh", "grades.csv", "数学不及格（低于60分）的同学名单，没有成绩的不算",
        [r["姓名"] for r in GRADES if r["数学"] is not None and r["数学"] < 60])  # fmt: skip
    add(dev, "zh", "expenses.tsv", "四月餐饮一共花了多少钱",
        round(sum(r["金额"] for r in EXPENSES if r["日期"].month == 4 and r["类别"] == "餐饮"), 2), tolerance=0.006)  # fmt: skip
    add(dev, "zh", "company.json", "会 Python 的有几个人？",
        sum("Python" in m["技能"] for t in COMPANY["团队"] for m in t["成员"]))  # fmt: skip
    add(dev, "zh", "feedback.jsonl", "内容里提到退款的反馈有几条",
        sum("退款" in r["内容"] for r in FEEDBACK))  # fmt: skip
    add(dev, "zh", "stock.csv", "哪些商品的库存低于安全库存？列出仓库、商品和缺多少，缺得多的排前面",
        *_shapes(sorted(([r["仓库"], r["商品"], r["安全库存"] - r["库存"]] for r in STOCK
                         if r["库存"] < r["安全库存"]), key=lambda x: -x[2])), ordered=True)  # fmt: skip
    add(dev, "zh", {"sales": "sales.csv", "managers": "managers.json"},
        "每位负责人（manager）管的地区一共卖了多少钱",
        _joined())  # fmt: skip

    # English, development
    add(dev, "en", "orders.csv", "Total amount of paid orders per month",
        {k: round(v, 2) for k, v in total([{**r, "m": f"{r['order_date']:%Y-%m}"} for r in paid], "m", "amount").items()},
        tolerance=0.006)  # fmt: skip
    add(dev, "en", {"orders": "orders.csv", "customers": "customers.csv"},
        "Total paid amount per customer city, highest first; leave out orders of unknown customers",
        _by_customer("city"), ordered=True, tolerance=0.006)  # fmt: skip
    add(dev, "en", "products.json", "Names of the products that are out of stock",
        [r["name"] for r in PRODUCTS if r["stock"] == 0])  # fmt: skip
    add(dev, "en", "products.json", "How many products have the tag sale?",
        sum("sale" in r["tags"] for r in PRODUCTS))  # fmt: skip
    add(dev, "en", "visits.jsonl", "Average seconds on each page, ignoring visits without a duration",
        mean(VISITS, "page", "seconds"), tolerance=0.01)  # fmt: skip
    add(dev, "en", "weather.csv", "What was the biggest difference between high and low in Oslo, and on which day?",
        *_widest("Oslo"))  # fmt: skip
    add(dev, "en", "readings.csv", "The first column is a sensor, the second a temperature: the highest temperature per sensor",
        {s: max(t for one, t, _ in READINGS if one == s) for s in sorted({r[0] for r in READINGS})})  # fmt: skip
    add(dev, "en", "budget.xlsx", "Which teams spent more than their budget over all four months?",
        [t for t in ("Sales", "IT", "HR") if total(BUDGET, "Team", "Actual")[t] > total(BUDGET, "Team", "Budget")[t]])  # fmt: skip
    add(
        dev,
        "en",
        "loans.csv",
        "How many books are still out?",
        sum(r["returned"] is None for r in LOANS),
    )
    add(dev, "en", "contacts.csv", "The distinct email addresses, sorted alphabetically",
        sorted({r["email"] for r in CONTACTS}), ordered=True)  # fmt: skip

    # Chinese, blind
    add(blind, "zh", "sales.csv", "按月统计销售额", {f"2024-{m:02d}": v for m, v in sorted(_by_month(SALES, "日期", "销售额").items())},
        {str(m): v for m, v in _by_month(SALES, "日期", "销售额").items()}, tolerance=0.006)  # fmt: skip
    add(blind, "zh", "sales.csv", "销售额最高的 5 笔，列出日期、产品和销售额",
        [[r["日期"].isoformat(), r["产品"], r["销售额"]] for r in sorted(SALES, key=lambda r: -r["销售额"])[:5]],
        ordered=True)  # fmt: skip
    add(blind, "zh", "sales.csv", "华东的销售额占全部的百分之几？保留一位小数",
        round(by_region["华东"] / sum(by_region.values()) * 100, 1))  # fmt: skip
    add(
        blind,
        "zh",
        "sales.csv",
        "每种产品的平均每单数量",
        mean(SALES, "产品", "数量"),
        tolerance=0.01,
    )
    add(blind, "zh", "sales.csv", "做一个地区和产品的交叉表，值是数量之和", *_pivot())
    add(
        blind,
        "zh",
        "staff.xlsx",
        "月薪超过两万的有几个人？",
        sum((r["月薪"] or 0) > 20000 for r in STAFF),
    )
    add(blind, "zh", "staff.xlsx", "谁没有绩效？给出工号和姓名",
        [[r["工号"], r["姓名"]] for r in STAFF if r["绩效"] is None])  # fmt: skip
    add(blind, "zh", "staff.xlsx", "2020年以后（含2020年）入职的人里，研发部有几个",
        sum(r["入职日期"].year >= 2020 and r["部门"] == "研发部" for r in STAFF))  # fmt: skip
    add(blind, "zh", "grades.csv", "每个人的总分，从高到低排，缺考的科目按 0 分算",
        dict(sorted(_sums().items(), key=lambda one: -one[1])), ordered=True)  # fmt: skip
    add(blind, "zh", "grades.csv", "各班英语的最高分", _best("班级", "英语"))
    add(blind, "zh", "grades.csv", "语文成绩的中位数是多少", median(r["语文"] for r in GRADES))
    add(blind, "zh", "expenses.tsv", "爸爸和妈妈各花了多少钱",
        total(EXPENSES, "付款人", "金额"), tolerance=0.006)  # fmt: skip
    add(blind, "zh", "expenses.tsv", "哪个类别花得最多？", max(total(EXPENSES, "类别", "金额").items(), key=lambda x: x[1])[0],
        list(max(total(EXPENSES, "类别", "金额").items(), key=lambda x: x[1])),
        dict([max(total(EXPENSES, "类别", "金额").items(), key=lambda x: x[1])]), tolerance=0.006)  # fmt: skip
    add(blind, "zh", "expenses.tsv", "单笔超过一千元的支出有哪些，给出日期和金额",
        [[r["日期"].isoformat(), r["金额"]] for r in EXPENSES if r["金额"] > 1000])  # fmt: skip
    add(blind, "zh", "company.json", "每个团队的平均年龄",
        {t["名称"]: fmean(m["年龄"] for m in t["成员"]) for t in COMPANY["团队"]}, tolerance=0.01)  # fmt: skip
    add(blind, "zh", "company.json", "年纪最大的成员叫什么",
        max((m for t in COMPANY["团队"] for m in t["成员"]), key=lambda m: m["年龄"])["姓名"])  # fmt: skip
    add(blind, "zh", "feedback.jsonl", "各渠道的平均评分，从低到高",
        dict(sorted(mean(FEEDBACK, "渠道", "评分").items(), key=lambda x: x[1])), ordered=True, tolerance=0.01)  # fmt: skip
    add(blind, "zh", "feedback.jsonl", "评分 1 到 5 各有多少条",
        dict(sorted(Counter(str(r["评分"]) for r in FEEDBACK).items())))  # fmt: skip
    add(blind, "zh", "stock.csv", "每个仓库的库存总量", total(STOCK, "仓库", "库存"))
    add(blind, "zh", "visits.jsonl", "用手机（mobile）访问的比例是多少",
        sum(r["device"] == "mobile" for r in VISITS) / len(VISITS),
        100 * sum(r["device"] == "mobile" for r in VISITS) / len(VISITS), tolerance=0.006)  # fmt: skip

    # English, blind
    add(
        blind,
        "en",
        "orders.csv",
        "How many orders are there for each status?",
        dict(Counter(r["status"] for r in ORDERS)),
    )
    add(blind, "en", "orders.csv", "The three largest orders: order id and amount",
        [[r["order_id"], r["amount"]] for r in sorted(ORDERS, key=lambda r: -r["amount"])[:3]])  # fmt: skip
    add(blind, "en", "orders.csv", "What percentage of all orders was refunded? Round to one decimal.",
        round(100 * sum(r["status"] == "refunded" for r in ORDERS) / len(ORDERS), 1))  # fmt: skip
    add(blind, "en", "orders.csv", "Sum of the amounts between 2023-12-01 and 2023-12-31",
        round(sum(r["amount"] for r in ORDERS if (r["order_date"].year, r["order_date"].month) == (2023, 12)), 2), tolerance=0.006)  # fmt: skip
    add(blind, "en", {"orders": "orders.csv", "customers": "customers.csv"},
        "Which customers in the customers table have never ordered? Give their names.",
        [c["name"] for c in CUSTOMERS if c["customer_id"] not in {o["customer_id"] for o in ORDERS}])  # fmt: skip
    add(blind, "en", {"orders": "orders.csv", "customers": "customers.csv"},
        "Average order amount per customer segment, only for known customers",
        _segments(), tolerance=0.01)  # fmt: skip
    add(blind, "en", "products.json", "Total stock value (price times stock) per category",
        {k: round(v, 2) for k, v in total([{**r, "value": r["price"] * r["stock"]} for r in PRODUCTS], "category", "value").items()},
        tolerance=0.02)  # fmt: skip
    add(blind, "en", "products.json", "The cheapest product in each category", *_cheapest())
    add(blind, "en", "products.json", "How often is each tag used, most frequent first?",
        falling(dict(Counter(t for r in PRODUCTS for t in r["tags"]))))  # fmt: skip
    add(blind, "en", "visits.jsonl", "Number of distinct users who visited /pricing",
        len({r["user"] for r in VISITS if r["page"] == "/pricing"}))  # fmt: skip
    add(blind, "en", "visits.jsonl", "How many visits were there per hour of the day?",
        dict(sorted(Counter(f"{r['time']:%H}" for r in VISITS).items())),
        dict(sorted(Counter(str(r["time"].hour) for r in VISITS).items())))  # fmt: skip
    add(blind, "en", "visits.jsonl", "Which user made the most visits?",
        _most(Counter(r["user"] for r in VISITS))[0], list(_most(Counter(r["user"] for r in VISITS))),
        dict([_most(Counter(r["user"] for r in VISITS))]))  # fmt: skip
    add(blind, "en", "weather.csv", "Average high per city in the second half of April (from the 16th on)",
        mean([r for r in WEATHER if r["date"].day >= 16], "city", "high_c"), tolerance=0.01)  # fmt: skip
    add(blind, "en", "weather.csv", "On how many days did it rain in Porto? Days without a reading don't count.",
        sum((r["rain_mm"] or 0) > 0 for r in WEATHER if r["city"] == "Porto"))  # fmt: skip
    add(
        blind,
        "en",
        "weather.csv",
        "How many rain readings are missing?",
        sum(r["rain_mm"] is None for r in WEATHER),
    )
    add(blind, "en", "budget.xlsx", "Difference between actual and budget for each month",
        {m: total(BUDGET, "Month", "Actual")[m] - total(BUDGET, "Month", "Budget")[m] for m in ("Jan", "Feb", "Mar", "Apr")})  # fmt: skip
    add(blind, "en", "budget.xlsx", "In which month did IT spend the most?",
        max((r for r in BUDGET if r["Team"] == "IT"), key=lambda r: r["Actual"])["Month"])  # fmt: skip
    add(blind, "en", "loans.csv", "The title that was borrowed most often, and how often",
        list(_most(Counter(r["title"] for r in LOANS))), dict([_most(Counter(r["title"] for r in LOANS))]))  # fmt: skip
    add(blind, "en", "loans.csv", "Average number of days until a book came back, for those that did",
        fmean((r["returned"] - r["borrowed"]).days for r in LOANS if r["returned"]), tolerance=0.01)  # fmt: skip
    add(blind, "en", "contacts.csv", "Remove duplicate rows and tell me how many remain",
        len({tuple(r.values()) for r in CONTACTS}))  # fmt: skip
    return made


def _most(counted: Counter[str]) -> tuple[str, int]:
    """The most frequent, which must be one alone."""
    (first, count), (_, second) = counted.most_common(2)
    assert count > second, counted
    return first, count


def _shapes(rows: list[list[Any]]) -> list[Any]:
    """Rows as they stand; a list of dictionaries is judged by its values in order."""
    return [rows]


def _joined() -> dict[str, float]:
    of = {row["region"]: row["manager"] for row in MANAGERS}
    return total([{**row, "manager": of[row["地区"]]} for row in SALES], "manager", "销售额")


def _by_customer(column: str) -> dict[str, float]:
    of = {row["customer_id"]: row for row in CUSTOMERS}
    known = [
        {**row, "by": of[row["customer_id"]][column]}
        for row in ORDERS
        if row["status"] == "paid" and row["customer_id"] in of
    ]
    return falling(total(known, "by", "amount"))


def _segments() -> dict[str, float]:
    of = {row["customer_id"]: row["segment"] for row in CUSTOMERS}
    known = [{**r, "by": of[r["customer_id"]]} for r in ORDERS if r["customer_id"] in of]
    return mean(known, "by", "amount")


def _widest(city: str) -> list[Any]:
    rows = [r for r in WEATHER if r["city"] == city]
    best = max(r["high_c"] - r["low_c"] for r in rows)
    days = [r["date"].isoformat() for r in rows if r["high_c"] - r["low_c"] == best]
    return [one for day in days for one in ([best, day], [day, best])] + [[best, days]]


def _by_month(rows: Rows, day: str, what: str) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for row in rows:
        found[row[day].month] += row[what]
    return {month: round(value, 2) for month, value in found.items()}


def _pivot() -> list[Any]:
    nested: dict[str, dict[str, int]] = defaultdict(dict)
    for row in SALES:
        line = nested[row["地区"]]
        line[row["产品"]] = line.get(row["产品"], 0) + row["数量"]
    names = list({row["产品"]: None for row in SALES})
    full = {region: {name: line.get(name, 0) for name in names} for region, line in nested.items()}
    turned: dict[str, dict[str, int]] = defaultdict(dict)
    for region, line in nested.items():
        for name, count in line.items():
            turned[name][region] = count
    flat = [
        [region, name, count] for region, line in nested.items() for name, count in line.items()
    ]
    rows = [{"地区": region, **line} for region, line in full.items()]
    return [dict(nested), full, dict(turned), flat, rows]


def _sums() -> dict[str, int]:
    return {r["姓名"]: sum(r[one] or 0 for one in ("语文", "数学", "英语")) for r in GRADES}


def _best(by: str, what: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in GRADES:
        if row[what] is not None:
            found[row[by]] = max(found.get(row[by], 0), row[what])
    return found


def _cheapest() -> list[Any]:
    best: dict[str, dict[str, Any]] = {}
    for row in PRODUCTS:
        if row["category"] not in best or row["price"] < best[row["category"]]["price"]:
            best[row["category"]] = row
    return [
        {key: row["name"] for key, row in best.items()},
        {key: row["sku"] for key, row in best.items()},
        best,
        list(best.values()),
        [[key, row["name"], row["price"]] for key, row in best.items()],
        {key: [row["name"], row["price"]] for key, row in best.items()},
        {key: {"name": row["name"], "price": row["price"]} for key, row in best.items()},
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    lines = [json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in texts()]
    made = {f"files/{name}": content for name, content in files().items()}
    made["texts.jsonl"] = "".join(lines).encode()
    different = []
    for name, content in made.items():
        path = HERE / name
        if options.check:
            if not path.exists() or path.read_bytes() != content:
                different.append(name)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    if different:
        print("not what this makes: " + ", ".join(different), file=sys.stderr)
        raise SystemExit(1)
    digest = hashlib.sha256(b"".join(made.values())).hexdigest()
    print(f"{len(lines)} texts over {len(made) - 1} files, {digest[:12]}")


if __name__ == "__main__":
    main()
