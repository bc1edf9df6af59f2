# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def rectangle_area(length_m: float, width_m: float) -> float:
    """长方形的面积，单位平方米。

    length_m: 长，单位米
    width_m: 宽，单位米
    """
    return round(length_m * width_m, 4)
