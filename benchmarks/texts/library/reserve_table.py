# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def reserve_table(people: int, date: str, time: str, seating: Literal["hall", "window", "private"] = "hall", high_chair: bool = False) -> dict:
    """在餐厅预订座位。

    people: 用餐人数，大人小孩都算
    date: 日期，格式 YYYY-MM-DD
    time: 到店时间，24 小时制 HH:MM
    seating: 位子，"hall" 大厅，"window" 靠窗，"private" 包间，默认大厅
    high_chair: 是否需要儿童椅，默认不需要
    """
    deposit = {"hall": 0, "window": 20, "private": 200}[seating]
    return {"people": people, "when": f"{date} {time}", "seating": seating,
            "high_chair": high_chair, "deposit": deposit}
