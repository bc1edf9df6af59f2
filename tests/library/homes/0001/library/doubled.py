def doubled(x: int) -> int:
    return 2 * x
