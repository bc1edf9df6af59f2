# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def buy_cinema_tickets(film: str, date: str, adults: int, children: int = 0, screen: Literal["2D", "3D", "IMAX"] = "2D") -> dict:
    """购买电影票，返回订单和总价。

    film: 电影的名字
    date: 观影日期，格式 YYYY-MM-DD
    adults: 成人票的张数
    children: 儿童票的张数，半价，默认 0
    screen: 影厅制式，"2D"、"3D" 或 "IMAX"，默认 2D
    """
    price = {"2D": 40, "3D": 50, "IMAX": 70}[screen]
    return {"film": film, "date": date, "adults": adults, "children": children,
            "screen": screen, "total": adults * price + children * price / 2}
