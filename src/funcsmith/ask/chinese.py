"""Chinese sentences: the question's own words, with the value where the question word stood.

Chinese asks in place («一共要多少钱» – «一共要 15 元»), so one rule carries most of it: find the only
question word, see whether the value can stand there, and put it in.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .spoken import Said, spoken_with
from .stated import unit_of

Unit = Callable[[str], str | None]
"""The stated unit of "money", "time", "length" …, or None."""

_OPENING = re.compile(
    r"^(?:你好|您好|请问一?下?|请|麻烦[你您]?|帮我|帮忙|给我|[你您]?(?:能不能|能否|可以)(?=帮|告诉)|告诉我|"
    r"我?想(?:要)?(?:知道|问问?|了解)(?:一下)?|看看|查一下|算一下|算算|算一算|计算一下|问一下|问)[，,：:、 ]*"
)
_ENDING = re.compile(r"[\s?？。.!！~～]*(?:[呢呀啊哦嘛]?[\s?？。.!！~～]*)$")
_SENTENCES = re.compile(r"[^。！？!?\n；;]+[。！？!?\n；;]*")
_QUESTION = re.compile(
    r"百分之(?:多少|几)|多少|什么时候|什么|哪一?天|哪一?年|哪一?个|哪些|谁|多长时间|多[久远重高长宽厚深大快](?!于|边|度|数)|"
    r"(?:星期|周|礼拜)几|几月几[号日]|几[号日]|几点(?:几分|钟)?|(?<![十百千好])几(?![乎何十百千])"
)
_BEYOND = re.compile(r"怎么|为什么|为何|如何|哪里|哪儿")
_A_NOT_A = re.compile(
    r"(?P<verb>[^\W\d]{1,2})不(?P=verb)|(?P<has>有没有)|(?P<whether>是否|能否|可否)"
)
_JUDGE = re.compile(r"^(?:判断|检查|检验|确认|验证|判定|看看)(?:一下)?")
_NEGATED = re.compile(r"是|能够?|可以|会|有|在(?!内)|够|相等|等于|大于|小于|属于|包含|互质")
_WORKED_OUT = re.compile(
    r"^(?:求出?|计算出?|算出?|返回|输出|得出|得到|找出|统计|给出|列出|求解)(?:一下)?"
)
_INTO = "转换(?:成|为)|换算(?:成|为)|兑换(?:成|为)|折合(?:成|为)?|换成|转成|转为|化成|化为|变成"
_CONVERTED = re.compile(f"^(?:把|将)?(?P<what>.+?)(?:{_INTO})(?P<into>.+)$")
_SUM = re.compile(
    r"[-\d.( ]+(?:(?:乘以?|加上?|减去?|除以|[-+×÷*/^])[-\d.() ]+)+(?:的(?:和|差|积|商))?"
)
_UNIT_ALONE = re.compile("[，,] *(?:请|结果)?(?:以|用)[^，,]{1,6}(?:为单位|表示|计)$")
_MEASURES = {
    "久": ("time",), "远": ("length",), "重": ("mass",), "高": ("length",), "长": ("length",),
    "宽": ("length",), "厚": ("length",), "深": ("length",), "大": ("area", "volume"),
    "快": ("speed",),
}  # fmt: skip


def sentence(text: str, said: Said, unit: Unit) -> str | None:
    """The answer as one sentence; None where no good one can be made.

    >>> from .spoken import said_of
    >>> sentence("5 的阶乘是多少？", said_of(120, "zh"), lambda _: None)
    '5 的阶乘是 120。'
    """
    asked = _asked(text)
    if asked is None or "\n" in said.text or not said.whole or said.kind in _UNSAID:
        return None
    if said.kind == "boolean":
        return _yes_or_no(asked, said)
    if _BEYOND.search(asked) or asked.endswith("吗") or _A_NOT_A.search(asked):
        return None
    words = list(_QUESTION.finditer(_without_quotes(asked)))
    if len(words) == 1:
        return _in_place(asked, words[0], said, unit)
    return None if words else _named(asked, said)


_UNSAID = frozenset(["none", "table", "mapping", "figure", "other"])


def _asked(text: str) -> str | None:
    """The sentence that asks, without politeness; the last one that has a question in it."""
    found = [one.group().strip() for one in _SENTENCES.finditer(text) if one.group().strip()]
    if not found:
        return None
    asking = [one for one in found if _QUESTION.search(one) or "吗" in one or _A_NOT_A.search(one)]
    said = (asking or found)[-1]
    said = _ENDING.sub("", said)
    while (opening := _OPENING.match(said)) and opening.end() < len(said):
        said = said[opening.end() :]
    return _turned(said) or None


def _turned(said: str) -> str:
    """The asker is spoken to: 我 becomes 您."""
    hidden = _without_quotes(said)
    return "".join(
        "您" if c == "我" and hidden[at] == "我" and hidden[at - 1 : at] != "自" else c
        for at, c in enumerate(said)
    ).replace("您们", "你们")


def _without_quotes(said: str) -> str:
    """The same length, with blanks for what is quoted: 多少 in quotes asks for nothing."""
    return re.sub(
        "“[^”]*”|«[^»]*»|「[^」]*」|‘[^’]*’|'[^']*'|\"[^\"]*\"", lambda m: " " * len(m[0]), said
    )


def _yes_or_no(asked: str, said: Said) -> str | None:
    asked = _JUDGE.sub("", asked).strip()
    hidden = _without_quotes(asked)
    either = _A_NOT_A.search(hidden)
    if either is not None:
        verb = either["verb"] or ("有" if either["has"] else either["whether"][0])
        # 能否, 可否: the word that says it is longer than its first character.
        verb = {"可": "可以"}.get(verb, verb)
        no = "没有" if verb == "有" else f"不{verb}"
        if either["whether"] == "是否" and (after := _NEGATED.match(hidden, either.end())):
            verb, end = after[0], after.end()
            no = "没有" if verb == "有" else f"不{verb}"
        elif either["whether"] == "是否":
            verb, no, end = "", "不", either.end()
        else:
            end = either.end()
        before, after_words = asked[: either.start()], asked[end:].removesuffix("吗")
        stated = f"{before}{verb if said.value else no}{after_words}".strip()
        return f"{'是的' if said.value else '不'}，{stated}。"
    if not asked.endswith("吗"):
        return None
    stated = asked[:-1]
    if said.value:
        return f"是的，{stated}。"
    found = list(_NEGATED.finditer(_without_quotes(stated)))
    if len(found) != 1:
        return "答案是否定的。"
    at = found[0]
    no = "没有" if at[0] == "有" else f"不{at[0]}"
    return f"不，{stated[: at.start()]}{no}{stated[at.end() :]}。"


def _in_place(asked: str, word: re.Match[str], said: Said, unit: Unit) -> str | None:
    start, end = word.span()
    value = _fitting(asked, word, said, unit)
    if value is None:
        return None
    shown, taken = value
    if re.search(_INTO, asked[:start]) and (taking := re.match("[把将] *", asked)):
        start, end = start - taking.end(), end - taking.end()
        asked = asked[taking.end() :]
    asked = _UNIT_ALONE.sub("", asked)
    into = re.search(f"(?:{_INTO})(?P<unit>[^，,]+)是$", asked[:start])
    if said.kind == "number" and end == len(asked) and into and unit_of(into["unit"]):
        shown = f"{shown} {into['unit'].strip()}"
    if word[0] == "哪些" and asked[end:]:
        if said.kind != "list":
            return None
        return f"{_spaced(asked[:start], '这些', asked[end:])}：{shown}。"
    return f"{_spaced(asked[:start], shown, asked[end + taken :])}。"


def _fitting(asked: str, word: re.Match[str], said: Said, unit: Unit) -> tuple[str, int] | None:
    """The value as it stands in the word's place, and how many characters behind it go."""
    after = asked[word.end() :]
    number = said.kind == "number"
    if word[0] == "多少" and after.startswith("钱"):
        money = unit("money") if number else None
        return (spoken_with(said, "zh", money), 1) if money else None
    if word[0].startswith("百分之"):
        return (f"{said.text}%", 0) if number and abs(said.value) > 1 else None
    if word[0] in ("多少", "几"):
        return _counted(after, said)
    if word[0] == "多长时间" or (word[0][0] == "多" and len(word[0]) == 2):
        if said.kind == "duration" or (said.kind == "text" and re.search(r"\d", said.text)):
            return said.text, 0
        kinds = ("time",) if word[0] == "多长时间" else _MEASURES[word[0][1]]
        known = next(filter(None, map(unit, kinds)), None) if number else None
        return (spoken_with(said, "zh", known), 0) if known else None
    if word[0][-1] == "几":  # 星期几
        named = said.kind == "text" and re.match("星期|周|礼拜", said.text)
        return (said.text, 0) if named else None
    if word[0].startswith("几点"):
        clock = said.kind in ("time", "datetime") or (
            said.kind == "text" and re.search(r"\d{1,2}[:：点]", said.text)
        )
        if clock:
            return said.text, 0
        whole = number and said.value == int(said.value) and 0 <= said.value <= 24
        return (f"{said.text} 点", 0) if whole and word[0] in ("几点", "几点钟") else None
    if word[0] in ("几号", "几日") and number:
        return f"{said.text} {word[0][1]}", 0
    if word[0] in _DAYS:
        day = said.kind in ("date", "datetime", "time") or (
            said.kind == "text" and re.search(r"\d", said.text)
        )
        year = word[0] in ("哪年", "哪一年") and number
        return (said.text + ("年" if year else ""), 0) if day or year else None
    if word[0] in ("什么", "哪个", "哪一个", "哪些", "谁"):
        if after and word[0] == "什么":
            return None
        if after and word[0] in ("哪个", "哪一个"):
            noun = re.match(r"(?!的)[^\W\d]{0,3}?(?=[是最比更])", after)
            return (said.text, noun.end()) if noun else None
        return (_quoted(said) if word[0] == "什么" else said.text), 0
    return None


_DAYS = frozenset(
    ["哪天", "哪一天", "哪年", "哪一年", "什么时候", "几月几号", "几月几日", "几号", "几日"]
)


def _counted(after: str, said: Said) -> tuple[str, int] | None:
    """多少 and 几: a number before its noun, anything where nothing follows."""
    if said.kind == "number":
        # A unit that the question names stands behind the number already.
        return said.text, 0
    if after:
        return None
    return (_quoted(said), 0) if said.kind in ("text", "list", "duration") else (said.text, 0)


def _named(asked: str, said: Said) -> str | None:
    """A thing that is named, or to be worked out: «5 的阶乘», «求圆的面积»."""
    converted = _CONVERTED.match(asked)
    if converted is not None and not re.search("[，,]", asked):
        what, into = converted["what"].strip(), converted["into"].strip()
        if unit_of(into) is not None and said.kind == "number":
            return f"{_spaced(what + '是', said.text, '')} {into}。"
        thing = re.sub("^[把将] *", "", asked)
        return f"{_spaced(thing + '是', _quoted(said), '')}。"
    if _SUM.fullmatch(asked):
        return f"{asked}等于 {said.text}。" if _han(asked[-1]) else f"{asked} 等于 {said.text}。"
    clause = re.split("[，,](?![0-9 ])", asked)[-1].strip()
    worked = _WORKED_OUT.match(clause)
    thing = clause[worked.end() :].strip() if worked else clause
    if worked is None and ("的" not in thing or clause != asked):
        return None
    if not thing or re.match("[把将从用对并每若如当给在]", thing) or thing.endswith(("的", "吧")):
        return None
    return f"{_spaced(thing + '是', _quoted(said), '')}。"


def _quoted(said: Said) -> str:
    return f"“{said.text}”" if said.kind == "text" else said.text


def _spaced(before: str, value: str, after: str) -> str:
    """The value among Chinese words: a blank where digits or letters meet them."""
    before, after = before.rstrip(), after.lstrip()
    left = " " if before and _han(before[-1]) and not _full(value[:1]) else ""
    right = " " if after and _han(after[0]) and not _full(value[-1:]) else ""
    return f"{before}{left}{value}{right}{after}"


def _han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _full(character: str) -> bool:
    return _han(character) or character in "“”「」（）"
