def 阶乘(n: int) -> int:
    """n 的阶乘。

    n：正整数
    """
    return 1 if n < 2 else n * 阶乘(n - 1)
