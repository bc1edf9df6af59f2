# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import date
from typing import Literal


def book_train(
    origin: str, destination: str, day: date, seat: Literal["second", "first", "sleeper"] = "second"
) -> dict[str, str]:
    """订火车票。

    origin: 出发城市
    destination: 到达城市
    day: 出发日期
    seat: "second" 二等座，"first" 一等座，"sleeper" 卧铺
    """
    return {"from": origin, "to": destination, "day": day.isoformat(), "seat": seat}
