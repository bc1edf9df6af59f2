# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def average_score(scores: list[float], drop_lowest: bool = False) -> float:
    """求一组成绩的平均分，保留两位小数。

    scores: 各次成绩的列表
    drop_lowest: 是否先去掉一个最低分，默认不去
    """
    kept = sorted(scores)[1:] if drop_lowest else list(scores)
    return round(sum(kept) / len(kept), 2)
