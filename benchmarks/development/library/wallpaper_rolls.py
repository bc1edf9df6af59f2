# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
import math


def wallpaper_rolls(wall_width_m: float, wall_height_m: float, roll_area_m2: float = 5.3) -> int:
    """贴墙纸要买几卷。

    wall_width_m: 墙的总宽，米
    wall_height_m: 墙高，米
    roll_area_m2: 一卷能贴的面积，平方米
    """
    return math.ceil(wall_width_m * wall_height_m / roll_area_m2)
