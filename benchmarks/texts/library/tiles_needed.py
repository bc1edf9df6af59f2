# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
import math


def tiles_needed(length_m: float, width_m: float, tile_cm: float, spare_percent: float = 0.0) -> int:
    """铺满长方形地面需要多少块正方形瓷砖，不足一块按一块算。

    length_m: 地面的长，单位米
    width_m: 地面的宽，单位米
    tile_cm: 瓷砖的边长，单位厘米
    spare_percent: 多备的损耗，百分数，例如 5 表示 5%，默认 0
    """
    tiles = length_m * width_m * 10000 / tile_cm ** 2
    return math.ceil(round(tiles * (1 + spare_percent / 100), 6))
