# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def pass_rate(scores: list[float], pass_mark: float = 60) -> float:
    """及格率，百分数。

    scores: 各人的分数
    pass_mark: 及格线
    """
    return round(100 * sum(s >= pass_mark for s in scores) / len(scores), 2)
