"""What the wording of a text tells before any model reads it."""

from __future__ import annotations

import pytest

from funcsmith.generate.wording import asides, describes, requests, tells, wants_no_number


@pytest.mark.parametrize(
    "text", ["给定一个正整数 n，输出 n 的阶乘。", "Write a function that reverses a string."]
)
def test_describes(text: str) -> None:
    """A text that only describes a function asks for no particular result."""
    assert describes(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("昨天的晚会来了三百人。", True),
        ("We walked 12 km along the river.", True),
        ("三百人每桌坐十个，要几桌？", False),
        ("How far is 12 km in miles?", False),
        ("Please round 3.14159 to 2 digits.", False),
    ],
)
def test_tells(text: str, told: bool) -> None:
    """What only tells something asks for nothing; a request is no telling."""
    assert tells(text) is told


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("算算要付多少。上次是五十元，没打折。", ["上次是五十元，没打折。"]),
        ("算算要付多少。上次是五十元，这次贵两成。", []),
        ("How much is it? Last time it was 50, now it is 20% more.", []),
    ],
)
def test_comparison_is_no_aside(text: str, aside: list[str]) -> None:
    """What this time is measured against last time, last time's value counts."""
    assert [text[a:b] for a, b in asides(text)] == aside


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("我跑了 40 分钟，隔壁小王跑了 8 公里，我的配速是多少？", ["隔壁小王跑了 8 公里，"]),
        ("I ran 48 minutes while my friend did 10 km. Pace?", [" while my friend did 10 km."]),
        ("My boss earns 5000. What is 10% of it?", []),
        ("我和同事 2 个人，一共 300 块，同事出 100，我出多少？", []),
        ("24 颗糖分给 6 个小朋友，妈妈又买了 2 包，每人几颗？", []),
        ("Book a table for my friend and me, 2 people at 7", []),
        ("My neighbour's garden is 30 m long. How many square feet?", []),
    ],
)
def test_figures_of_someone_else_are_an_aside(text: str, aside: list[str]) -> None:
    """A friend's figures are no answer, unless they are all there are or are asked about."""
    assert [text[a:b] for a, b in asides(text)] == aside


@pytest.mark.parametrize(
    ("text", "told", "asked"),
    [
        ("把“苹果很甜，苹果很红”中的“苹果”都改成“西瓜”", False, True),
        ('Reverse "we were late"', False, True),
        ("他说「帮我一下」就走了", True, False),
        ("我把两本书都换成新的了", True, False),
        ("走了五公里，脚还疼呢。", True, False),
    ],
)
def test_what_is_quoted_is_material(text: str, told: bool, asked: bool) -> None:
    """Words inside a quotation neither tell nor ask."""
    assert (tells(text), requests(text)) == (told, asked)


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("按分数从高到低列出名字", True),
        ("两科总分最高的是谁？", True),
        ("Sort these scores", True),
        ("Who scored most?", True),
        ("平均分是多少？", False),
        ("把“排序列表”反过来", False),
        ("What is the average of the list?", False),
    ],
)
def test_what_no_number_answers(text: str, several: bool) -> None:
    """A list, an order or a name is wanted; a quotation wants nothing."""
    assert wants_no_number(text) is several
