# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def log_expense(amount_yuan: float, category: Literal["food", "transport", "shopping", "medical"], date: str, reimbursable: bool = False) -> str:
    """记一笔支出。

    amount_yuan: 金额，单位元
    category: 类别，"food" 餐饮，"transport" 交通，"shopping" 购物，"medical" 医药
    date: 花钱的日期，格式 YYYY-MM-DD
    reimbursable: 是否可以报销，默认不可以
    """
    mark = "可报销" if reimbursable else "自费"
    return f"{date} {category} {amount_yuan:.2f} {mark}"
