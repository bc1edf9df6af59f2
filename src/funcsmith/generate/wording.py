"""What the wording of a text tells before any model reads it: does it describe, ask, or only tell?"""

from __future__ import annotations

import re
from functools import lru_cache

_DESCRIBES = re.compile(
    r"给定|给出一个|写(一)?个|写一段|编写|编一个|实现|设计|函数|方法|"
    r"(输入|接收|接受|传入)(一个|两个|若干|多个|字符串|列表|整数|数组|数字)|"
    r"(判断|求|计算|统计|检查|返回|反转|找出|把|将|对)(任意)?一个|"
    r"\b(write|implement|create|define|make|build|code) (me )?(a|an|the|some)?\s*"
    r"(small |simple |short |python |helper )*(function|method|program|routine|script|code)|"
    r"\bfunction (that|which|to|for|taking|returning)|\bgiven (a|an|two|three|some|any|the)\b|"
    r"\b(takes?|taking|accepts?|receives?) (a|an|two|three|in|some|any|as)\b|"
    r"\b(checks?|determines?|tests?|returns?|computes?|calculates?|counts?|finds?|reverses?|sorts?) "
    r"(whether |if |for )?(a|an|any)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"我的|我有|我家|帮我算|一共|多少钱|\b(my|our|I|we|me)\b")


def describes(text: str) -> bool:
    """Whether the text describes a function rather than asks for one result.

    «给定一个正整数 n，输出 n 的阶乘。» describes; «我的 BMI 是多少» asks.
    """
    return bool(_DESCRIBES.search(text)) and not _ASKS.search(text)


_REQUEST = re.compile(
    r"[?？吗]|呢(?![。！!])|多少|几[个天点时岁次]|帮|请|给我|我要|我想|想要|需要|麻烦|[订查算设发改换转加买约]一?[个张下条份]|提醒|(?<![了过])一下(?!子)|赶[紧快]|"
    r"把[^。！？]+[换改变转写排拆译翻]成?(?![^。！？]*了)|"
    r"[找叫派来租寄][一两三]?[个人杯份辆间件]|登记一|安排一|预[约订定](?!了)|"
    r"\b(please|need|want|would like|can you|could you|let'?s|should|must|how|what|which|when|where)\b|"
    # A sentence that begins with a bare verb.
    r"(?:^|[.!?;,]\s+)(?:(?:hi|hello|hey|ok|okay|so|well|now|then|and|also)\W+)*(?:rent|book|order"
    r"|reserve|set|put|add|send|remind|convert|calculate|compute|work out|tell|show|find|give|make|turn"
    r"|switch|schedule|cancel|buy|get|wake|start|stop|water|wash|log|record|register|bill|invoice|email"
    r"|text|call|translate|sort|count|list|split|check|search|plan|pay|transfer|ship|deliver|mark|tag"
    r"|save|draw|mask|hide|reverse|replace|round|sum|divide|multiply|subtract|stick|dim|lock|play)\b(?!\s+(?:me|us) off)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"了|过|[很挺真太好]|从来|一向|总是|经常|最近|已经|昨|上[周个次]|以前|"
    r"\b(was|were|had|have|has|did|went|bought|got|took|felt|saw|came|is|are|am|yesterday|last)\b|\w+ed\b",
    re.IGNORECASE,
)


def tells(text: str) -> bool:
    """Whether the text looks as if it only tells something: past or opinion, and no request.

    >>> tells("我最近迷上了爵士乐"), tells("放点爵士乐"), tells("The room was small.")
    (True, False, True)
    """
    return bool(_TOLD.search(_unquoted(text))) and not requests(text)


def requests(text: str) -> bool:
    """Whether the text asks for something: a question, a please, a verb of wanting."""
    return bool(_REQUEST.search(_unquoted(text)))


def _unquoted(text: str) -> str:
    """The text without what it quotes; one that stands in quotation marks itself is whole."""
    return _QUOTED.sub("", text) if _QUOTED.sub("", text).strip(" .。") else text


_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"|(?<![a-z])'[^']*'(?![a-z])")
"""What is quoted is material; its words neither tell nor ask."""


_ASIDE = re.compile(
    r"(?:(?<=[。！？!?.;；，,\s])|^)(?:对了|顺便(?:说|提)一[下句]|另外说一句|上一?[次回]|上回|"
    r"by the way|btw|incidentally|last time)[^。！？!?]*?(?:[。！？!?]|\.(?:\s|$)|$)",
    re.IGNORECASE,
)


_COMPARES = re.compile(
    r"这[次回]|现在(?!肯定|已经)|如今|今年|[比较差]|[涨降增减][了到幅]|"
    r"\b(?:this (?:time|year|month|week)|now|than|more|less|compared?|difference|increase|decrease"
    r"|change)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:[^，,。！？；;!?.]|(?<=\d)[.,](?=\d))+?(?:[，,。！？；;!?]|\.(?=\s|$)|(?=\s(?:while|whereas|but|although|though)\b)"
    r"|(?=而(?!且)|但|不过)|$)",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"同事|(?<!小)朋友|邻居|室友|(?<!每个)(?<!每位)同学(?!们)|隔壁|别人|人家|老[张王李刘陈赵](?=家|的)|旁边(?=那|的)|另[外]?一[个件台间家位款]|"
    r"\b(?:friend|colleague|co-?worker|neighbou?r|room-?mate|flat-?mate|classmate|team-?mate|cousin|boss)"
    r"(?:'s|s'|s)?\b|\bnext door\b|\bsomeone else\b",
    re.IGNORECASE,
)
"""Someone or something else, whose figures are no answer to what is asked."""


@lru_cache(8)
def asides(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches that speak of something else: what was last time, a friend's, by the way.

    What compares last time with this time is no aside, nor is what holds all the figures there are.

    >>> text = "Book a room for two. By the way, last week we were 5."
    >>> [text[a:b] for a, b in asides(text)]
    ['By the way, last week we were 5.']
    >>> text = "I ran for 48 minutes while my friend did 10 km. What's my pace?"
    >>> [text[a:b] for a, b in asides(text)]
    [' while my friend did 10 km.']
    """
    found = [m.span() for m in _ASIDE.finditer(text) if not _COMPARES.search(m.group())]
    if not _COMPARES.search(text):
        found += _others(text)
    if sum(end - start for start, end in found) * 4 > len(text) * 3:
        return ()
    return tuple(found)


def _others(text: str) -> list[tuple[int, int]]:
    """Clauses with figures of someone else, where others have figures of their own."""
    clauses = [(m.start(), m.end()) for m in _CLAUSE.finditer(text)]
    theirs = [c for c in clauses if _ANOTHER.search(text[slice(*c)])]
    own = [c for c in clauses if c not in theirs]
    asked = any(_ASKED.search(text[slice(*c)]) for c in theirs)
    if asked or any(_REFERS.search(text[slice(*c)]) for c in own):
        return []
    if not any(_FIGURE.search(text[slice(*c)]) for c in own):
        return []
    return [c for c in theirs if _FIGURE.search(text[slice(*c)])]


_ASKED = re.compile(r"[?？吗帮请算]|多少|\b(?:for|with|give|send|tell|book)\b", re.IGNORECASE)
_REFERS = re.compile(
    r"[他她它]|\b(?:it|that|him|her|his|their|them|they|both|together)\b|一共|总共|平均"
)
_FIGURE = re.compile(
    r"\d|[一二两三四五六七八九十百千万半]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand|half|dozen)\b",
    re.IGNORECASE,
)


_WANTS_SEVERAL = re.compile(
    r"字典|列出|列成|列表|排序|排[一个]?[下队]|从[大高多长早]到[小低少短晚]|从[小低少短早]到[大高多长晚]|"
    r"是谁|哪[位人天个几]|\b(?:dict(?:ionary)?|sort(?:ed)?|list (?:the|all|every|them)|who|which)\b",
    re.IGNORECASE,
)


def wants_no_number(text: str) -> bool:
    """Whether the text asks for a list, a mapping, a name or a day, which no number can be.

    >>> wants_no_number("两科总分最高的是谁？"), wants_no_number("平均分是多少？")
    (True, False)
    """
    return bool(_WANTS_SEVERAL.search(_unquoted(text)))


_JOINS = re.compile(
    r"[,;，；、\n]|[.。!?！？](?=\s*\S)|和|与|與|及|跟|还|還|再|又|也|同时|各|分别|然后|接着|"
    r"\b(?:and|or|also|then|plus|both|each|as well|respectively|versus|vs|while|after|before|next"
    r"|additionally|another|too|twice)\b|[&/]",
    re.IGNORECASE,
)


def joins(text: str) -> bool:
    """Whether the text may ask for more than one thing: it has a word or a mark that joins.

    >>> joins("北京和上海的天气"), joins("Weather in Paris?"), joins("Wake me at six, then at seven")
    (True, False, True)
    """
    return bool(_JOINS.search(text.strip()))


_REFERS_BACK = re.compile(
    r"结果|得数|得到的|算出的|它|这个数|该数|再|"
    r"\b(?:it|that|this|the (?:result|sum|total|product|answer|difference|quotient|amount)|outcome)\b",
    re.IGNORECASE,
)


def refers(text: str) -> bool:
    """Whether the text may speak of what an earlier step of it gives.

    >>> refers("3 加 4，再乘以 5"), refers("Add 3 and 4, then double it"), refers("Send 3 kg to Lyon")
    (True, True, False)
    """
    return bool(_REFERS_BACK.search(text))


__all__ = ["asides", "describes", "joins", "refers", "requests", "tells", "wants_no_number"]
