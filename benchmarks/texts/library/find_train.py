# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def find_train(origin: str, destination: str, date: str, seat: Literal["second", "first", "sleeper"] = "second") -> dict:
    """查询某一天两座城市之间的火车。

    origin: 出发城市
    destination: 到达城市
    date: 出发日期，格式 YYYY-MM-DD
    seat: 座位，"second" 二等座，"first" 一等座，"sleeper" 卧铺，默认二等座
    """
    prefix = {"second": "G", "first": "G", "sleeper": "Z"}[seat]
    number = int(date.replace("-", "")) % 900 + 100
    return {"train": f"{prefix}{number}", "origin": origin, "destination": destination,
            "date": date, "seat": seat}
