"""Count words: what 3 瓶, 五位 and "2 nights" count."""

from __future__ import annotations

from functools import cache

# Chinese count words stand for themselves, but for those that an English word names as well.
SHARED = {
    "person": "人 位 名 people person persons guests guest passengers passenger travellers"
    " travelers", "night": "晚 夜 晚上 nights night", "岁": "周岁 years_old year_old years-old"
    " year-old yo y/o 虚岁", "个": "", "次": "回 遍 趟 times", "倍": "times fold",
    "件": "item items piece pieces pcs pc", "箱": "box boxes case cases crate crates",
    "瓶": "bottle bottles", "张": "ticket tickets sheet sheets", "间": "room rooms",
    "页": "page pages", "步": "step steps", "星": "star stars 颗星 星级", "份": "copy copies"
    " serving servings portion portions", "杯": "glass glasses cups", "包": "pack packs packet"
    " packets", "行": "row rows line lines", "列": "column columns", "字": "word words 个字 字符"
    " character characters", "分": "point points score 分数", "位数": "digits digit 位小数",
    "成人": "adult adults 个大人 大人 位成人 名成人 个成人 位大人", "儿童": "child children kid kids 个小孩 小孩"
    " 个孩子 孩子 位儿童 名儿童 个儿童 个小朋友", "期": "instalments installments",
}  # fmt: skip
SINGLE = (
    "个本条只辆台碗袋套双对章层楼级门座棵头匹支枝把颗粒块片段句项组批桶罐串根架艘家股票圈轮局场集首"
    "班户口题道朵面幅顿盒听卷盘壶盆篮筐扇栋幢盏尊枚笔桩宗则篇课节种类款样瓣滴束叠排群环档维阶"
)
_MORE = "人次 人份 平台 个点 床位 车次 学分 学时 课时 公里数 进制 个人 口人 家人 点儿"


def find_count(lowered: str, start: int) -> tuple[str, int] | None:
    """The count word at this place and where it ends.

    >>> find_count("3 位客人", 2), find_count("2 nights", 2)
    (('person', 3), ('night', 8))
    """
    for length in range(min(10, len(lowered) - start), 0, -1):
        end = start + length
        unit = _names().get(lowered[start:end])
        if unit is None:
            continue
        last, following = lowered[end - 1], lowered[end : end + 1]
        if last.isascii() and following.isascii() and (following.isalnum() or following == "_"):
            continue
        return unit, end
    return None


@cache
def _names() -> dict[str, str]:
    names = {char: char for char in SINGLE}
    names |= {word: word for word in _MORE.split()}
    for unit, aliases in SHARED.items():
        for alias in (unit, *aliases.split()):
            names.setdefault(alias.replace("_", " "), unit)
    return names | {"个人": "person", "口人": "person", "夜": "night", "人": "person"}
