# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def step_goal_days(steps: list[int], goal: int = 8000) -> int:
    """数一数有几天的步数达到了目标。

    steps: 每天的步数列表
    goal: 目标步数，达到或超过就算达标，默认 8000
    """
    return sum(1 for count in steps if count >= goal)
