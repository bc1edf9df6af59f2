# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def add_tags(title: str, tags: list[str]) -> str:
    """给一篇笔记加上标签，返回带标签的标题。

    title: 笔记的标题
    tags: 标签的列表，不带 # 号
    """
    return title + "".join(f" #{tag}" for tag in tags)
