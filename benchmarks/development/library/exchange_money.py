# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def exchange_money(amount: float, rate: float, fee_percent: float = 0) -> float:
    """按汇率换钱。

    amount: 要换的金额
    rate: 汇率，一单位换多少
    fee_percent: 手续费，百分数
    """
    return round(amount * rate * (1 - fee_percent / 100), 2)
