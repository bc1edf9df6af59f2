# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def loan_payment(principal: float, annual_rate: float, years: int) -> float:
    """等额本息贷款每个月要还的钱，单位元，保留两位小数。

    principal: 贷款本金，单位元
    annual_rate: 年利率，百分数，例如 4.2 表示 4.2%
    years: 还款年数，整数
    """
    months = years * 12
    rate = annual_rate / 100 / 12
    if rate == 0:
        return round(principal / months, 2)
    growth = (1 + rate) ** months
    return round(principal * rate * growth / (growth - 1), 2)
