# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def register_pet(name: str, species: Literal["cat", "dog", "rabbit"], age_years: float, vaccinated: bool = False) -> dict:
    """给宠物办理登记。

    name: 宠物的名字
    species: 种类，"cat" 猫，"dog" 狗，"rabbit" 兔子
    age_years: 年龄，单位岁，可以是小数
    vaccinated: 是否打过疫苗，默认没有
    """
    fee = {"cat": 40, "dog": 80, "rabbit": 20}[species] + (0 if vaccinated else 30)
    return {"name": name, "species": species, "age_months": round(age_years * 12),
            "vaccinated": vaccinated, "fee": fee}
